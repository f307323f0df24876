//! The token that opens a board to others. Kept as digests only, compared in constant time.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Name of the cookie.
const COOKIE: &str = "lingzheng";
/// Seconds that a browser keeps it: 30 days.
const KEPT: u32 = 30 * 24 * 3600;

/// A token, as digests.
#[derive(Clone)]
pub struct Token {
    digest: [u8; 32],
    /// What a cookie holds: a keyed digest, so that the token itself lies in no browser.
    cookie: String,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}

impl Token {
    /// Takes a token that can hold 128 bits: 32 hexadecimal digits, or 22 characters of another
    /// alphabet, at least ten of them different.
    ///
    /// # Errors
    /// One line for people, which does not repeat the token.
    pub fn new(text: &str) -> Result<Token, String> {
        let plain = text.bytes().all(|b| b.is_ascii_graphic());
        let fewest = if text.bytes().all(|b| b.is_ascii_hexdigit()) {
            32
        } else {
            22
        };
        let mut letters: Vec<u8> = text.bytes().collect();
        letters.sort_unstable();
        letters.dedup();
        if !plain || !(fewest..=512).contains(&text.len()) || letters.len() < 10 {
            return Err(
                "a token of at least 128 random bits is needed, e.g. from: openssl rand -hex 32"
                    .into(),
            );
        }
        let mut mac = Hmac::<Sha256>::new_from_slice(text.as_bytes())
            .map_err(|_| "this token cannot be used".to_string())?;
        mac.update(b"lingzheng board cookie 1");
        Ok(Token {
            digest: Sha256::digest(text.as_bytes()).into(),
            cookie: mac
                .finalize()
                .into_bytes()
                .iter()
                .map(|b| format!("{b:02x}"))
                .collect(),
        })
    }

    /// Whether this is the token.
    pub fn is(&self, given: &str) -> bool {
        let given: [u8; 32] = Sha256::digest(given.as_bytes()).into();
        given.ct_eq(&self.digest).into()
    }

    /// `Set-Cookie` for a browser that knows the token (RFC 6265).
    pub fn set_cookie(&self) -> String {
        format!(
            "{COOKIE}={}; Path=/; Max-Age={KEPT}; HttpOnly; SameSite=Strict",
            self.cookie
        )
    }

    /// Whether a `Cookie` header holds it.
    pub fn in_cookies(&self, header: &str) -> bool {
        header.split(';').any(|pair| {
            let pair = pair.trim().split_once('=');
            pair.is_some_and(|(name, value)| {
                name == COOKIE && bool::from(value.as_bytes().ct_eq(self.cookie.as_bytes()))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weak_token_is_refused_and_a_good_one_opens() {
        for weak in [
            "",
            "password",
            &"a".repeat(64),
            "0123456789abcdef",
            "0123456789 abcdefghijkl",
        ] {
            let error = Token::new(weak).unwrap_err();
            assert!(weak.is_empty() || !error.contains(weak), "{error}");
        }
        let text = "3f2a9c0d4e5b6a798877665544332211";
        let token = Token::new(text).unwrap();
        assert!(token.is(text));
        for wrong in [
            "",
            "3f2a9c0d4e5b6a79887766554433221",
            "3F2A9C0D4E5B6A798877665544332211",
        ] {
            assert!(!token.is(wrong), "{wrong}");
        }
        let cookie = token.set_cookie();
        let pair = cookie.split(';').next().unwrap();
        assert!(token.in_cookies(pair) && token.in_cookies(&format!("a=b; {pair}")));
        assert!(!token.in_cookies(&format!("x{pair}")) && !token.in_cookies("lingzheng="));
        assert!(!cookie.contains(text) && !format!("{token:?}").contains('3'));
    }
}
