//! Readers that stop and start anew beside a writer: each sees every event once, in order.

use super::long::{measured, rounds};
use super::*;
use std::sync::atomic::{AtomicBool, Ordering};

const READERS: usize = 8;
/// How often each reader forgets all but its cursor.
const RESTARTS: usize = 50;

fn dice(z: &mut u64, below: u64) -> u64 {
    *z = z
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*z >> 33) % below
}

/// Appends events in transactions of all sizes.
fn write(db: &Path, events: usize) {
    let mut store = Store::open(db).unwrap();
    let now = at("2026-03-06T01:02:03Z");
    let (mut written, mut z) = (0, 11);
    while written < events {
        let count = (1 + dice(&mut z, 400) as usize).min(events - written);
        let mut settling = store.begin("gx").unwrap();
        for _ in 0..count {
            let about = Subject::Source("gx".into());
            settling
                .append_event(now, about, "gx", "t", "u", Change::Back, None)
                .unwrap();
        }
        settling.commit().unwrap();
        written += count;
    }
}

/// Reads until the end, page by page, and starts anew now and then. Returns how often it did.
fn read(db: &Path, reader: u64, events: usize, over: &AtomicBool) -> usize {
    let mut z = reader + 3;
    let mut store = Store::open_existing(db).unwrap();
    // What a reader keeps: a word in a file of its own.
    let mut kept = format!("{}:0", store.epoch());
    let (mut seen, mut restarts) = (0_i64, 0);
    let every = (events / RESTARTS) as i64;
    while seen < events as i64 {
        let ended = over.load(Ordering::Relaxed);
        let limit = 1 + dice(&mut z, 300) as u32;
        let cursor: Cursor = kept.parse().unwrap();
        let page = store
            .events_after(&cursor, limit, &EventFilter::default())
            .unwrap();
        assert!(page.len() <= limit as usize, "pages are bounded");
        for event in &page {
            assert_eq!(event.id.seq, seen + 1, "reader {reader}: missed or doubled");
            seen += 1;
        }
        if let Some(last) = page.last() {
            kept = last.id.to_string();
            if seen / every > (seen - page.len() as i64) / every {
                drop(store);
                store = Store::open_existing(db).unwrap();
                restarts += 1;
            }
        } else {
            assert!(!ended, "reader {reader}: the end is {seen} of {events}");
            std::thread::yield_now();
        }
    }
    let cursor: Cursor = kept.parse().unwrap();
    assert_eq!(
        store
            .events_after(&cursor, 9, &EventFilter::default())
            .unwrap(),
        []
    );
    restarts
}

#[test]
fn eight_readers_beside_a_writer_miss_and_double_nothing() {
    let events = rounds(5000, 100_000);
    let place = place();
    drop(Store::open(&place.db).unwrap());
    let over = AtomicBool::new(false);
    let restarts: usize = std::thread::scope(|scope| {
        let (db, over) = (&place.db, &over);
        let readers: Vec<_> = (0..READERS as u64)
            .map(|n| scope.spawn(move || read(db, n, events, over)))
            .collect();
        write(db, events);
        over.store(true, Ordering::Relaxed);
        readers.into_iter().map(|r| r.join().unwrap()).sum()
    });
    assert!(restarts >= READERS * RESTARTS / 2, "{restarts} restarts");
    let mut log = place.db.as_os_str().to_owned();
    log.push("-wal");
    let log = fs::metadata(PathBuf::from(log)).map_or(0, |m| m.len());
    assert!(
        log <= 64 << 20,
        "the log beside the database has {log} bytes"
    );
    measured(&format!(
        "{READERS} readers over {events} events, {restarts} restarts: none missed, none doubled"
    ));
}

#[test]
fn a_long_reader_does_not_hold_the_writer_up() {
    let place = place();
    drop(Store::open(&place.db).unwrap());
    faults::settle(&mut Store::open(&place.db).unwrap(), 1);
    // A transaction that stays open, as a long export's would.
    let reader = rusqlite::Connection::open(&place.db).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    let count = || -> i64 {
        let sql = "SELECT count(*) FROM event";
        reader.query_row(sql, [], |r| r.get(0)).unwrap()
    };
    assert_eq!(count(), 1);
    let mut store = Store::open(&place.db).unwrap();
    for n in 2..=200 {
        faults::settle(&mut store, n);
    }
    assert_eq!(count(), 1, "it reads one state from beginning to end");
    let log = || {
        let mut log = place.db.as_os_str().to_owned();
        log.push("-wal");
        fs::metadata(PathBuf::from(log)).map_or(0, |m| m.len())
    };
    assert!(log() <= 64 << 20, "{} bytes", log());
    reader.execute_batch("COMMIT").unwrap();
    faults::settle(&mut store, 201);
    drop(reader);
    drop(store);
    assert_eq!(log(), 0, "written back once nobody reads");
}
