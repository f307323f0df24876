//! The recorded rounds of `fixtures/`, built into the program for `demo`.

use include_dir::{Dir, include_dir};

/// The offices of the demo, in the order in which they are told.
pub(super) const OFFICES: [&str; 6] = ["gx", "gd", "he", "nm", "hanweb", "cn-ruankao-contact"];

static GX: Dir = include_dir!("$CARGO_MANIFEST_DIR/fixtures/gx");
static GD: Dir = include_dir!("$CARGO_MANIFEST_DIR/fixtures/gd");
static HE: Dir = include_dir!("$CARGO_MANIFEST_DIR/fixtures/he");
static NM: Dir = include_dir!("$CARGO_MANIFEST_DIR/fixtures/nm");
static HANWEB: Dir = include_dir!("$CARGO_MANIFEST_DIR/fixtures/_family/hanweb");
static CONTACT: Dir = include_dir!("$CARGO_MANIFEST_DIR/fixtures/cn-ruankao-contact");

/// The bytes of `gx/1/pages.toml` and its like.
pub(super) fn file(path: &str) -> Option<&'static [u8]> {
    let (office, rest) = path.split_once('/')?;
    let dir = match office {
        "gx" => &GX,
        "gd" => &GD,
        "he" => &HE,
        "nm" => &NM,
        "hanweb" => &HANWEB,
        "cn-ruankao-contact" => &CONTACT,
        _ => return None,
    };
    dir.get_file(rest).map(|f| f.contents())
}
