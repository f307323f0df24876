//! A body as it arrives: decompressed by us, counted decompressed, stopped at the limit.

use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::io::{self, Write};

/// How a body is packed (RFC 9110 §8.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Identity,
    Gzip,
    Deflate,
}

impl Coding {
    /// Reads the values of all `Content-Encoding` headers; None = a coding that was not asked for,
    /// or several on top of one another.
    pub(super) fn of<'a>(values: impl Iterator<Item = &'a str>) -> Option<Coding> {
        let mut coding = Coding::Identity;
        for word in values.flat_map(|v| v.split(',')).map(str::trim) {
            let this = match word.to_ascii_lowercase().as_str() {
                "" | "identity" => continue,
                "gzip" | "x-gzip" => Coding::Gzip,
                "deflate" => Coding::Deflate,
                _ => return None,
            };
            if coding != Coding::Identity {
                return None;
            }
            coding = this;
        }
        Some(coding)
    }
}

/// Bytes by which a packed body may be larger than what it holds.
const SPARE: usize = 64 * 1024;

/// What became of a piece of the body.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Took {
    /// Taken, more may come.
    Piece,
    /// The limit is reached.
    Full,
    /// The packed data is damaged.
    Damaged(String),
}

/// Collects one body.
pub(super) struct Body {
    packed: usize,
    max: usize,
    decoder: Decoder,
}

enum Decoder {
    Identity(Capped),
    Gzip(Box<MultiGzDecoder<Capped>>),
    // `deflate` means zlib, but old servers send it bare: the first two bytes tell.
    Unsure(Vec<u8>, Capped),
    Zlib(Box<ZlibDecoder<Capped>>),
    Bare(Box<DeflateDecoder<Capped>>),
}

impl Body {
    /// A body of at most `max` bytes once decompressed.
    pub(super) fn new(coding: Coding, max: usize) -> Body {
        let sink = Capped {
            bytes: Vec::new(),
            max,
            full: false,
        };
        let decoder = match coding {
            Coding::Identity => Decoder::Identity(sink),
            Coding::Gzip => Decoder::Gzip(Box::new(MultiGzDecoder::new(sink))),
            Coding::Deflate => Decoder::Unsure(Vec::new(), sink),
        };
        Body {
            packed: 0,
            max,
            decoder,
        }
    }

    /// Takes the next piece as it came over the wire.
    pub(super) fn take(&mut self, piece: &[u8]) -> Took {
        self.packed = self.packed.saturating_add(piece.len());
        let result = match &mut self.decoder {
            Decoder::Identity(sink) => sink.write_all(piece),
            Decoder::Gzip(decoder) => decoder.write_all(piece),
            Decoder::Zlib(decoder) => decoder.write_all(piece),
            Decoder::Bare(decoder) => decoder.write_all(piece),
            Decoder::Unsure(head, sink) => {
                head.extend_from_slice(piece);
                let [a, b, ..] = head.as_slice() else {
                    return Took::Piece;
                };
                let zlib = a & 0x0f == 8 && u16::from_be_bytes([*a, *b]) % 31 == 0;
                let head = std::mem::take(head);
                let sink = std::mem::take(sink);
                self.decoder = if zlib {
                    Decoder::Zlib(Box::new(ZlibDecoder::new(sink)))
                } else {
                    Decoder::Bare(Box::new(DeflateDecoder::new(sink)))
                };
                self.packed -= head.len();
                return self.take(&head);
            }
        };
        // Packing never makes an honest body much larger; empty members without end are work
        // that leads to nothing.
        let wasteful = self.packed > self.max.saturating_add(SPARE);
        match result {
            _ if self.sink().full || wasteful => Took::Full,
            Ok(()) => Took::Piece,
            Err(e) => Took::Damaged(e.to_string()),
        }
    }

    /// What has been collected so far, for a reader that is content with the beginning.
    pub(super) fn so_far(self) -> Vec<u8> {
        let mut body = self;
        std::mem::take(body.sink_mut()).bytes
    }

    /// The whole body.
    ///
    /// # Errors
    /// The packed data ends early or its checksum is wrong; [`Took::Full`] where its last bytes
    /// pass the limit.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, Took> {
        if self.packed == 0 {
            return Ok(Vec::new());
        }
        let ended = match &mut self.decoder {
            Decoder::Identity(_) => Ok(()),
            Decoder::Unsure(..) => Err(io::ErrorKind::UnexpectedEof.into()),
            Decoder::Gzip(decoder) => decoder.try_finish(),
            Decoder::Zlib(decoder) => decoder.try_finish(),
            Decoder::Bare(decoder) => decoder.try_finish(),
        };
        match ended {
            _ if self.sink().full => Err(Took::Full),
            Ok(()) => Ok(self.so_far()),
            Err(e) => Err(Took::Damaged(e.to_string())),
        }
    }

    fn sink(&self) -> &Capped {
        match &self.decoder {
            Decoder::Identity(sink) | Decoder::Unsure(_, sink) => sink,
            Decoder::Gzip(decoder) => decoder.get_ref(),
            Decoder::Zlib(decoder) => decoder.get_ref(),
            Decoder::Bare(decoder) => decoder.get_ref(),
        }
    }

    fn sink_mut(&mut self) -> &mut Capped {
        match &mut self.decoder {
            Decoder::Identity(sink) | Decoder::Unsure(_, sink) => sink,
            Decoder::Gzip(decoder) => decoder.get_mut(),
            Decoder::Zlib(decoder) => decoder.get_mut(),
            Decoder::Bare(decoder) => decoder.get_mut(),
        }
    }
}

/// A buffer that refuses to grow past its limit.
#[derive(Default)]
struct Capped {
    bytes: Vec<u8>,
    max: usize,
    full: bool,
}

impl Write for Capped {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let room = self.max.saturating_sub(self.bytes.len());
        match piece.get(..room) {
            Some(head) if piece.len() > room => {
                self.bytes.extend_from_slice(head);
                self.full = true;
                Err(io::Error::other("the limit is reached"))
            }
            _ => {
                self.bytes.extend_from_slice(piece);
                Ok(piece.len())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut e = GzEncoder::new(Vec::new(), Compression::default());
        e.write_all(text).unwrap();
        e.finish().unwrap()
    }

    fn read(coding: Coding, bytes: &[u8], step: usize, max: usize) -> Result<Vec<u8>, Took> {
        let mut body = Body::new(coding, max);
        for piece in bytes.chunks(step) {
            match body.take(piece) {
                Took::Piece => {}
                other => return Err(other),
            }
        }
        body.finish()
    }

    #[test]
    fn all_codings_in_any_pieces() {
        let text = "领取时间：3月10日至20日。".repeat(500).into_bytes();
        let mut z = ZlibEncoder::new(Vec::new(), Compression::default());
        z.write_all(&text).unwrap();
        let mut d = DeflateEncoder::new(Vec::new(), Compression::default());
        d.write_all(&text).unwrap();
        let two = [gzip(&text[..100]), gzip(&text[100..])].concat();
        let rows = [
            (Coding::Identity, text.clone()),
            (Coding::Gzip, gzip(&text)),
            (Coding::Gzip, two),
            (Coding::Deflate, z.finish().unwrap()),
            (Coding::Deflate, d.finish().unwrap()),
        ];
        for (coding, bytes) in rows {
            for step in [1, 7, 1 << 20] {
                assert_eq!(
                    read(coding, &bytes, step, 1 << 20).as_deref(),
                    Ok(&text[..]),
                    "{coding:?} in pieces of {step}"
                );
            }
        }
    }

    #[test]
    fn the_limit_counts_what_comes_out() {
        let bomb = gzip(&vec![b'a'; 4 << 20]);
        assert!(bomb.len() < 8192);
        assert_eq!(read(Coding::Gzip, &bomb, 512, 65536), Err(Took::Full));
        let exact = vec![b'a'; 65536];
        assert_eq!(
            read(Coding::Gzip, &gzip(&exact), 512, 65536).map(|b| b.len()),
            Ok(65536)
        );
    }

    #[test]
    fn damage_is_seen() {
        let whole = gzip(&b"text ".repeat(200));
        let cut = &whole[..whole.len() - 9];
        assert!(matches!(
            read(Coding::Gzip, cut, 64, 1 << 20),
            Err(Took::Damaged(_))
        ));
        let mut wrong = whole.clone();
        let at = wrong.len() - 6;
        wrong[at] ^= 0xff;
        assert!(matches!(
            read(Coding::Gzip, &wrong, 64, 1 << 20),
            Err(Took::Damaged(_))
        ));
        assert!(matches!(
            read(Coding::Gzip, b"<html>plain", 64, 1 << 20),
            Err(Took::Damaged(_))
        ));
        assert_eq!(read(Coding::Gzip, b"", 1, 10), Ok(Vec::new()));
    }

    #[test]
    fn codings_are_read_strictly() {
        let rows: [(&[&str], Option<Coding>); 8] = [
            (&[], Some(Coding::Identity)),
            (&["identity"], Some(Coding::Identity)),
            (&[" GZIP "], Some(Coding::Gzip)),
            (&["identity, deflate"], Some(Coding::Deflate)),
            (&["gzip, gzip"], None),
            (&["gzip", "gzip"], None),
            (&["br"], None),
            (&["utf-8"], None),
        ];
        for (values, want) in rows {
            assert_eq!(Coding::of(values.iter().copied()), want, "{values:?}");
        }
    }

    #[test]
    fn what_fits_is_kept_when_the_limit_is_passed_in_one_piece() {
        let mut body = Body::new(Coding::Identity, 10);
        assert_eq!(body.take(&vec![b'a'; 1 << 20]), Took::Full);
        assert_eq!(body.so_far(), b"aaaaaaaaaa");
    }
}
