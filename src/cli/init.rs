//! `init`: commented settings to start from.

use super::args::{Global, InitArgs};
use super::{Failure, Output};
use crate::config;
use std::io::Write;

pub(super) fn run(global: &Global, args: &InitArgs) -> Result<Output, Failure> {
    let path = match &global.config {
        Some(path) => path.clone(),
        None => config::default_paths()?.config,
    };
    let cannot = |e: std::io::Error| {
        Failure::usage(match e.kind() {
            std::io::ErrorKind::AlreadyExists => {
                format!("{} exists; --force overwrites it", path.display())
            }
            _ => format!("cannot write {}: {e}", path.display()),
        })
    };
    if let Some(dir) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
        std::fs::create_dir_all(dir).map_err(cannot)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true);
    match args.force {
        true => options.create(true).truncate(true),
        false => options.create_new(true),
    };
    // Settings may come to hold secrets.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&path).map_err(cannot)?;
    file.write_all(config::SAMPLE.as_bytes()).map_err(cannot)?;
    Ok(Output::text(format!(
        "{} written; put your contact address in it, then run `lingzheng crawl`\n",
        path.display()
    )))
}
