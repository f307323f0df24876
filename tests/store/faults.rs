//! Killed runs, damaged files, many notices.

use super::*;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const VICTIM: &str = "LINGZHENG_TEST_VICTIM";

/// One visit: a notice, its version, its event, the state, all with the same number.
pub(crate) fn settle(store: &mut Store, n: u32) {
    let now = at("2026-03-06T01:02:03Z");
    let r = reading("领取证书", NoticeKind::Pickup, &["计算机软件资格考试"]);
    let body = format!("<p>第{n}批证书</p>");
    let mut settling = store.begin("gx").unwrap();
    let id = settling.new_notice(&entry(n), now).unwrap();
    let v = version("2026-03-06T01:02:03Z", body.as_bytes(), "d", &r);
    settling.add_version(id, &v).unwrap();
    settling
        .append_event(
            now,
            Subject::Notice(id),
            "gx",
            "t",
            "u",
            Change::New,
            Some(r),
        )
        .unwrap();
    settling
        .keep_list_page("u", None, body.as_bytes(), now)
        .unwrap();
    let state = SourceState {
        list_rows: Some(n),
        ..SourceState::default()
    };
    settling.set_source_state(&state).unwrap();
    settling
        .record_visit(&visit("2026-03-06T01:02:03Z"))
        .unwrap();
    settling.commit().unwrap();
}

#[test]
fn a_run_that_is_killed_leaves_whole_visits_only() {
    if let Some(db) = std::env::var_os(VICTIM) {
        let mut store = Store::open(db).unwrap();
        let first = store.cursor().unwrap().seq;
        for n in first + 1.. {
            settle(&mut store, u32::try_from(n).unwrap());
            println!("\nsettled {n}");
        }
    }
    let place = place();
    let mut settled: i64 = 0;
    for round in 0..12 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture"])
            .arg("faults::a_run_that_is_killed_leaves_whole_visits_only")
            .env(VICTIM, &place.db)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok)
            .filter_map(|l| l.strip_prefix("settled ")?.parse::<i64>().ok());
        let said = lines.nth(3).expect("the victim works");
        // Another moment of the commit in each round.
        std::thread::sleep(Duration::from_micros(331 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        let said = lines.last().unwrap_or(said);

        let store = Store::open(&place.db).unwrap();
        settled = store.cursor().unwrap().seq;
        assert!(settled >= said, "round {round}: {settled} < {said}");
        let known = store.known("gx").unwrap();
        assert_eq!(known.state.list_rows.map(i64::from), Some(settled));
        assert_eq!(i64::try_from(known.notices.len()).unwrap(), settled);
        assert!(known.notices.iter().all(|n| n.notice.latest.is_some()));
        assert_eq!(store.visits("gx", 9999).unwrap().len(), known.notices.len());
        assert_eq!(
            store.search("市民中心", 9999).unwrap().len(),
            known.notices.len()
        );
        let checks = store.doctor().unwrap();
        assert!(checks.iter().all(|c| c.ok), "{checks:?}");
    }
    assert!(settled >= 48);
}

#[test]
fn a_flipped_byte_is_an_error_or_harmless_and_never_a_panic() {
    let place = place();
    let mut store = Store::open(&place.db).unwrap();
    for n in 1..=20 {
        settle(&mut store, n);
    }
    drop(store);
    let ours = fs::read(&place.db).unwrap();
    let page = usize::from(u16::from_be_bytes([ours[16], ours[17]]));
    let victim = place.db.with_file_name("victim.db");
    let (mut refused, mut tried) = (0, 0);
    for start in (0..ours.len()).step_by(page) {
        for offset in [0, 4, 9, 61, page / 2, page - 3] {
            let mut bytes = ours.clone();
            bytes[start + offset] ^= 0x55;
            fs::write(&victim, &bytes).unwrap();
            tried += 1;
            match Store::open(&victim) {
                Err(_) => {
                    refused += 1;
                    assert!(fs::read(&victim).unwrap() == bytes, "{start}+{offset}");
                }
                Ok(store) => {
                    // Whatever comes, it comes as a value.
                    let _ = store.known("gx");
                    let _ = store.search("市民中心", 9);
                    let _ = store.doctor();
                    let _ = store.latest_events(None, 9, &EventFilter::default());
                    let _ = store.source_states();
                }
            }
        }
    }
    assert!(refused * 3 > tried, "{refused} of {tried} were noticed");
}

/// A run that was ended while it turned a database that was just put back to the log's mode.
#[test]
fn a_half_change_is_taken_back_by_whoever_comes_next() {
    for reader in [false, true] {
        let place = place();
        settle(&mut Store::open(&place.db).unwrap(), 1);
        let db = rusqlite::Connection::open(&place.db).unwrap();
        let mode = |sql: &str| db.query_row(sql, [], |_| Ok(())).unwrap();
        mode("PRAGMA journal_mode = DELETE");
        db.execute_batch("PRAGMA cache_size = 1; BEGIN; DELETE FROM search; DELETE FROM robots")
            .unwrap();
        db.execute_batch("UPDATE notice SET title = title || hex(zeroblob(100000))")
            .unwrap();
        // What a kill would leave: the file half changed, the journal beside it.
        let victim = place.db.with_file_name("victim.db");
        fs::copy(&place.db, &victim).unwrap();
        let journal = place.db.with_file_name("lingzheng.db-journal");
        fs::copy(&journal, place.db.with_file_name("victim.db-journal")).unwrap();
        drop(db);
        let store = match reader {
            true => Store::open_existing(&victim).unwrap(),
            false => Store::open(&victim).unwrap(),
        };
        assert!(store.doctor().unwrap().iter().all(|c| c.ok));
        let known = store.known("gx").unwrap();
        assert_eq!(known.notices[0].notice.title, entry(1).title);
    }
}

#[test]
fn bytes_that_changed_on_the_disk_are_not_handed_out() {
    let place = place();
    let mut store = Store::open(&place.db).unwrap();
    settle(&mut store, 1);
    let page = store.versions(lingzheng::model::NoticeId(1)).unwrap()[0]
        .page
        .clone();
    drop(store);
    let conn = rusqlite::Connection::open(&place.db).unwrap();
    conn.execute("UPDATE blob SET zstd = x'00'", []).unwrap();
    drop(conn);
    let store = Store::open_existing(&place.db).unwrap();
    let error = store.raw(&page).unwrap_err();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    let checks = store.doctor().unwrap();
    let bad: Vec<_> = checks.iter().filter(|c| !c.ok).map(|c| c.name).collect();
    assert_eq!(bad, ["pages"]);
}

#[test]
fn two_thousand_notices_are_no_burden() {
    let place = place();
    let mut store = Store::open(&place.db).unwrap();
    let now = at("2026-03-06T01:02:03Z");
    let r = reading("领取证书", NoticeKind::Pickup, &["计算机软件资格考试"]);
    let mut settling = store.begin("gx").unwrap();
    for n in 0..2000_u32 {
        let id = settling.new_notice(&entry(n), now).unwrap();
        let v = version("2026-03-06T01:02:03Z", PAGE, "d", &r);
        settling.add_version(id, &v).unwrap();
    }
    settling.commit().unwrap();
    let timed = |name: &str, f: &dyn Fn() -> usize| {
        let start = Instant::now();
        assert_eq!(f(), 2000, "{name}");
        let took = start.elapsed();
        println!("{name}: {took:?}");
        // Loose: it must not grow with the square.
        assert!(took < Duration::from_secs(3), "{name}: {took:?}");
    };
    timed("known", &|| store.known("gx").unwrap().notices.len());
    timed("in_force", &|| {
        store.in_force(day("2025-02-01")).unwrap().len()
    });
    timed("search", &|| store.search("市民中心", 9999).unwrap().len());
    let path = &place.db;
    timed("open", &|| Store::open(path).map(|_| 2000).unwrap());
}
