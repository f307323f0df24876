//! The bad answers that a server may give, each with what must become of it.

use super::server::{Act, page};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::time::Duration;

/// What the client must say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    /// A page with this status and so many bytes.
    Page(u16, usize),
    /// A fault whose reason is one of these.
    Fault(&'static [&'static str]),
}

/// One bad answer; its name is its path on the server.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) act: Act,
    pub(crate) want: Want,
}

impl Case {
    /// Nothing but the deadline may end it.
    pub(crate) fn hangs(&self) -> bool {
        matches!(self.want, Want::Fault(reasons) if reasons.contains(&"timeout"))
    }
}

/// Most bytes that the test's client takes.
pub(crate) const MAX: usize = 1 << 20;

const HANG: Want = Want::Fault(&["timeout"]);
const LARGE: Want = Want::Fault(&["too_large"]);
const CUT: Want = Want::Fault(&["incomplete"]);
const PACKED: Want = Want::Fault(&["unsupported_encoding"]);
const HTTP: Want = Want::Fault(&["http"]);
const LOOP: Want = Want::Fault(&["redirects"]);

fn say(text: &str) -> Act {
    Act::Say(text.as_bytes().to_vec())
}

fn ok(headers: &str, body: &[u8]) -> Act {
    page("200 OK", headers, body)
}

fn to(location: &str) -> Act {
    page("302 Found", &format!("Location: {location}\r\n"), b"moved")
}

fn endless(head: &str, piece: &[u8]) -> Act {
    Act::Repeat(head.into(), piece.repeat(64), Duration::ZERO)
}

fn slow(head: &str, piece: &str) -> Act {
    Act::Repeat(head.into(), piece.into(), Duration::from_millis(200))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// All of them. `/ok` is no case: it is where good redirects end, with a body of two bytes.
#[rustfmt::skip] // a table: one row, one line
pub(crate) fn cases() -> Vec<Case> {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunk = [b"400\r\n".as_slice(), &[b'x'; 0x400], b"\r\n"].concat();
    let open = "HTTP/1.1 200 OK\r\n\r\n";
    let bomb = gzip(&vec![b' '; 64 << 20]);
    let packed = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n";
    let size = format!("Transfer-Encoding: chunked\r\n\r\n{:x}\r\n", bomb.len());
    let bomb_chunk = [packed, size.as_bytes(), &bomb, b"\r\n0\r\n\r\n"].concat();
    // A gzip header that announces a file name.
    let named = [packed.as_slice(), b"\r\n\x1f\x8b\x08\x08\0\0\0\0\0\x03"].concat();
    let text = gzip(&b"<p>notice</p>".repeat(100));
    let cut_gzip = &text[..text.len() - 12];
    let mut bad_crc = text.clone();
    let at = bad_crc.len() - 7;
    bad_crc[at] ^= 0x55;
    let big_header = format!("X-Big: {}\r\n", "a".repeat(1 << 20));
    let many = "X-A: b\r\n".repeat(5000);
    let cookies = format!("Set-Cookie: k={}\r\n", "v".repeat(3900)).repeat(90);
    let long_to = format!("/{}", "a".repeat(200_000));
    let deep_to = format!("/{}", "a".repeat(20_000));
    let gz = "Content-Encoding: gzip\r\n";
    let row = |name, act, want| Case { name, act, want };
    vec![
        // Too much.
        row("endless-chunked", endless(chunked, &chunk), LARGE),
        row("endless-close-delimited", endless(open, &[b'x'; 1024]), LARGE),
        row("endless-html", endless(open, "<div>领取".as_bytes()), LARGE),
        row("endless-on-404", endless("HTTP/1.1 404 Not Found\r\n\r\n", &[b'x'; 1024]), LARGE),
        row("length-10e15", Act::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000000\r\n\r\nx".to_vec()), LARGE),
        row("just-over-the-limit", ok("", &vec![b'x'; MAX + 1]), LARGE),
        row("just-at-the-limit", ok("", &vec![b'x'; MAX]), Want::Page(200, MAX)),
        row("gzip-bomb", ok(gz, &bomb), LARGE),
        row("gzip-bomb-chunked", Act::Say(bomb_chunk), LARGE),
        row("gzip-bomb-in-a-bomb", ok(gz, &gzip(&bomb.repeat(40))), LARGE),
        row("gzip-endless-name", Act::Repeat(named, vec![b'a'; 4096], Duration::ZERO), CUT),
        row("gzip-endless-nothing", endless("HTTP/1.1 200 OK
Content-Encoding: gzip

", &gzip(b"")), LARGE),
        row("deflate-bomb", ok("Content-Encoding: deflate\r\n", &bomb[10..bomb.len() - 8]), LARGE),
        // Packed otherwise than asked.
        row("brotli", ok("Content-Encoding: br\r\n", &[0xcf, 0xff, 0xff, 0x7f]), PACKED),
        row("zstd-window", ok("Content-Encoding: zstd\r\n", &[0x28, 0xb5, 0x2f, 0xfd, 0, 0xa0]), PACKED),
        row("gzip-twice", ok("Content-Encoding: gzip, gzip\r\n", &gzip(&text)), PACKED),
        row("gzip-in-two-headers", ok(&gz.repeat(2), &gzip(&text)), PACKED),
        row("deflate-then-br", ok("Content-Encoding: deflate, br\r\n", b"x"), PACKED),
        row("encoding-unknown", ok("Content-Encoding: utf-8\r\n", b"x"), PACKED),
        row("encoding-not-text", Act::Say(b"HTTP/1.1 200 OK\r\nContent-Encoding: \xb0\xb0\r\nContent-Length: 1\r\n\r\nx".to_vec()), PACKED),
        row("encoding-identity", ok("Content-Encoding: identity\r\n", b"ok"), Want::Page(200, 2)),
        row("gzip-good", ok(gz, &text), Want::Page(200, 1300)),
        row("gzip-in-two-members", ok(gz, &[text.as_slice(), &text].concat()), Want::Page(200, 2600)),
        row("gzip-that-is-html", ok(gz, b"<html>not packed</html>"), CUT),
        row("gzip-cut", ok(gz, cut_gzip), CUT),
        row("gzip-bad-checksum", ok(gz, &bad_crc), CUT),
        row("gzip-head-only", ok(gz, &text[..6]), CUT),
        row("gzip-empty", ok(gz, b""), Want::Page(200, 0)),
        // Too slow.
        row("silent", Act::Hang(Vec::new()), HANG),
        row("silent-after-status", Act::Hang(b"HTTP/1.1 200 OK\r\n".to_vec()), HANG),
        row("silent-after-head", Act::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n".to_vec()), HANG),
        row("silent-in-body", Act::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc".to_vec()), HANG),
        row("slow-status", slow("", "H"), Want::Fault(&["timeout", "http"])),
        row("slow-headers", slow("HTTP/1.1 200 OK\r\n", "X-A: b\r\n"), HANG),
        row("slow-body", slow("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", "x"), HANG),
        row("slow-chunks", slow(chunked, "1\r\nx\r\n"), HANG),
        row("slow-close-delimited", slow(open, "x"), HANG),
        row("slow-gzip", slow("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f", "\x08"), Want::Fault(&["timeout", "incomplete"])),
        row("slow-404", slow("HTTP/1.1 404 Not Found\r\n\r\n", "x"), HANG),
        // Headers without end.
        row("endless-headers", endless("HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"), Want::Fault(&["too_large", "http"])),
        row("endless-header", endless("HTTP/1.1 200 OK\r\nX-A: ", b"aaaaaaaa"), Want::Fault(&["too_large", "http"])),
        row("many-headers", ok(&many, b"x"), Want::Fault(&["too_large", "http"])),
        row("big-header", ok(&big_header, b"x"), Want::Fault(&["too_large", "http", "reset"])),
        row("cookie-flood", ok(&cookies, b"ok"), Want::Page(200, 2)),
        row("100-flood", endless("", b"HTTP/1.1 100 Continue\r\n\r\n"), Want::Fault(&["timeout", "http"])),
        row("103-flood", endless("", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"), Want::Fault(&["timeout", "http"])),
        row("endless-trailers", endless(&format!("{chunked}1\r\nx\r\n0\r\n"), b"X-A: b\r\n"), CUT),
        row("endless-chunk-extension", endless(&format!("{chunked}1;a="), b"aaaaaaaa"), CUT),
        row("endless-chunk-size", endless(chunked, b"00000000"), Want::Fault(&["timeout", "incomplete"])),
        // Cut short.
        row("closed-at-once", Act::Say(Vec::new()), Want::Fault(&["closed"])),
        row("reset-at-once", Act::Reset(Vec::new()), Want::Fault(&["reset", "closed"])),
        row("closed-in-head", say("HTTP/1.1 200 OK\r\nContent-Le"), Want::Fault(&["closed", "http"])),
        row("length-too-long", say("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nshort"), CUT),
        row("chunk-without-end", say(&format!("{chunked}5\r\nhello\r\n")), CUT),
        row("chunk-cut", say(&format!("{chunked}50\r\nhello")), CUT),
        row("reset-in-body", Act::Reset(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nshort".to_vec()), Want::Fault(&["incomplete", "reset", "closed"])),
        row("chunk-size-rubbish", say(&format!("{chunked}zz\r\nhello\r\n0\r\n\r\n")), CUT),
        row("chunk-size-overflow", say(&format!("{chunked}ffffffffffffffffff\r\nhello")), CUT),
        row("chunk-size-negative", say(&format!("{chunked}-5\r\nhello\r\n0\r\n\r\n")), CUT),
        row("chunk-without-crlf", say(&format!("{chunked}5\r\nhello0\r\n\r\n")), CUT),
        // Lengths that contradict.
        row("two-lengths", say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\nhello"), HTTP),
        row("same-length-twice", say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok"), Want::Page(200, 2)),
        row("length-negative", say("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nok"), HTTP),
        row("length-rubbish", say("HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\nok"), HTTP),
        row("length-and-chunked", say("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"), Want::Page(200, 2)),
        row("second-answer-behind", say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"), Want::Page(200, 2)),
        row("bytes-behind", say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok trailing"), Want::Page(200, 2)),
        // What browsers forgive.
        row("header-without-colon", say("HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 2\r\n\r\nok"), Want::Page(200, 2)),
        row("blank-before-colon", say("HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok"), Want::Page(200, 2)),
        row("folded-header", say("HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\nContent-Length: 2\r\n\r\nok"), Want::Page(200, 2)),
        row("lf-only", say("HTTP/1.1 200 OK\nContent-Length: 2\n\nok"), Want::Page(200, 2)),
        row("gbk-header", Act::Say(b"HTTP/1.1 200 OK\r\nX-A: \xd6\xa4\xca\xe9\r\nContent-Length: 2\r\n\r\nok".to_vec()), Want::Page(200, 2)),
        row("http-1.0", say("HTTP/1.0 200 OK\r\n\r\nok"), Want::Page(200, 2)),
        row("reason-missing", say("HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok"), Want::Page(200, 2)),
        row("reason-gbk", Act::Say(b"HTTP/1.1 200 \xd6\xa4\r\nContent-Length: 2\r\n\r\nok".to_vec()), Want::Page(200, 2)),
        // No HTTP.
        row("no-status-line", say("<html>hello</html>"), HTTP),
        row("http-0.9", say("hello\r\n\r\n"), HTTP),
        row("http-9.9", say("HTTP/9.9 200 OK\r\n\r\n"), HTTP),
        row("status-rubbish", say("HTTP/1.1 abc OK\r\n\r\n"), HTTP),
        row("status-two-digits", say("HTTP/1.1 20 OK\r\n\r\n"), HTTP),
        row("status-colon", say("HTTP/1.1 200: OK\r\nContent-Length: 2\r\n\r\nok"), HTTP),
        row("ssh-banner", say("SSH-2.0-OpenSSH_9.2\r\n"), HTTP),
        row("tls-alert", Act::Say(vec![0x15, 3, 1, 0, 2, 2, 0x46]), HTTP),
        row("nul-bytes", Act::Say(vec![0; 4096]), HTTP),
        row("http2-preface", Act::Say(vec![0, 0, 0, 4, 0, 0, 0, 0, 0]), HTTP),
        // Odd statuses.
        row("status-999", page("999 Denied", "", b"no"), Want::Page(999, 2)),
        row("status-500", page("500 Oops", "", b"no"), Want::Page(500, 2)),
        row("204-with-body", page("204 No Content", "", b"body"), Want::Page(204, 0)),
        row("206-unasked", page("206 Partial Content", "Content-Range: bytes 0-1/9\r\n", b"ok"), Want::Page(206, 2)),
        row("304-unasked", say("HTTP/1.1 304 Not Modified\r\n\r\n"), HTTP),
        row("101-switch", say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"), Want::Fault(&["http", "closed"])),
        // Redirects.
        row("redirect-good", to("/ok"), Want::Page(200, 2)),
        row("redirect-307", page("307 Temporary", "Location: ok\r\n", b""), Want::Page(200, 2)),
        row("redirect-no-scheme", to("//{addr}/ok"), Want::Page(200, 2)),
        row("redirect-raw-utf8", to("/ok?领取"), Want::Page(200, 2)),
        row("redirect-to-itself", to("/redirect-to-itself"), LOOP),
        row("redirect-ping", to("/redirect-pong"), LOOP),
        row("redirect-pong", to("/redirect-ping"), LOOP),
        row("redirect-ever-deeper", to("/redirect-ever-deeper/x"), LOOP),
        row("redirect-no-location", page("302 Found", "", b"x"), LOOP),
        row("redirect-empty-location", to(""), LOOP),
        row("redirect-location-rubbish", to("http://[::1"), LOOP),
        row("redirect-location-200k", to(&long_to), LOOP),
        row("redirect-location-20k", to(&deep_to), LOOP),
        row("redirect-endless-body", Act::Repeat(b"HTTP/1.1 302 Found\r\nLocation: /ok\r\n\r\n".to_vec(), vec![b'x'; 4096], Duration::ZERO), Want::Page(200, 2)),
        row("redirect-cookie-loop", page("302 Found", "Location: /redirect-cookie-loop\r\nSet-Cookie: a=b\r\n", b""), LOOP),
        row("redirect-private", to("http://192.168.1.1/"), Want::Fault(&["address"])),
        row("redirect-metadata", to("http://169.254.169.254/latest/"), Want::Fault(&["address"])),
        row("redirect-other-port", to("http://127.0.0.1:22/"), Want::Fault(&["address"])),
        row("redirect-hex", to("http://0x7f000001/"), Want::Fault(&["address"])),
        row("redirect-localhost", to("http://localhost:6379/"), Want::Fault(&["address"])),
        row("redirect-userinfo", to("http://{addr}@evil.example/"), Want::Fault(&["url"])),
        row("redirect-off-host", to("http://www.example.com/"), Want::Fault(&["off_host"])),
        row("redirect-file", to("file:///etc/passwd"), Want::Fault(&["scheme"])),
        row("redirect-javascript", to("javascript:alert(1)"), Want::Fault(&["scheme"])),
        row("redirect-data", to("data:text/html,x"), Want::Fault(&["scheme"])),
        row("redirect-gopher", to("gopher://{addr}/"), Want::Fault(&["scheme"])),
    ]
}
