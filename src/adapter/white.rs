//! White space and unseen characters: what stands between two words of a page.

/// White space that is held back, the stronger kind later.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Gap {
    #[default]
    None,
    /// Plain blanks.
    Blank,
    /// Plain white space with a line break of the source in it: unseen between Chinese characters.
    Soft,
    /// `&nbsp;`, U+3000, or a line end inside a cell: always seen.
    Hard,
}

/// Whether a source line break between two characters is invisible: Chinese has no blanks. Two
/// digits stay apart, for joining them would make a number that the page does not show.
pub(crate) fn joins(left: char, right: char) -> bool {
    let tight = |c: char| is_wide(c) || c.is_ascii_digit();
    tight(left) && tight(right) && (is_wide(left) || is_wide(right))
}

/// Han characters, kana and full-width punctuation.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}' | '“' | '”' | '‘' | '’' | '—' | '…' | '·')
}

/// Characters that are not seen: zero width, direction marks, soft hyphen, controls.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}')
        || (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}'))
}
