//! Files for others: looked at before the work, replaced at once, and only where they differ.

use super::Failure;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Where `--out` leads: into a folder (one that exists, or a path that ends in a slash, which is
/// then made) under the usual name, else to the file itself.
///
/// # Errors
/// One line that names the path.
pub(super) fn target(out: &Path, usual: &str) -> Result<PathBuf, Failure> {
    let slash = out.as_os_str().to_string_lossy().ends_with(['/', '\\']);
    if slash {
        folder(out)?;
    }
    Ok(match slash || out.is_dir() {
        true => out.join(usual),
        false => out.to_path_buf(),
    })
}

/// Makes a folder where there is none. The folder around it must be there: a path with a typing
/// error makes no tree.
///
/// # Errors
/// One line that names the path.
pub(super) fn folder(path: &Path) -> Result<(), Failure> {
    match path.is_dir() {
        true => Ok(()),
        false => fs::create_dir(path).map_err(|e| fault(path, e)),
    }
}

/// Makes sure, before the work, that the file can be written, by making one beside it.
///
/// # Errors
/// One line that names the path.
pub(super) fn check(path: &Path) -> Result<(), Failure> {
    if path.is_dir() {
        return Err(fault(path, "is a folder"));
    }
    if path.exists() && !path.is_file() {
        return Err(fault(path, "is no plain file"));
    }
    let beside = beside(path)?;
    anew(&beside).map_err(|e| fault(path, e))?;
    fs::remove_file(&beside).map_err(|e| fault(path, e))
}

/// Puts the content in place of the file, whole or not at all. False = it was the same already
/// and was left alone.
///
/// # Errors
/// One line that names the path.
pub(super) fn write(path: &Path, content: &[u8]) -> Result<bool, Failure> {
    if fs::read(path).is_ok_and(|old| old == content) {
        return Ok(false);
    }
    let beside = beside(path)?;
    let put = || {
        let mut file = anew(&beside)?;
        file.write_all(content)?;
        // On the disk before the name leads to it.
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    put().map_err(|e| {
        // Best effort: the error that is told is the first one.
        let _ = fs::remove_file(&beside);
        fault(path, e)
    })?;
    Ok(true)
}

/// A file that was not there: a link that somebody put in its place is not followed.
fn anew(path: &Path) -> std::io::Result<fs::File> {
    let _ = fs::remove_file(path);
    fs::File::create_new(path)
}

/// The name under which a file is made before it gets its own.
fn beside(path: &Path) -> Result<PathBuf, Failure> {
    let name = path
        .file_name()
        .ok_or_else(|| fault(path, "names no file"))?;
    let name = format!(".{}.new-{}", name.to_string_lossy(), std::process::id());
    Ok(path.with_file_name(name))
}

fn fault(path: &Path, why: impl std::fmt::Display) -> Failure {
    Failure::usage(format!("cannot write {}: {why}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_only_where_it_differs() {
        let dir = tempfile::tempdir().unwrap();
        let path = target(dir.path(), "board.html").unwrap();
        assert_eq!(path, dir.path().join("board.html"));
        check(&path).unwrap();
        assert!(write(&path, b"one").unwrap());
        assert!(!write(&path, b"one").unwrap());
        assert!(write(&path, b"two").unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(
            fs::read_dir(dir.path()).unwrap().count(),
            1,
            "nothing else is left"
        );
    }

    #[test]
    fn a_path_that_cannot_be_written_is_told_in_one_line() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        for bad in [
            file.join("below"),
            dir.path().join("missing/board.html"),
            dir.path().to_path_buf(),
            PathBuf::from("/"),
        ] {
            let failure = check(&bad).unwrap_err();
            assert!(
                failure.message.starts_with("cannot write "),
                "{}",
                failure.message
            );
            assert_eq!(failure.message.lines().count(), 1);
        }
    }
}
