//! Text from the wire made harmless for a terminal: no control characters, no escape sequences,
//! and marks that reorder text made visible.

/// Removes C0 and C1 controls (line breaks and tabs become blanks) and shows bidirectional and
/// other invisible format marks as `�`-free escapes like `<202E>`.
pub fn terminal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' | '\r' => out.push(' '),
            c if c.is_control() => {}
            '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}'
            | '\u{061c}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}' => out.push_str(&format!("<{:04X}>", c as u32)),
            c => out.push(c),
        }
    }
    out
}

/// At most `chars` characters, with `…` where something was cut.
pub fn short(text: &str, chars: usize) -> String {
    if text.chars().count() <= chars {
        return text.to_string();
    }
    let mut out: String = text.chars().take(chars.saturating_sub(1)).collect();
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_the_wire_moves_the_cursor() {
        assert_eq!(
            terminal("a\x1b[31mb\u{9b}c\nd\u{202e}e\0"),
            "a[31mbc d<202E>e"
        );
        assert_eq!(short("领取证书的通知", 5), "领取证书…");
    }
}
