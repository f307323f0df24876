//! Which calendar day words without a year mean, and which days a length spans.

use super::token::{Partial, Token, Unit, Value, Year};
use crate::model::Date;
use jiff::ToSpan;

/// What a reading rests on.
pub(super) struct Frame {
    /// The published date, or what stands in for it.
    pub near: Option<Date>,
}

impl Partial {
    /// The same day with what it leaves out taken from an earlier one.
    pub(super) fn after(self, earlier: Option<Partial>) -> Partial {
        Partial {
            year: self.year.or(earlier.and_then(|e| e.year)),
            month: self.month.or(earlier.and_then(|e| e.month)),
            ..self
        }
    }
}

impl Frame {
    /// First and last day of a date with a year of its own or one found from the published date.
    pub(super) fn days(&self, p: Partial) -> Result<(Date, Date), &'static str> {
        let month = p.month.ok_or("half_lost_date")?;
        let year = match (p.year, self.near) {
            (Some(Year::Exact(y)), _) => y,
            (Some(Year::Step(n)), Some(near)) => near.year() + n,
            (None, Some(near)) => nearest(near, month, p.day.unwrap_or(1)),
            (_, None) => return Err("no_year"),
        };
        stretch(p, year, month)
    }
}

/// How long before its publication, in days, a notice may speak of a deadline that is over.
const OVER: i32 = 31;

impl Frame {
    /// The same for a deadline: one without a year that would be long over when the notice was
    /// published is the next year's.
    pub(super) fn ahead(&self, p: Partial) -> Result<(Date, Date), &'static str> {
        let found = self.days(p)?;
        let over = self.near.and_then(|near| found.1.until(near).ok());
        match (p.year, over) {
            (None, Some(gap)) if gap.get_days() > OVER => {
                let month = p.month.ok_or("half_lost_date")?;
                stretch(p, found.0.year() + 1, month)
            }
            _ => Ok(found),
        }
    }
}

/// The year in which a day without one lies: notices speak of what opened up to four months ago,
/// and of what comes within the eight months after.
fn nearest(near: Date, month: i8, day: i8) -> i16 {
    let months = i32::from(month) - i32::from(near.month());
    let back = -4;
    let step = if months < back || (months == back && day < near.day()) {
        1
    } else if months > 12 + back || (months == 12 + back && day >= near.day()) {
        -1
    } else {
        0
    };
    near.year() + step
}

fn stretch(p: Partial, year: i16, month: i8) -> Result<(Date, Date), &'static str> {
    let day = |d: i8| Date::new(year, month, d).map_err(|_| "no_such_day");
    let first = day(p.day.unwrap_or(1))?;
    let last = match p.last {
        None => first,
        Some(31) => first.last_of_month(),
        Some(d) => day(d)?,
    };
    Ok((first, last))
}

/// Longest range, in days, that may be taken to run over New Year where no year is written.
const OVER_NEW_YEAR: i32 = 200;

/// Start and end of two dates of which either may lack its year, and the second its month.
pub(super) fn span_of(frame: &Frame, a: Partial, b: Partial) -> Result<(Date, Date), &'static str> {
    const BEFORE: &str = "end_before_start";
    let b = Partial {
        month: b.month.or(a.month),
        ..b
    };
    if a.year.is_none() && b.year.is_some() {
        let end = frame.days(b)?.1;
        let month = a.month.ok_or("half_lost_date")?;
        let start = stretch(a, end.year(), month)?.0;
        if start <= end {
            return Ok((start, end));
        }
        let start = stretch(a, end.year() - 1, month)?.0;
        return within(start, end).then_some((start, end)).ok_or(BEFORE);
    }
    let start = frame.days(a)?.0;
    let month = b.month.ok_or("half_lost_date")?;
    if b.year.is_some() {
        let end = frame.days(b)?.1;
        return (start <= end).then_some((start, end)).ok_or(BEFORE);
    }
    let end = stretch(b, start.year(), month)?.1;
    if start <= end {
        return Ok((start, end));
    }
    let end = stretch(b, start.year() + 1, month)?.1;
    within(start, end).then_some((start, end)).ok_or(BEFORE)
}

fn within(start: Date, end: Date) -> bool {
    start
        .until(end)
        .is_ok_and(|s| s.get_days() <= OVER_NEW_YEAR)
}

/// The day that lies a length of the match after a start; None for working days.
pub(super) fn length_after(start: Date, slice: &[Token]) -> Result<Option<Date>, &'static str> {
    let found = slice.iter().find_map(|t| match t.value {
        Value::Length(n, unit) => Some((i64::from(n), unit)),
        _ => None,
    });
    let span = match found {
        Some((n, Unit::Days)) => n.days(),
        Some((n, Unit::Weeks)) => n.weeks(),
        Some((n, Unit::Months)) => n.months(),
        Some((n, Unit::Years)) => n.years(),
        Some((_, Unit::Workdays)) | None => return Ok(None),
    };
    start.checked_add(span).map(Some).map_err(|_| "no_such_day")
}
