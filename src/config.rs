//! Settings and `sources.toml` to values, with their places in the file.
