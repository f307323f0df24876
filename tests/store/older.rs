//! A database that an earlier lingzheng wrote: schema 1, a crawl of two offices on two days.

use super::*;

const SCHEMA_1: &[u8] = include_bytes!("schema-1.db.zst");

fn older() -> Place {
    let place = place();
    fs::create_dir_all(place.db.parent().unwrap()).unwrap();
    fs::write(&place.db, zstd::decode_all(SCHEMA_1).unwrap()).unwrap();
    place
}

fn version(path: &Path) -> i64 {
    let conn = rusqlite::Connection::open(path).unwrap();
    conn.query_row("PRAGMA user_version", [], |r| r.get(0))
        .unwrap()
}

#[test]
fn it_is_brought_forward_by_whoever_opens_it_first() {
    type Open = fn(&Path) -> Result<Store, StoreError>;
    let ways: [Open; 2] = [|path| Store::open(path), |path| Store::open_existing(path)];
    for open in ways {
        let place = older();
        assert_eq!(version(&place.db), 1);
        let store = open(&place.db).unwrap();
        assert_eq!(version(&place.db), 3);
        let all = store.notices(&Filter::default()).unwrap();
        assert_eq!(all.len(), 33);
        assert_eq!(all.iter().filter(|n| n.latest.is_some()).count(), 3);
        // What the new columns hold is what the readings say.
        let conn = rusqlite::Connection::open(&place.db).unwrap();
        for notice in &all {
            let (exams, dated): (Option<String>, Option<String>) = conn
                .query_row(
                    "SELECT exams, dated FROM notice WHERE id = ?1",
                    [notice.id.0],
                    |r| Ok((r.get(0)?, r.get(1)?)),
                )
                .unwrap();
            let facts = notice.latest.as_ref().map(|v| &v.reading.facts);
            let said = facts.map(|f| serde_json::to_string(&f.exams).unwrap());
            assert_eq!(exams, said, "{}", notice.title);
            let stated = facts.and_then(|f| f.published).or(notice.published);
            assert_eq!(dated, stated.map(|d| d.to_string()), "{}", notice.title);
        }
        assert!(store.doctor().unwrap().iter().all(|c| c.ok));
    }
}

#[cfg(unix)]
#[test]
fn where_it_may_not_be_written_the_reader_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let place = older();
    let dir = place.db.parent().unwrap();
    let rights = |mode| {
        fs::set_permissions(&place.db, fs::Permissions::from_mode(mode & 0o444)).unwrap();
        fs::set_permissions(dir, fs::Permissions::from_mode(mode)).unwrap();
    };
    rights(0o555);
    // Root may write everywhere.
    if fs::OpenOptions::new().write(true).open(&place.db).is_err() {
        let before = fs::read(&place.db).unwrap();
        let error = Store::open_existing(&place.db).unwrap_err().to_string();
        assert!(
            error.contains("written by an earlier lingzheng (schema 1)"),
            "{error}"
        );
        assert_eq!(fs::read(&place.db).unwrap(), before);
    }
    rights(0o755);
}
