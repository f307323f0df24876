//! What is stored is what is read.

use super::*;

#[test]
fn a_notice_lives() {
    let place = place();
    let mut store = Store::open(&place.db).unwrap();
    let now = at("2026-03-06T01:02:03Z");
    let first = reading("领取证书", NoticeKind::Pickup, &["计算机软件资格考试"]);

    // First sight.
    let mut settling = store.begin("gx").unwrap();
    let id = settling.new_notice(&entry(1), now).unwrap();
    let other = settling.new_notice(&entry(2), now).unwrap();
    assert_eq!(settling.next_window_id(id).unwrap(), format!("{id}-w1"));
    assert_eq!(settling.next_window_id(id).unwrap(), format!("{id}-w2"));
    let v = version("2026-03-06T01:02:03Z", PAGE, "d1", &first);
    assert_eq!(settling.add_version(id, &v).unwrap(), 1);
    let validators = Validators {
        etag: Some("\"e1\"".into()),
        last_modified: None,
    };
    settling.mark_fetched(id, &validators, now).unwrap();
    let list = settling
        .keep_list_page("https://rsks.example.cn/n/", None, b"<ul></ul>", now)
        .unwrap();
    let state = SourceState {
        last_visit: Some(now),
        last_good: Some(now),
        baseline_done: true,
        list_digest: Some(list.clone()),
        list_rows: Some(2),
        ..SourceState::default()
    };
    settling.set_source_state(&state).unwrap();
    let told = settling
        .append_event(
            at("2026-03-06T01:02:03.9Z"),
            Subject::Notice(id),
            "gx",
            "领取证书",
            "https://rsks.example.cn/n/1.html",
            Change::New,
            Some(first.clone()),
        )
        .unwrap();
    settling
        .record_visit(&visit("2026-03-06T01:02:03Z"))
        .unwrap();
    settling.commit().unwrap();
    assert_eq!(told.id.seq, 1);
    assert_eq!(told.at, now, "moments are whole seconds");

    // What is known.
    let known = store.known("gx").unwrap();
    assert_eq!(known.state, state);
    assert_eq!(known.notices.len(), 2);
    let one = &known.notices[0];
    let mut keys = one.keys.clone();
    keys.sort();
    assert_eq!(keys, ["rsks.example.cn/n/1.html", "trs:1"]);
    assert_eq!(one.notice.id, id);
    assert_eq!(one.notice.etag.as_deref(), Some("\"e1\""));
    assert_eq!(one.notice.last_fetched, Some(now));
    assert_eq!(one.notice.kind, Some(NoticeKind::Pickup));
    assert_eq!(one.notice.published, Some(day("2026-03-05")));
    let latest = one.notice.latest.clone().unwrap();
    assert_eq!((latest.n, latest.revision), (1, 1));
    assert_eq!(latest.reading, first);
    assert_eq!(store.raw(&latest.page).unwrap().as_deref(), Some(PAGE));
    assert_eq!(
        store.raw(&list).unwrap().as_deref(),
        Some(&b"<ul></ul>"[..])
    );
    assert_eq!(store.raw("00").unwrap(), None);
    assert_eq!(known.notices[1].notice.latest, None);
    assert_eq!(known.notices[1].recent, []);
    assert_eq!(store.known("nobody").unwrap().state, SourceState::default());

    // It changes, is read again, goes away.
    let second = reading("领取证书（更新）", NoticeKind::Pickup, &[]);
    let mut settling = store.begin("gx").unwrap();
    let later = at("2026-03-07T00:00:00Z");
    let v = version("2026-03-07T00:00:00Z", b"<p>new</p>", "d2", &second);
    assert_eq!(settling.add_version(id, &v).unwrap(), 2);
    let third = reading("领取证书（更新）", NoticeKind::Correction, &[]);
    settling
        .set_reading(id, &third, 2, "d2b", "更正后的文字")
        .unwrap();
    settling.set_gone_suspect(id, 2).unwrap();
    settling.set_gone(id, true).unwrap();
    settling.set_told(id).unwrap();
    settling.set_by_hand(id).unwrap();
    settling.set_unsteady(id, Some(later)).unwrap();
    let cut = Entry {
        title: "关于领取第1批…".into(),
        title_cut: true,
        published: None,
        url: "https://rsks.example.cn/new/1.html".into(),
        ..entry(1)
    };
    settling.update_row(id, &cut, later).unwrap();
    let file = KeptAttachment {
        href: "a.doc".into(),
        url: "https://rsks.example.cn/n/a.doc".into(),
        name: "委托书".into(),
        etag: None,
        last_modified: Some("Thu, 05 Mar 2026 00:00:00 GMT".into()),
        digest: Some("ab".into()),
        size: Some(123),
        seen_at: later,
    };
    settling.keep_attachment(id, &file).unwrap();
    settling.keep_attachment(id, &file).unwrap();
    // A key of another notice stays there.
    settling
        .add_keys(other, &["trs:1".into(), "trs:99".into()])
        .unwrap();
    settling.commit().unwrap();

    let notice = store.notice(id).unwrap().unwrap();
    assert_eq!(
        notice.title, "关于领取第1批资格证书的通知",
        "a cut title adds nothing"
    );
    assert_eq!(notice.published, Some(day("2026-03-05")));
    assert_eq!(notice.url, "https://rsks.example.cn/new/1.html");
    assert_eq!((notice.first_seen, notice.last_seen), (now, later));
    assert_eq!((notice.gone_suspect, notice.gone), (2, true));
    assert!(notice.told && notice.by_hand);
    assert_eq!(notice.unsteady_until, Some(later));
    assert_eq!(notice.kind, Some(NoticeKind::Correction));
    assert_eq!(store.attachments(id).unwrap(), [file]);
    let versions = store.versions(id).unwrap();
    assert_eq!(versions.iter().map(|v| v.n).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(versions[0].reading, third);
    assert_eq!(versions[0].revision, 2);
    assert_eq!(versions[1].reading, first);
    let recent = store.known("gx").unwrap().notices[0].recent.clone();
    assert_eq!(recent.len(), 2);
    assert_eq!(recent[0].article_digest, "d2b");
    assert_eq!(recent[1].at, now);
    let by_url = |key| store.notice_by_url(key).unwrap().map(|n| n.id);
    assert_eq!(by_url("trs:1"), Some(id));
    assert_eq!(by_url("trs:99"), Some(other));
    assert_eq!(by_url("trs:3"), None);

    // All of it is there after opening again, for a reader too.
    let before = store.known("gx").unwrap();
    drop(store);
    let store = Store::open_existing(&place.db).unwrap();
    assert_eq!(store.known("gx").unwrap(), before);
    assert_eq!(store.event(1).unwrap(), Some(told.clone()));
    assert_eq!(store.events_of(id).unwrap(), [told]);
    assert_eq!(
        store.visits("gx", 9).unwrap(),
        [visit("2026-03-06T01:02:03Z")]
    );
    assert!(
        store.doctor().unwrap().iter().all(|c| c.ok),
        "{:?}",
        store.doctor()
    );
}

#[test]
fn sources_and_hosts_are_remembered() {
    let place = place();
    let mut store = Store::open(&place.db).unwrap();
    let now = at("2026-03-06T01:02:03Z");
    let state = SourceState {
        last_visit: Some(now),
        fault: Some(Fault::new(Verdict::Blocked, "jsl", "a challenge").at("https://x.cn/")),
        fault_since: Some(now),
        fault_told_at: Some(now),
        list_etag: Some("e".into()),
        list_last_modified: Some("m".into()),
        not_before: Some(now),
        ..SourceState::default()
    };
    let robots = Robots {
        fetched_at: now,
        body: None,
    };
    let host = HostState {
        not_before: Some(now),
        failures: 3,
    };
    let mut settling = store.begin("sd").unwrap();
    settling.set_source_state(&SourceState::default()).unwrap();
    settling.set_source_state(&state).unwrap();
    settling.save_robots("x.cn", &robots).unwrap();
    settling.save_host_state("x.cn", &host).unwrap();
    settling.commit().unwrap();
    assert_eq!(
        store.source_states().unwrap(),
        [("sd".into(), state)].into()
    );
    assert_eq!(store.robots().unwrap(), [("x.cn".into(), robots)].into());
    assert_eq!(store.host_states().unwrap(), [("x.cn".into(), host)].into());
}

#[test]
fn a_list_page_keeps_only_its_latest_bytes() {
    let place = place();
    let mut store = Store::open(&place.db).unwrap();
    let now = at("2026-03-06T01:02:03Z");
    let mut keep = |body: &[u8]| {
        let mut settling = store.begin("gx").unwrap();
        let digest = settling.keep_list_page("u", None, body, now).unwrap();
        settling.commit().unwrap();
        digest
    };
    let (old, new) = (keep(b"one"), keep(b"two"));
    assert_eq!(store.raw(&old).unwrap(), None);
    assert_eq!(store.raw(&new).unwrap().as_deref(), Some(&b"two"[..]));
    assert_eq!(store.list_pages("gx").unwrap().len(), 1);
    assert_eq!(store.list_pages("gx").unwrap()[0].page, new);
}

#[test]
fn what_is_not_committed_never_was() {
    let place = place();
    let mut store = Store::open(&place.db).unwrap();
    let now = at("2026-03-06T01:02:03Z");
    let r = reading("领取证书", NoticeKind::Pickup, &[]);
    let mut settling = store.begin("gx").unwrap();
    let id = settling.new_notice(&entry(1), now).unwrap();
    let v = version("2026-03-06T01:02:03Z", PAGE, "d1", &r);
    settling.add_version(id, &v).unwrap();
    let event = settling
        .append_event(now, Subject::Notice(id), "gx", "t", "u", Change::New, None)
        .unwrap();
    drop(settling);
    assert_eq!(store.known("gx").unwrap().notices, []);
    assert_eq!(store.cursor().unwrap().seq, 0);
    assert_eq!(store.search("领取", 9).unwrap(), []);
    let mut settling = store.begin("gx").unwrap();
    let again = settling
        .append_event(
            now,
            Subject::Source("gx".into()),
            "gx",
            "t",
            "u",
            Change::Back,
            None,
        )
        .unwrap();
    settling.commit().unwrap();
    assert_eq!(again.id, event.id, "a number that nobody saw is not lost");
}
