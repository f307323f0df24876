//! What is still to be sent.

use super::*;

fn append(store: &mut Store, source: &str) {
    let mut settling = store.begin(source).unwrap();
    let subject = Subject::Source(source.into());
    settling
        .append_event(
            at("2026-03-01T00:00:00Z"),
            subject,
            source,
            "t",
            "u",
            Change::Back,
            None,
        )
        .unwrap();
    settling.commit().unwrap();
}

#[test]
fn an_event_waits_for_a_sink_until_it_is_taken() {
    let place = place();
    let mut store = Store::open(&place.db).unwrap();
    let now = at("2026-03-02T00:00:00Z");
    let later = at("2026-03-02T01:00:00Z");
    append(&mut store, "gx");
    assert_eq!(
        store.expand("mail", now, |_| true).unwrap(),
        0,
        "a new sink starts at the end"
    );
    for source in ["gx", "sd", "gx", "zj"] {
        append(&mut store, source);
    }
    assert_eq!(store.expand("mail", now, |e| e.source != "sd").unwrap(), 3);
    assert_eq!(
        store.expand("mail", now, |_| true).unwrap(),
        0,
        "no event is asked about twice"
    );

    let due = |store: &Store, now| -> Vec<i64> {
        let due = store.due("mail", now, 99).unwrap();
        due.iter().map(|d| d.event.id.seq).collect()
    };
    assert_eq!(due(&store, now), [2, 4, 5]);
    assert_eq!(store.due("mail", now, 1).unwrap().len(), 1);
    store.delivered("mail", 2, now).unwrap();
    store.put_off("mail", 4, Some(later), "timeout").unwrap();
    store.put_off("mail", 5, None, "410").unwrap();
    assert_eq!(due(&store, now), [0_i64; 0]);
    assert_eq!(due(&store, later), [4]);
    assert_eq!(
        due(&store, at("2026-02-20T00:00:00Z")),
        [4],
        "a clock that was ahead keeps nothing waiting"
    );
    let waiting = store.due("mail", later, 9).unwrap();
    assert_eq!(
        (waiting[0].attempts, waiting[0].detail.as_deref()),
        (1, Some("timeout"))
    );
    let dead = store.dead("mail", 9).unwrap();
    assert_eq!(dead.iter().map(|d| d.event.id.seq).collect::<Vec<_>>(), [5]);

    let state = store.sinks().unwrap().remove(0);
    assert_eq!((state.seq, state.waiting, state.dead), (5, 1, 1));
    assert_eq!(state.oldest, Some(at("2026-03-01T00:00:00Z")));
    assert_eq!(state.last_done_at, Some(now));

    assert_eq!(
        store
            .replay("mail", 2, 5, now, |e| e.source != "zj")
            .unwrap(),
        3
    );
    assert_eq!(due(&store, now), [2, 3, 4]);
    assert!(store.replay("nobody", 1, 9, now, |_| true).is_err());
    assert!(store.doctor().unwrap().iter().all(|c| c.ok));
    store.forget_sink("mail").unwrap();
    assert_eq!(store.sinks().unwrap(), []);
    assert_eq!(due(&store, later), [0_i64; 0]);
}

#[test]
fn a_long_journal_is_gone_through_whole() {
    let place = place();
    let mut store = Store::open(&place.db).unwrap();
    let now = at("2026-03-02T00:00:00Z");
    store.expand("hook", now, |_| true).unwrap();
    let mut settling = store.begin("gx").unwrap();
    for _ in 0..1001 {
        let subject = Subject::Source("gx".into());
        settling
            .append_event(now, subject, "gx", "t", "u", Change::Back, None)
            .unwrap();
    }
    settling.commit().unwrap();
    assert_eq!(store.expand("hook", now, |_| true).unwrap(), 1001);
    assert_eq!(store.sinks().unwrap()[0].waiting, 1001);
}
