//! A disk that is full. Needs a file system of a chosen size, and so root.

use super::*;

/// Runs a script in a mount namespace of its own, where `small` is a disk of `kib` KiB. None where
/// that is not allowed.
fn on_a_small_disk(home: &Home, kib: u32, script: &str) -> Option<String> {
    let mut command = Command::new("unshare");
    command
        .envs(home.command().get_envs().filter_map(|(k, v)| Some((k, v?))))
        .current_dir(home.dir.path())
        .env("B", assert_cmd::cargo::cargo_bin!("lingzheng"))
        .env("F", fixtures())
        .args(["-m", "bash", "-c"])
        .arg(format!(
            "mkdir -p small && mount -t tmpfs -o size={kib}k none small || exit 99\n\
             crawl() {{ \"$B\" --db small/l.db --now \"$2\" crawl --recorded \"$F\" --round \"$1\" \
             gx gd he nm; echo \"code $?\"; }}\n{script}"
        ));
    let ran = finished(&mut command);
    match ran.code {
        Some(0) => Some(ran.out + &ran.err),
        _ if ran.code == Some(99) || ran.err.contains("unshare") => None,
        _ => panic!("{ran:?}"),
    }
}

#[test]
fn a_full_disk_loses_nothing_and_space_heals_it() {
    for kib in [160, 256, 384, 512, 700] {
        let home = Home::new();
        let script = format!(
            "crawl 1 {}\ncrawl 2 {}\n\
             [ -e small/l.db ] && {{ \"$B\" --db small/l.db --format jsonl changes --all > /dev/null; \
             echo \"read $?\"; }}\n\
             mount -o remount,size=64m small\n\
             crawl 1 {}\ncrawl 2 {}\ncrawl 3 {}\ncrawl 5 {}\n\
             \"$B\" --db small/l.db doctor > doctor.txt; echo \"doctor $?\"\n\
             \"$B\" --db small/l.db backup out.db > /dev/null; ls small",
            ROUNDS[0], ROUNDS[1], ROUNDS[0], ROUNDS[1], ROUNDS[2], ROUNDS[4]
        );
        let Some(said) = on_a_small_disk(&home, kib, &script) else {
            return skipped("no file system may be mounted here");
        };
        let codes: Vec<&str> = said
            .lines()
            .filter_map(|l| l.strip_prefix("code "))
            .collect();
        assert_eq!(&codes[2..], ["0", "0", "0", "0"], "{kib}: {said}");
        assert!(
            codes[..2].iter().all(|c| ["0", "4"].contains(c)),
            "{kib}: {said}"
        );
        let full = "lingzheng: small/l.db: the disk is full: free some space and run again";
        let complaints = said.lines().filter(|l| l.starts_with("lingzheng: "));
        for line in complaints.clone() {
            assert!(line.starts_with(full), "{kib}: {said}");
        }
        let fours = codes[..2].iter().filter(|c| **c == "4").count();
        assert_eq!(complaints.count(), fours, "one line a failed run: {said}");
        assert!(
            !said.contains("read ") || said.contains("read 0"),
            "{kib}: {said}"
        );
        assert!(said.contains("doctor 0"), "{kib}: {said}");
        assert_eq!(
            state::told(&home.at("out.db")),
            kills::undisturbed(),
            "{kib}: {said}"
        );
        if kib == 160 {
            assert_eq!(fours, 2, "the smallest disk is too small: {said}");
        }
    }
}

#[test]
fn a_backup_to_a_full_disk_leaves_no_half_copy() {
    let home = Home::with_demo();
    let script = "\"$B\" backup small/copy.db; echo \"code $?\"; ls small";
    let Some(said) = on_a_small_disk(&home, 64, script) else {
        return skipped("no file system may be mounted here");
    };
    assert!(said.contains("code 4\n"), "{said}");
    assert!(said.contains("the disk is full"), "{said}");
    assert!(!said.lines().any(|l| l.starts_with("copy.db")), "{said}");
}
