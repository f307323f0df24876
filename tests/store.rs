//! The store: one story through its methods, and what must hold when something goes wrong.

use lingzheng::model::facts::{ExamRef, NoticeKind};
use lingzheng::model::{
    Change, Cursor, Date, Entry, Facts, Fault, Reading, Subject, Timestamp, Verdict,
};
use lingzheng::store::{
    EventFilter, Filter, HostState, Keep, KeptAttachment, NewVersion, Robots, RunLock, SourceState,
    Store, StoreError, Validators, Visit,
};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

const PAGE: &[u8] = "<html><body>证书领取时间：3月10日至20日</body></html>".as_bytes();

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn entry(n: u32) -> Entry {
    Entry {
        keys: vec![format!("trs:{n}"), format!("rsks.example.cn/n/{n}.html")],
        url: format!("https://rsks.example.cn/n/{n}.html"),
        title: format!("关于领取第{n}批资格证书的通知"),
        title_cut: false,
        published: Some(day("2026-03-05")),
        external: false,
    }
}

fn reading(title: &str, kind: NoticeKind, exams: &[&str]) -> Reading {
    Reading {
        facts: Facts {
            title: title.into(),
            kind,
            published: Some(day("2026-03-05")),
            exams: exams
                .iter()
                .map(|name| ExamRef {
                    name: (*name).into(),
                    year: Some(2025),
                    half: Some(2),
                })
                .collect(),
            ..Facts::default()
        },
        ..Reading::default()
    }
}

fn version<'a>(seen: &str, body: &'a [u8], digest: &'a str, r: &'a Reading) -> NewVersion<'a> {
    NewVersion {
        seen_at: at(seen),
        url: "https://rsks.example.cn/n/1.html",
        content_type: Some("text/html; charset=utf-8"),
        plain_http: false,
        body,
        article_digest: digest,
        text: "证书领取时间：3月10日至20日，地点在市民中心二楼。",
        reading: r,
        revision: 1,
    }
}

fn visit(seen: &str) -> Visit {
    Visit {
        at: at(seen),
        verdict: Verdict::Ok,
        rows: 20,
        fetched: 1,
        changed: 0,
        ms: 850,
    }
}

struct Place {
    _dir: tempfile::TempDir,
    db: PathBuf,
}

fn place() -> Place {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("state/lingzheng.db");
    Place { _dir: dir, db }
}

fn sum(path: &Path) -> String {
    format!("{:?}", Sha256::digest(fs::read(path).unwrap()))
}

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

#[test]
fn notices_are_found_by_their_words_and_marks() {
    let place = place();
    let mut store = Store::open(&place.db).unwrap();
    let now = at("2026-03-06T01:02:03Z");
    let rows = [
        ("gx", 1, NoticeKind::Pickup, "软考证书", "2026-03-05"),
        ("gx", 2, NoticeKind::Results, "软考成绩", "2026-03-04"),
        ("sd", 3, NoticeKind::Pickup, "一级建造师证书", "2026-03-03"),
        ("sd", 4, NoticeKind::Reissue, "补办证书", "2024-01-01"),
    ];
    for (source, n, kind, title, published) in rows {
        let mut settling = store.begin(source).unwrap();
        let row = Entry {
            title: title.into(),
            published: Some(day(published)),
            ..entry(n)
        };
        let id = settling.new_notice(&row, now).unwrap();
        let exams: &[&str] = match n {
            1 => &["计算机技术与软件专业技术资格考试"],
            3 => &["一级建造师"],
            _ => &[],
        };
        let r = reading(title, kind, exams);
        let v = version("2026-03-06T01:02:03Z", PAGE, "d", &r);
        settling.add_version(id, &v).unwrap();
        settling.commit().unwrap();
    }
    let all = Filter::default();
    let cases = [
        (all.clone(), vec![1, 2, 3, 4]),
        (
            Filter {
                sources: vec!["sd".into()],
                ..all.clone()
            },
            vec![3, 4],
        ),
        (
            Filter {
                kinds: vec![NoticeKind::Pickup],
                ..all.clone()
            },
            vec![1, 3],
        ),
        (
            Filter {
                since: Some(day("2026-03-04")),
                ..all.clone()
            },
            vec![1, 2],
        ),
        (
            Filter {
                limit: 1,
                ..all.clone()
            },
            vec![1],
        ),
        (
            Filter {
                exam_words: vec!["软件".into()],
                ..all.clone()
            },
            vec![1, 2, 4],
        ),
        (
            Filter {
                search: Some("软考 成绩".into()),
                ..all.clone()
            },
            vec![2],
        ),
    ];
    for (filter, want) in cases {
        let found = store.notices(&filter).unwrap();
        let ids: Vec<i64> = found.iter().map(|n| n.id.0).collect();
        assert_eq!(ids, want, "{filter:?}");
    }
    let searches = [
        ("建造", vec![3]),
        ("建造师 地点", vec![3]),
        ("造级", vec![]),
        ("市民中心", vec![1, 2, 3, 4]),
        ("２０日", vec![1, 2, 3, 4]),
        ("师", vec![3]),
        ("\"", vec![]),
        ("NEAR(", vec![]),
        ("", vec![]),
    ];
    for (words, want) in searches {
        let ids: Vec<i64> = store
            .search(words, 9)
            .unwrap()
            .iter()
            .map(|n| n.id.0)
            .collect();
        assert_eq!(ids, want, "{words}");
    }
    let force = store.in_force(day("2025-01-31")).unwrap();
    assert_eq!(force.iter().map(|n| n.id.0).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(
        force[0].latest.as_ref().unwrap().reading.facts.title,
        "软考证书"
    );
}

#[test]
fn the_journal_is_read_from_a_cursor() {
    let place = place();
    let mut store = Store::open(&place.db).unwrap();
    let mut settling = store.begin("gx").unwrap();
    let id = settling
        .new_notice(&entry(1), at("2026-03-01T00:00:00Z"))
        .unwrap();
    let standing = Subject::Standing {
        region: "gx".into(),
        exam: "ruankao".into(),
        sitting: "2025H2".into(),
    };
    let fault = Fault::new(Verdict::Layout, "", "no rows");
    let rows = [
        (
            "2026-03-01T00:00:00Z",
            Subject::Notice(id),
            "gx",
            Change::New,
        ),
        (
            "2026-03-02T00:00:00Z",
            Subject::Source("sd".into()),
            "sd",
            Change::Broken { fault },
        ),
        ("2026-03-03T00:00:00Z", standing, "", Change::Back),
    ];
    let mut events = Vec::new();
    for (moment, subject, source, change) in rows {
        let event = settling.append_event(at(moment), subject, source, "t", "u", change, None);
        events.push(event.unwrap());
    }
    settling.commit().unwrap();

    let all = EventFilter::default();
    let start = Cursor {
        epoch: store.epoch().into(),
        seq: 0,
    };
    assert_eq!(store.events_after(&start, 99, &all).unwrap(), events);
    assert_eq!(store.events_after(&start, 2, &all).unwrap(), events[..2]);
    assert_eq!(
        store.events_after(&events[1].id, 99, &all).unwrap(),
        events[2..]
    );
    assert_eq!(
        store
            .events_after(&store.cursor().unwrap(), 99, &all)
            .unwrap(),
        []
    );
    assert_eq!(
        store.events_since(at("2026-03-02T00:00:00Z"), 99).unwrap(),
        events[1..]
    );
    let newest = store.latest_events(None, 1, &all).unwrap();
    assert_eq!(newest, events[2..]);
    assert_eq!(store.latest_events(Some(3), 1, &all).unwrap(), events[1..2]);
    let only = EventFilter {
        changes: vec!["broken".into(), "gone".into()],
        ..all.clone()
    };
    assert_eq!(store.events_after(&start, 99, &only).unwrap(), events[1..2]);
    let only = EventFilter {
        sources: vec!["gx".into()],
        ..all.clone()
    };
    assert_eq!(store.latest_events(None, 99, &only).unwrap(), events[..1]);

    let foreign = Cursor {
        epoch: "00000000".into(),
        seq: 1,
    };
    let ahead = Cursor { seq: 4, ..start };
    for cursor in [foreign, ahead] {
        let refused = store.events_after(&cursor, 9, &all).unwrap_err();
        assert!(
            matches!(refused, StoreError::WrongEpoch { .. }),
            "{refused}"
        );
        assert!(
            refused
                .to_string()
                .contains(&store.cursor().unwrap().to_string())
        );
    }
}

#[test]
fn a_file_that_is_not_ours_to_write_is_left_untouched() {
    let place = place();
    drop(Store::open(&place.db).unwrap());
    let ours = fs::read(&place.db).unwrap();
    let dir = place.db.parent().unwrap();
    let foreign = {
        let path = dir.join("foreign");
        let conn = rusqlite::Connection::open(&path).unwrap();
        conn.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE mine (x)")
            .unwrap();
        drop(conn);
        fs::read(&path).unwrap()
    };
    let patched = |at: usize, byte: u8| {
        let mut bytes = ours.clone();
        bytes[at] = byte;
        bytes
    };
    let trigger = {
        let path = dir.join("trigger");
        fs::write(&path, &ours).unwrap();
        let conn = rusqlite::Connection::open(&path).unwrap();
        conn.execute_batch("CREATE TRIGGER t AFTER INSERT ON visit BEGIN DELETE FROM notice; END;")
            .unwrap();
        conn.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))
            .unwrap();
        drop(conn);
        fs::read(&path).unwrap()
    };
    let page = usize::from(u16::from_be_bytes([ours[16], ours[17]]));
    let mut rubbish = ours.clone();
    rubbish[page * 2..page * 3].fill(0xA5);
    let rows: [(&str, Vec<u8>, &str); 9] = [
        ("another program's", foreign, "another program"),
        (
            "newer",
            patched(63, 200),
            "newer lingzheng (schema 200, this one knows 1)",
        ),
        (
            "garbage",
            b"not a database at all ".repeat(100),
            "no SQLite header",
        ),
        ("short", b"SQLite format 3\0".to_vec(), "16 bytes long"),
        ("empty", Vec::new(), "0 bytes long"),
        ("cut off", ours[..ours.len() - page].to_vec(), "cut off"),
        ("overwritten", rubbish, "damaged"),
        ("with a trigger", trigger, "its tables are not those"),
        (
            "older than the first",
            patched(63, 0),
            "its tables are not those",
        ),
    ];
    for (name, bytes, words) in rows {
        let path = dir.join(name);
        fs::write(&path, &bytes).unwrap();
        let before = sum(&path);
        let error = Store::open(&path).unwrap_err().to_string();
        assert!(error.contains(words), "{name}: {error}");
        assert!(
            error.contains(&path.display().to_string()),
            "{name}: {error}"
        );
        assert_eq!(error.lines().count(), 1, "{name}");
        assert_eq!(sum(&path), before, "{name}");
        let log = dir.join(format!("{name}-wal"));
        assert_eq!(fs::metadata(log).map_or(0, |m| m.len()), 0, "{name}");
        if name != "overwritten" {
            assert!(Store::open_existing(&path).is_err(), "{name}");
        }
        assert_eq!(sum(&path), before, "{name}");
    }
    let error = Store::open(dir).unwrap_err().to_string();
    assert!(error.contains("a directory"), "{error}");
}

#[test]
fn a_missing_database_is_made_by_the_writer_only() {
    let place = place();
    let error = Store::open_existing(&place.db).unwrap_err();
    assert!(matches!(error, StoreError::Missing { .. }));
    assert!(
        error
            .to_string()
            .ends_with("no database yet: run `lingzheng crawl` first")
    );
    assert!(!place.db.exists());
    drop(Store::open(&place.db).unwrap());
    let names: Vec<_> = fs::read_dir(place.db.parent().unwrap())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(names, ["lingzheng.db"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |p: &Path| fs::metadata(p).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&place.db), 0o600);
        assert_eq!(mode(place.db.parent().unwrap()), 0o700);
    }
}

#[test]
fn a_visit_without_news_takes_little_room() {
    let place = place();
    let mut store = Store::open(&place.db).unwrap();
    let now = at("2026-03-06T01:02:03Z");
    let settle = |store: &mut Store, runs: usize| {
        for _ in 0..runs {
            let mut settling = store.begin("sd-zaozhuang").unwrap();
            settling.keep_list_page("u", None, PAGE, now).unwrap();
            let state = SourceState {
                last_visit: Some(now),
                ..SourceState::default()
            };
            settling.set_source_state(&state).unwrap();
            settling
                .record_visit(&visit("2026-03-06T01:02:03Z"))
                .unwrap();
            settling.commit().unwrap();
        }
    };
    settle(&mut store, 1);
    drop(store);
    let before = fs::metadata(&place.db).unwrap().len();
    let mut store = Store::open(&place.db).unwrap();
    settle(&mut store, 1000);
    drop(store);
    let grown = fs::metadata(&place.db).unwrap().len() - before;
    assert!(grown <= 300 * 1000, "{grown} bytes");
}

#[test]
fn a_backup_is_equal_and_has_cursors_of_its_own() {
    let place = place();
    let mut store = Store::open(&place.db).unwrap();
    let now = at("2026-03-06T01:02:03Z");
    let mut settling = store.begin("gx").unwrap();
    let id = settling.new_notice(&entry(1), now).unwrap();
    let r = reading("领取证书", NoticeKind::Pickup, &[]);
    let v = version("2026-03-06T01:02:03Z", PAGE, "d1", &r);
    settling.add_version(id, &v).unwrap();
    settling
        .append_event(now, Subject::Notice(id), "gx", "t", "u", Change::New, None)
        .unwrap();
    settling.commit().unwrap();

    let target = place.db.with_file_name("copies").join("one.db");
    store.backup(&target).unwrap();
    let mut copy = Store::open(&target).unwrap();
    assert_ne!(copy.epoch(), store.epoch());
    assert_eq!(copy.known("gx").unwrap(), store.known("gx").unwrap());
    assert_eq!(copy.event(1).unwrap().unwrap().change, Change::New);
    let cursor = store.cursor().unwrap();
    let refused = copy.events_after(&cursor, 9, &EventFilter::default());
    assert!(matches!(refused, Err(StoreError::WrongEpoch { .. })));
    copy.begin("gx").unwrap().commit().unwrap();
    drop(copy);

    let before = sum(&target);
    let again = store.backup(&target);
    assert!(matches!(again, Err(StoreError::Exists { .. })));
    assert!(matches!(
        store.backup(&place.db),
        Err(StoreError::Exists { .. })
    ));
    assert_eq!(sum(&target), before);
    let left = fs::read_dir(target.parent().unwrap()).unwrap().count();
    assert_eq!(left, 1, "no half copy stays behind");
}

#[test]
fn pruning_keeps_what_matters() {
    let place = place();
    let mut store = Store::open(&place.db).unwrap();
    let mut settling = store.begin("gx").unwrap();
    let seen = at("2026-01-01T00:00:00Z");
    let quiet = settling.new_notice(&entry(1), seen).unwrap();
    let told = settling.new_notice(&entry(2), seen).unwrap();
    settling.set_told(told).unwrap();
    let r = reading("t", NoticeKind::Pickup, &[]);
    for n in 0..5_u8 {
        for id in [quiet, told] {
            let body = [n, u8::try_from(id.0).unwrap()];
            let v = version("2026-01-01T00:00:00Z", &body, "d", &r);
            settling.add_version(id, &v).unwrap();
        }
    }
    settling
        .record_visit(&visit("2026-01-01T00:00:00Z"))
        .unwrap();
    settling
        .record_visit(&visit("2026-06-01T00:00:00Z"))
        .unwrap();
    settling.commit().unwrap();
    let keep = Keep {
        visits: 90,
        versions: 90,
    };
    let first = store.versions(quiet).unwrap()[4].page.clone();

    let jumped = store.prune(at("2031-06-01T00:00:00Z"), keep);
    assert!(matches!(jumped, Err(StoreError::Clock { .. })));
    let pruned = store.prune(at("2026-06-02T00:00:00Z"), keep).unwrap();
    assert_eq!((pruned.visits, pruned.versions), (1, 2));
    let left = |id| {
        store
            .versions(id)
            .unwrap()
            .iter()
            .map(|v| v.n)
            .collect::<Vec<_>>()
    };
    assert_eq!(left(quiet), [5, 4, 3]);
    assert_eq!(left(told), [5, 4, 3, 2, 1]);
    assert_eq!(store.raw(&first).unwrap(), None);
    assert_eq!(store.visits("gx", 9).unwrap().len(), 1);
    assert!(store.doctor().unwrap().iter().all(|c| c.ok));
}

#[test]
fn only_one_run_at_a_time() {
    let place = place();
    let lock = RunLock::take(&place.db).unwrap();
    assert!(matches!(
        RunLock::take(&place.db),
        Err(StoreError::Busy { .. })
    ));
    drop(lock);
    RunLock::take(&place.db).unwrap();
}
