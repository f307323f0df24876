//! A database that cannot be used: exit code 4 at once, a line that says what to do, the file
//! untouched to the byte.

use super::*;
use std::time::Instant;

/// Commands that read, and one that would write. Nobody is asked: the recordings do not exist.
const COMMANDS: [&[&str]; 7] = [
    &["status"],
    &["changes"],
    &["notices"],
    &["doctor"],
    &["backup", "copy.db"],
    &["sources"],
    &["crawl", "gx", "--recorded", "nowhere", "--round", "1"],
];

/// Each command refuses within a second, names the file and leaves it as it was.
#[track_caller]
fn refused(home: &Home, words: &[&str]) {
    let path = home.db();
    let before = path.is_file().then(|| sum(&path));
    for command in COMMANDS {
        let begun = Instant::now();
        let ran = home.run_now(command);
        // The figure is a second; the machine may be busy with other tests.
        assert!(begun.elapsed() < Duration::from_secs(5), "{command:?}");
        let mut all = vec![path.to_str().unwrap()];
        all.extend(words);
        ran.says(4, &all);
        assert_eq!(path.is_file().then(|| sum(&path)), before, "{command:?}");
    }
    let folder = path.parent().unwrap();
    let names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(names, ["lingzheng.db"], "nothing was put beside it");
}

fn edit(home: &Home, sql: &str) {
    let db = rusqlite::Connection::open(home.db()).unwrap();
    // Back to one file, so that its bytes are the whole of it.
    db.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))
        .unwrap();
    db.execute_batch(sql).unwrap();
}

#[test]
fn another_programs_database() {
    let home = Home::new();
    std::fs::create_dir_all(home.db().parent().unwrap()).unwrap();
    edit(
        &home,
        "CREATE TABLE cookies (name TEXT); INSERT INTO cookies VALUES ('x');",
    );
    refused(
        &home,
        &["a database of another program", "untouched", "another path"],
    );
}

#[test]
fn a_newer_lingzhengs_database() {
    let home = Home::with_demo();
    edit(&home, "PRAGMA user_version = 99;");
    refused(&home, &["newer lingzheng", "schema 99", "update lingzheng"]);
}

#[test]
fn a_database_with_tables_that_are_not_ours() {
    let home = Home::with_demo();
    edit(
        &home,
        "CREATE TRIGGER t AFTER INSERT ON visit BEGIN DELETE FROM robots; END;",
    );
    refused(&home, &["damaged", "restore the last backup"]);
}

#[test]
fn garbage_and_empty_files() {
    let home = Home::new();
    for bytes in [&b"no database at all, but long enough to hold a header: 0123456789 0123456789 0123456789 0123456789"[..], b"", b"SQLite format 3\0"] {
        home.write("data/lingzheng/lingzheng.db", bytes);
        refused(&home, &["not a database", "untouched"]);
    }
}

#[test]
fn a_cut_file() {
    let home = Home::with_demo();
    let bytes = std::fs::read(home.db()).unwrap();
    std::fs::write(home.db(), &bytes[..bytes.len() / 2]).unwrap();
    refused(&home, &["damaged", "cut off", "restore the last backup"]);
}

#[test]
fn a_directory_in_its_place() {
    let home = Home::new();
    std::fs::create_dir_all(home.db()).unwrap();
    refused(&home, &["a directory"]);
}

#[test]
fn flipped_bytes_never_panic_and_never_start_anew() {
    let home = Home::with_demo();
    let good = std::fs::read(home.db()).unwrap();
    let step = good.len() / 24;
    for at in (0..good.len()).step_by(step) {
        let mut bytes = good.clone();
        for byte in bytes.iter_mut().skip(at).take(64) {
            *byte ^= 0x55;
        }
        std::fs::write(home.db(), &bytes).unwrap();
        for args in [&["doctor"][..], &["changes", "--all"], &["status"]] {
            let ran = home.run_now(args);
            assert!(matches!(ran.code, Some(0 | 4)), "{at} {args:?}: {ran:?}");
            assert!(ran.err.lines().count() <= 1, "{at} {args:?}: {ran:?}");
        }
        assert_eq!(std::fs::read(home.db()).unwrap(), bytes, "byte {at}");
    }
}

/// What may lie beside a database after a crash, a bad copy or a mix-up of files.
#[test]
fn a_log_that_is_not_its_own() {
    let home = Home::with_demo();
    let other = Home::with_demo();
    let changes = home.run_now(&["changes", "--all"]).well();
    let whole = sum(&home.db());
    // A log of another database: pages that a kill left.
    let foreign = {
        let db = rusqlite::Connection::open(other.db()).unwrap();
        db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))
            .unwrap();
        db.execute_batch("PRAGMA wal_autocheckpoint = 0; DELETE FROM robots; DELETE FROM search;")
            .unwrap();
        std::fs::read(other.at("data/lingzheng/lingzheng.db-wal")).unwrap()
    };
    assert!(foreign.len() > 4096);
    for log in [
        foreign,
        vec![0; 8192],
        b"no log at all".to_vec(),
        Vec::new(),
    ] {
        let beside = home.at("data/lingzheng/lingzheng.db-wal");
        std::fs::write(&beside, &log).unwrap();
        for args in [&["changes", "--all"][..], &["doctor"], &["status"]] {
            let ran = home.run_now(args);
            assert!(matches!(ran.code, Some(0 | 4)), "{args:?}: {ran:?}");
            assert!(ran.err.lines().count() <= 1, "{args:?}: {ran:?}");
        }
        let _ = std::fs::remove_file(&beside);
        let _ = std::fs::remove_file(home.at("data/lingzheng/lingzheng.db-shm"));
        assert_eq!(sum(&home.db()), whole, "readers write nothing back");
        assert_eq!(home.run_now(&["changes", "--all"]).well(), changes);
    }
}

#[test]
fn a_database_in_a_missing_folder_is_made_with_it() {
    let home = Home::new();
    home.run(&["--db", "a/b/c.db", "status"])
        .fails(4, "a/b/c.db: no database yet: run `lingzheng crawl` first");
    assert!(!home.at("a").exists(), "reading makes nothing");
    let mut crawl = home.crawl(1);
    finished(crawl.args(["--db", "a/b/c.db"])).well();
    home.run(&["--db", "a/b/c.db", "doctor"]).well();
}

#[cfg(unix)]
#[test]
fn files_that_may_not_be_written() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let home = Home::with_demo();
    let folder = home.db().parent().unwrap().to_path_buf();
    let mode = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    // Root may write everything; then the attempt is made as nobody.
    let uid = std::fs::metadata("/proc/self").map(|m| std::os::unix::fs::MetadataExt::uid(&m));
    let root = uid.is_ok_and(|u| u == 0);
    mode(home.dir.path(), 0o755);
    mode(&home.db(), 0o444);
    mode(&folder, 0o555);
    let before = sum(&home.db());
    let run = |mut command: Command| {
        if root {
            command.uid(65534).gid(65534);
        }
        finished(&mut command)
    };
    if root
        && run({
            let mut c = home.command();
            c.arg("--version");
            c
        })
        .code
            != Some(0)
    {
        return skipped("nobody cannot run the binary here");
    }
    run(home.crawl(1)).says(4, &["access denied", "rights", folder.to_str().unwrap()]);
    // Reading works.
    let mut status = home.command();
    status.args(["--now", NOW, "status", "广西"]);
    assert!(run(status).well().contains("广西"));
    assert_eq!(sum(&home.db()), before);
    mode(&folder, 0o755);
}
