//! The journal and its cursors.

use super::*;

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
