//! Growth, copies and pruning.

use super::long::{measured, rounds};
use super::*;

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
fn a_backup_of_a_busy_database_is_a_state_that_was() {
    let place = place();
    drop(Store::open(&place.db).unwrap());
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut store = Store::open(&place.db).unwrap();
            let mut n = 0;
            // An end of its own, should an assertion below fail.
            while n < 50_000 && !done.load(std::sync::atomic::Ordering::Relaxed) {
                n += 1;
                faults::settle(&mut store, n);
                // A crawl has pauses; a database that grows without end is not what is tried.
                if n > 300 {
                    std::thread::sleep(std::time::Duration::from_millis(40));
                }
            }
        });
        let store = Store::open_existing(&place.db).unwrap();
        let backups = rounds(10, 200);
        for n in 0..backups {
            let target = place.db.with_file_name(format!("copy-{n}"));
            store.backup(&target).unwrap();
            let copy = Store::open_existing(&target).unwrap();
            let events = copy.cursor().unwrap().seq;
            let known = copy.known("gx").unwrap();
            assert_eq!(i64::try_from(known.notices.len()).unwrap(), events);
            assert_eq!(known.state.list_rows.map_or(0, i64::from), events);
            assert!(copy.doctor().unwrap().iter().all(|c| c.ok));
            drop(copy);
            fs::remove_file(&target).unwrap();
        }
        measured(&format!(
            "{backups} backups of a busy database, each a state that was"
        ));
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}
