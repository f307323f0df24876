//! What is found of an address that somebody asks about.

use serde::Serialize;

/// What an address, a text with addresses or the name of an account turned out to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// The verdict.
    pub standing: Standing,
    /// The host that was judged, as a browser would call it; None where the text holds none.
    pub host: Option<String>,
    /// Id of the source that is meant: the one it belongs to, the one that left the host, or the
    /// one that is imitated. None where no single one is meant.
    pub source: Option<String>,
    /// Region id of that source, `cn` for a national one.
    pub region: Option<String>,
    /// The listed host, domain or name that it was compared with.
    pub listed: Option<String>,
}

/// The verdicts, from good to bad: of several addresses in one text the worst one counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// A listed host of an office.
    Official,
    /// The name of an office or of its public account. A name proves nothing by itself.
    Named,
    /// A host that no office lists, under the domain of an office or of a region's government.
    SameDomain,
    /// No office of ours, and like none.
    Unknown,
    /// A host that an office has left, or that is often taken for the organiser's.
    Retired,
    /// It looks like an office's and is none.
    LookAlike(Trick),
}

/// How something that looks like an office's differs from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trick {
    /// A bare IP address, which tells nothing about its owner.
    BareIp,
    /// One or two letters off (`gxtpa.com.cn`).
    Typo,
    /// The office's name under another suffix (`gxpta.cn`).
    Suffix,
    /// The office's name with something added (`gxpta-fee.com.cn`).
    Affix,
    /// Digits or letter pairs that look like letters (`ruanka0.org.cn`).
    Digits,
    /// Foreign letters that look like latin ones.
    Homograph,
    /// The office's host in front of another (`rsks.gd.gov.cn.evil.com`).
    Embedded,
    /// The words before an `@`, which are no host (`https://rsks.gd.gov.cn@evil.com`).
    Userinfo,
}
