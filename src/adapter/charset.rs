//! Bytes to text. Offices' headers and `<meta>` marks are often wrong, so the bytes speak first.
//!
//! Order: byte order mark, valid UTF-8 that holds a multi-byte character, the header's charset
//! (`ISO-8859-1` says nothing: servers send it by default), `<meta>` in the first 4 KB, then a
//! guess. Every `gb*` label is read as GB18030, the superset of GB 2312 and GBK. UTF-8 read as
//! GBK gives no decoding error, only rubbish, which is why UTF-8 is tried first and why the text
//! is looked at afterwards.

use crate::model::{Fault, Verdict};
use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use regex::bytes::Regex;
use std::sync::LazyLock;

/// A page as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without byte order mark.
    pub text: String,
    /// The charset's WHATWG name (`UTF-8`, `gb18030`).
    pub charset: &'static str,
}

/// How far into a page a `<meta charset>` counts. The standard says 1 KB; offices put long
/// comments and scripts before it.
const PRESCAN: usize = 4096;

/// Bytes that a guess looks at.
const SAMPLE: usize = 64 * 1024;

/// First bytes of files that are sent in place of a page.
const MAGIC: [(&[u8], &str); 9] = [
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip or Office file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x1f\x8b\x08", "a gzip file"),
];

static META: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?i-u)<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_\-]+)"#,
    )
    .ok()
});

/// Signs of a wrong charset.
static RUBBISH: LazyLock<Option<regex::Regex>> =
    LazyLock::new(|| regex::Regex::new("\u{fffd}|锛|鐨|鍏|銆|Ã|€").ok());

/// Decodes a page. `forced` is the label that a source's block gives.
///
/// # Errors
/// [`Verdict::NotDocument`] where the bytes are a file and no text, [`Verdict::Encoding`] where
/// no decoding gives readable text.
pub fn decode(
    bytes: &[u8],
    content_type: Option<&str>,
    forced: Option<&str>,
) -> Result<Decoded, Fault> {
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(not_text(&format!("the answer is {what}, not a page")));
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return finish(encoding, bytes.get(mark..).unwrap_or_default(), false);
    }
    if has_zeros(bytes) {
        return Err(not_text("the answer is binary, not a page"));
    }
    if let Some(encoding) = forced.and_then(label) {
        return finish(encoding, bytes, false);
    }
    match is_utf8(bytes) {
        true => finish(UTF_8, bytes, false),
        false => finish(declared(bytes, content_type), bytes, true),
    }
}

fn not_text(detail: &str) -> Fault {
    Fault::new(Verdict::NotDocument, "binary", detail)
}

/// A zero byte stands in no text of the charsets that offices use, but some old pages are padded
/// with a few at the end.
fn has_zeros(bytes: &[u8]) -> bool {
    if !bytes.contains(&0) {
        return false;
    }
    let end = bytes.iter().rposition(|b| *b != 0).map_or(0, |at| at + 1);
    let zeros = bytes.get(..end).unwrap_or_default();
    let zeros = zeros.iter().filter(|b| **b == 0).count();
    zeros > 8 || zeros * 100 > bytes.len()
}

/// Whether the bytes are UTF-8, where a last character may be cut.
fn is_utf8(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).map_or_else(
        |e| e.error_len().is_none() && e.valid_up_to() > bytes.len() / 2,
        |_| true,
    )
}

/// The charset that header, `<meta>` or a guess names for bytes that are not UTF-8.
fn declared(bytes: &[u8], content_type: Option<&str>) -> &'static Encoding {
    let header = content_type.and_then(|value| {
        let lower = value.to_ascii_lowercase();
        let (_, rest) = lower.split_once("charset")?;
        let name = rest.trim_start().strip_prefix('=')?;
        let name = name
            .split([';', ','])
            .next()?
            .trim()
            .trim_matches(['"', '\'']);
        label(name).filter(|e| *e != encoding_rs::WINDOWS_1252)
    });
    header
        .or_else(|| {
            let head = bytes.get(..PRESCAN).unwrap_or(bytes);
            let name = META.as_ref()?.captures(head)?.get(1)?;
            label(std::str::from_utf8(name.as_bytes()).ok()?)
        })
        // A page that can be read says that it is ASCII-compatible: a UTF-16 mark is wrong.
        .filter(|e| *e != UTF_16LE && *e != UTF_16BE)
        .unwrap_or_else(|| guess(bytes))
}

/// Chinese offices without a mark write GBK; Big5 is believed only where the statistics say so.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes.get(..SAMPLE).unwrap_or(bytes), bytes.len() <= SAMPLE);
    let found = detector.guess(Some(b"cn"), chardetng::Utf8Detection::Allow);
    if found == BIG5 || found == UTF_8 {
        found
    } else {
        GB18030
    }
}

/// The encoding of a label as pages write it; every `gb*` is GB18030.
fn label(name: &str) -> Option<&'static Encoding> {
    let name = name.trim();
    if name.get(..2).is_some_and(|p| p.eq_ignore_ascii_case("gb")) {
        return Some(GB18030);
    }
    Encoding::for_label(name.as_bytes())
}

/// Decodes, and looks whether the result is readable. `again` tries the other usual charset first
/// before it gives up.
fn finish(encoding: &'static Encoding, bytes: &[u8], again: bool) -> Result<Decoded, Fault> {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    if readable(&text) {
        return Ok(Decoded {
            text: text.into_owned(),
            charset: encoding.name(),
        });
    }
    if again {
        let other = if encoding == UTF_8 { GB18030 } else { UTF_8 };
        return finish(other, bytes, false);
    }
    Err(Fault::new(
        Verdict::Encoding,
        "mojibake",
        format!("read as {}, the page is rubbish", encoding.name()),
    ))
}

/// Whether the characters that UTF-8 read as GBK (锛 for ，), UTF-8 read as Latin-1 (Ã, â€) or a
/// failed decoding (U+FFFD) leave behind are rare: less than 3 in 100 non-ASCII characters.
fn readable(text: &str) -> bool {
    // Every character beyond ASCII has one leading byte.
    let leading = |part: &[u8]| part.iter().map(|b| u8::from(*b >= 0xc0)).sum::<u8>();
    let all: usize = text
        .as_bytes()
        .chunks(128)
        .map(|p| usize::from(leading(p)))
        .sum();
    let (mut bad, mut from) = (0usize, 0);
    for sign in RUBBISH.iter().flat_map(|r| r.find_iter(text)) {
        // € is a sign only right after â, apart from ASCII.
        let between = text.get(from..sign.start()).unwrap_or("");
        let last = || between.chars().rfind(|c| !c.is_ascii());
        bad += usize::from(sign.as_str() != "€" || last() == Some('â'));
        from = sign.end();
    }
    bad < 4 || bad * 100 <= all * 3
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "<p>关于领取证书的公告，请于工作日办理。地点：政务大厅；电话见附件。</p>";

    #[test]
    fn order_of_evidence() {
        let gb = |t: &str| GB18030.encode(t).0.into_owned();
        let with_meta = |charset: &str| format!("<meta charset=\"{charset}\">{TEXT}");
        let mut bom = b"\xef\xbb\xbf".to_vec();
        bom.extend_from_slice(TEXT.as_bytes());
        let cut = TEXT.as_bytes()[..TEXT.len() - 5].to_vec();
        let rows = [
            (TEXT.as_bytes().to_vec(), None, None, "UTF-8"),
            (bom, Some("text/html; charset=gbk"), None, "UTF-8"),
            (
                with_meta("gb2312").into_bytes(),
                Some("text/html;charset=gb2312"),
                None,
                "UTF-8",
            ),
            (gb(TEXT), None, None, "gb18030"),
            (
                gb(TEXT),
                Some("text/html; charset=ISO-8859-1"),
                None,
                "gb18030",
            ),
            (
                gb(TEXT),
                Some("text/html; charset=\"GBK\""),
                None,
                "gb18030",
            ),
            (gb(&with_meta("gb-2312")), None, None, "gb18030"),
            (gb(&with_meta("utf-8")), None, None, "gb18030"),
            (gb(TEXT), None, Some("gb2312"), "gb18030"),
            (
                b"<p>plain</p>".to_vec(),
                Some("text/html; charset=gbk"),
                None,
                "UTF-8",
            ),
            (cut, None, None, "UTF-8"),
        ];
        for (n, (bytes, header, forced, want)) in rows.into_iter().enumerate() {
            let got = decode(&bytes, header, forced).expect("decodes");
            assert_eq!(got.charset, want, "row {n}");
            assert!(bytes.is_ascii() || got.text.contains("领取证书"), "row {n}");
        }
    }

    #[test]
    fn refuses_files_and_rubbish() {
        let mojibake = GB18030.decode(TEXT.repeat(3).as_bytes()).0.into_owned();
        let rows: [(&[u8], Verdict); 5] = [
            (b"%PDF-1.4 x", Verdict::NotDocument),
            (b"PK\x03\x04....", Verdict::NotDocument),
            (
                b"\x01\x00\x02\x00\x03\x00\x04\x00\x05\x00\x06\x00\x07\x00\x08\x00\x09\x00\x01",
                Verdict::NotDocument,
            ),
            (
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest",
                Verdict::NotDocument,
            ),
            (mojibake.as_bytes(), Verdict::Encoding),
        ];
        for (bytes, want) in rows {
            assert_eq!(
                decode(bytes, None, None).expect_err("refused").verdict,
                want
            );
        }
    }
}
