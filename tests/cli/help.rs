//! Help teaches: what the command is for, what to type, what comes next.

use super::*;

const COMMANDS: [&str; 14] = [
    "demo", "crawl", "status", "changes", "notices", "show", "diff", "extract", "explain",
    "sources", "verify", "backup", "doctor", "init",
];

#[test]
fn every_command_shows_how_it_is_typed_and_an_example() {
    let home = Home::new();
    for command in COMMANDS {
        let help = home.run(&[command, "--help"]).well();
        assert!(help.contains("Usage: lingzheng "), "{command}: {help}");
        let examples = help.matches("  lingzheng ").count();
        assert!(examples > 0, "{command} --help has no example:\n{help}");
        assert!(
            help.lines().all(|l| l.chars().count() <= 100),
            "{command} --help is too wide:\n{help}"
        );
    }
}

#[test]
fn the_first_help_lists_every_command_and_the_exit_codes() {
    let home = Home::new();
    let help = home.run(&["--help"]).well();
    for command in COMMANDS {
        assert!(
            help.contains(&format!("\n  {command} ")),
            "{command}: {help}"
        );
    }
    assert!(help.contains("First steps:\n  lingzheng demo"), "{help}");
    for code in [
        " 0 ", " 1 ", " 2 ", " 3 ", "4 ", " 70 ", " 74 ", "75 ", " 130 ", " 143 ",
    ] {
        assert!(help.contains(code), "{code:?}: {help}");
    }
    let none = home.run(&[]);
    assert_eq!((none.code, none.out.as_str()), (Some(2), ""));
    assert!(none.err.contains("First steps:"), "{}", none.err);
}

#[test]
fn a_mistyped_command_or_option_names_its_neighbour() {
    let home = Home::new();
    for (args, near) in [
        (&["statsu"][..], "'status'"),
        (&["changes", "--limmit", "3"], "'--limit'"),
        (&["changes", "--limit", "0"], "1..=1000"),
        (&["crawl", "--recorded", "x"], "--round"),
        (&["--format", "yaml", "status"], "text, json, jsonl"),
    ] {
        let ran = home.run(args);
        assert_eq!(ran.code, Some(2), "{args:?}");
        assert!(ran.err.contains(near), "{args:?}: {}", ran.err);
    }
}

#[test]
fn completions_and_the_manual_page_come_from_the_same_definitions() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish"] {
        let text = home.run(&["completions", shell]).well();
        assert!(text.contains("changes"), "{shell}");
    }
    let man = home.run(&["man"]).well();
    assert!(man.contains(".TH lingzheng 1"), "{man}");
}
