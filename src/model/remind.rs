//! What the user wants to be reminded of: the `[[remind]]` blocks of the settings.

use serde::{Deserialize, Serialize};

/// One block: where, what for, when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Remind {
    /// Its name: under another name it is another reminder.
    pub name: String,
    /// Regions by id; empty = those that are watched.
    pub regions: Vec<String>,
    /// Exam id; None = every watched exam.
    pub exam: Option<String>,
    /// Sitting id (`2026H2`); None = the one whose certificates are due.
    pub sitting: Option<String>,
    /// At least one.
    pub when: Vec<When>,
}

/// On what occasion. Days count back from the day that is reminded of; 0 = the day itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum When {
    /// A notice is out and something of it is still to come.
    Out,
    /// A window opens in so many days.
    Opens(u16),
    /// A window's last day is in so many days.
    Closes(u16),
    /// An office changed dates, ways or places, or withdrew the notice.
    Changed,
    /// The notice should be out and is not.
    Late,
    /// Uncollected certificates are kept for so many days more.
    Destruction(u16),
}

/// Most days ahead: five years, as long as certificates are kept.
const MOST: u16 = 1827;

impl TryFrom<String> for When {
    type Error = String;
    fn try_from(text: String) -> Result<When, String> {
        let days = |word: &str| -> Option<u16> {
            let rest = text.strip_prefix(word)?;
            let Some(number) = rest.strip_prefix('-') else {
                return rest.is_empty().then_some(0);
            };
            let plain = number.bytes().all(|b| b.is_ascii_digit());
            number.parse().ok().filter(|n| plain && *n <= MOST)
        };
        match text.as_str() {
            "out" => Some(When::Out),
            "changed" => Some(When::Changed),
            "late" => Some(When::Late),
            "closing-day" => Some(When::Closes(0)),
            _ => (days("opens").map(When::Opens))
                .or_else(|| days("closes").map(When::Closes))
                .or_else(|| days("destruction").map(When::Destruction)),
        }
        .ok_or_else(|| {
            "`when` holds out, opens, opens-N, closes-N, closing-day, changed, late and \
             destruction-N, N being days"
                .to_owned()
        })
    }
}

impl From<When> for String {
    fn from(when: When) -> String {
        when.to_string()
    }
}

impl std::fmt::Display for When {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            When::Out => f.write_str("out"),
            When::Changed => f.write_str("changed"),
            When::Late => f.write_str("late"),
            When::Closes(0) => f.write_str("closing-day"),
            When::Opens(0) => f.write_str("opens"),
            When::Opens(n) => write!(f, "opens-{n}"),
            When::Closes(n) => write!(f, "closes-{n}"),
            When::Destruction(n) => write!(f, "destruction-{n}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_when() {
        for (text, want) in [
            ("out", When::Out),
            ("opens", When::Opens(0)),
            ("opens-2", When::Opens(2)),
            ("closes-3", When::Closes(3)),
            ("closing-day", When::Closes(0)),
            ("changed", When::Changed),
            ("late", When::Late),
            ("destruction-180", When::Destruction(180)),
        ] {
            let when = When::try_from(text.to_owned()).unwrap();
            assert_eq!((when, when.to_string().as_str()), (want, text));
        }
        for bad in [
            "",
            "close",
            "closes--3",
            "closes-+3",
            "opens-",
            "closes-99999",
            "Out",
            "late-3",
        ] {
            assert!(When::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
