//! The everyday form of a test and its long one.

/// How many rounds: few every day, all where `LINGZHENG_LONG` is set in the environment.
pub(crate) fn rounds(quick: usize, long: usize) -> usize {
    match std::env::var_os("LINGZHENG_LONG") {
        Some(_) => long,
        None => quick,
    }
}

/// A figure for whoever asks for it: `cargo test -- --show-output | grep measured:`.
pub(crate) fn measured(what: &str) {
    println!("measured: {what}");
}
