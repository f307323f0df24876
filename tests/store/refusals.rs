//! Files that must not be touched, and who may open what.

use super::*;

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
            "newer lingzheng (schema 200, this one knows 3)",
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

/// Another handle of the same process, closed again, must not take the first one's locks away:
/// else another process could believe itself alone and take the log from under its feet.
#[cfg(target_os = "linux")]
#[test]
fn a_second_look_does_not_unlock_the_first() {
    use std::os::unix::fs::MetadataExt;
    let place = place();
    let inode = |p: &Path| format!(":{} ", fs::metadata(p).unwrap().ino());
    let locked = || {
        let locks = fs::read_to_string("/proc/locks").unwrap();
        locks.contains(&inode(&place.db))
    };
    let first = Store::open(&place.db).unwrap();
    assert!(locked());
    drop(Store::open_existing(&place.db).unwrap());
    assert!(locked());
    drop(Store::open(&place.db).unwrap());
    assert!(locked());
    drop(first);
    assert!(!locked());
}
