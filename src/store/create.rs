//! Making a database, and files that are their owner's only.

use super::StoreError;
use super::open::connect;
use super::schema::{self, APPLICATION_ID, MIGRATIONS};
use rusqlite::{Connection, OpenFlags};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Makes the database under another name and gives it its own when it is whole, so that a file
/// at `path` is never half made.
pub(super) fn create(path: &Path) -> Result<(), StoreError> {
    make_parent(path)?;
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".new-{}", std::process::id()));
    let new = PathBuf::from(name);
    let made = fill(&new, path).and_then(|()| place(&new, path));
    // Best effort: a leftover is only litter, the result is already known.
    let _ = fs::remove_file(&new);
    made
}

fn fill(new: &Path, path: &Path) -> Result<(), StoreError> {
    let _ = fs::remove_file(new);
    private_file(new).map_err(|e| StoreError::io(path, &e))?;
    let mut conn = connect(new, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let fill = |conn: &mut Connection| {
        conn.pragma_update(None, "application_id", APPLICATION_ID)?;
        schema::migrate(conn, MIGRATIONS)
    };
    fill(&mut conn).map_err(|e| StoreError::sql(path, e))?;
    conn.close().map_err(|(_, e)| StoreError::sql(path, e))
}

/// Links rather than renames: another process that was quicker keeps its file.
fn place(new: &Path, path: &Path) -> Result<(), StoreError> {
    match fs::hard_link(new, path) {
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(()),
        // File systems without hard links (FAT).
        Err(e)
            if matches!(
                e.kind(),
                ErrorKind::Unsupported | ErrorKind::PermissionDenied
            ) =>
        {
            fs::rename(new, path).map_err(|e| StoreError::io(path, &e))
        }
        other => other.map_err(|e| StoreError::io(path, &e)),
    }
}

/// Makes the directory of a file, for its owner only.
pub(super) fn make_parent(path: &Path) -> Result<(), StoreError> {
    let Some(parent) = path.parent().filter(|p| !p.as_os_str().is_empty()) else {
        return Ok(());
    };
    if parent.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(parent)
        .map_err(|e| StoreError::io(parent, &e))
}

/// Makes an empty file for its owner only; SQLite gives its side files the same rights.
pub(super) fn private_file(path: &Path) -> std::io::Result<()> {
    private_options().create_new(true).open(path).map(drop)
}

/// Write access to a file that, where it is made, is its owner's only.
pub(super) fn private_options() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
