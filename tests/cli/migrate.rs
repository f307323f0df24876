//! Databases that earlier versions left, one of each schema: brought forward whole, whatever
//! happens meanwhile. `tests/data/schema-N.db.zst` is a copy that `backup` wrote when N was the
//! newest; a new schema adds the one before it.

use super::*;

/// The schema that a database says it has.
pub(super) fn schema(path: &Path) -> i64 {
    let db = rusqlite::Connection::open(path).unwrap();
    db.query_row("PRAGMA user_version", [], |r| r.get(0))
        .unwrap()
}

/// A home whose database is of that schema.
pub(super) fn home_of(version: i64) -> Home {
    let packed = format!(
        "{}/tests/data/schema-{version}.db.zst",
        env!("CARGO_MANIFEST_DIR")
    );
    let packed = std::fs::File::open(packed).unwrap();
    let home = Home::new();
    home.write(
        "data/lingzheng/lingzheng.db",
        zstd::decode_all(packed).unwrap(),
    );
    assert_eq!(schema(&home.db()), version);
    home
}

fn newest() -> i64 {
    let home = Home::new();
    finished(&mut home.crawl(1)).ends(0);
    schema(&home.db())
}

#[test]
fn every_earlier_schema_is_brought_forward() {
    for version in 1..newest() {
        let home = home_of(version);
        let before = state::told(&home.db());
        assert!(before.len() > 20);
        let run = home.run_now(&["--format", "jsonl", "changes", "--all"]);
        assert!(
            run.code == Some(0) && run.out.lines().count() >= 4,
            "{run:?}"
        );
        finished(&mut home.crawl(3)).ends(0);
        assert_eq!(schema(&home.db()), newest());
        let after = state::told(&home.db());
        let lost: Vec<_> = before.iter().filter(|row| !after.contains(row)).collect();
        assert!(lost.is_empty(), "schema {version}: {lost:?}");
        home.run(&["doctor"]).well();
        let told = home.run(&["--format", "jsonl", "changes", "--all"]).well();
        assert!(told.starts_with(&run.out), "the journal goes on");
    }
}
