//! What an element's name and attributes say about the text inside it.

use scraper::node::Element;

/// Classes of parts inside a body that are the site's, not the office's: sharing, neighbours.
const SITE_PARTS: [&str; 15] = [
    "share",
    "fenxiang",
    "bdsharebuttonbox",
    "bshare-custom",
    "social-share",
    "prenext",
    "pre_next",
    "page-turn",
    "pageturn",
    "shangxia",
    "related",
    "relatedarticles",
    "relnews",
    "qrcode",
    "ewm",
];

/// What the elements around a piece of text say about it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Look {
    pub(crate) bold: bool,
    pub(crate) right: bool,
    pub(crate) item: bool,
    pub(crate) heading: bool,
    pub(crate) pre: bool,
}

/// Elements whose content is no text of the page.
pub(crate) fn is_skipped(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "head"
            | "title"
            | "meta"
            | "link"
            | "select"
            | "textarea"
            | "input"
            | "button"
            | "svg"
            | "math"
            | "iframe"
            | "object"
            | "embed"
            | "audio"
            | "video"
            | "canvas"
            | "map"
            | "noframes"
    )
}

/// Elements that stand on lines of their own.
pub(crate) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "ul"
            | "ol"
            | "li"
            | "dl"
            | "dt"
            | "dd"
            | "table"
            | "thead"
            | "tbody"
            | "tfoot"
            | "tr"
            | "td"
            | "th"
            | "caption"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "main"
            | "aside"
            | "nav"
            | "form"
            | "fieldset"
            | "legend"
            | "blockquote"
            | "pre"
            | "center"
            | "address"
            | "figure"
            | "figcaption"
            | "body"
            | "html"
    )
}

/// An attribute's value. [`Element::attr`] makes an interned name of every name that it is asked
/// for, which costs more than comparing the few names that an element has.
pub(crate) fn attr<'e>(element: &'e Element, name: &str) -> Option<&'e str> {
    element
        .attrs
        .iter()
        .find(|(own, _)| &*own.local == name && own.ns.is_empty())
        .map(|(_, value)| &**value)
}

/// `display:none` or the `hidden` attribute.
pub(crate) fn is_hidden(element: &Element) -> bool {
    attr(element, "hidden").is_some()
        || attr(element, "style").is_some_and(|style| {
            property(style, "display").is_some_and(|v| v.to_ascii_lowercase().starts_with("none"))
        })
}

/// Whether an element is one of the site's parts inside a body.
pub(crate) fn is_site_part(element: &Element) -> bool {
    let named = |v: &str| SITE_PARTS.iter().any(|p| v.eq_ignore_ascii_case(p));
    attr(element, "class").is_some_and(|c| c.split_whitespace().any(named))
        || attr(element, "id").is_some_and(named)
}

/// The value of one property in a `style` attribute; the last one wins, as in CSS.
fn property<'s>(style: &'s str, name: &str) -> Option<&'s str> {
    style.rsplit(';').find_map(|part| {
        let part = part.trim_start();
        let key = part.get(..name.len())?;
        let rest = part.get(name.len()..)?.trim_start();
        let value = rest.strip_prefix(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// The look inside an element that stands in `outer`.
pub(crate) fn style_look(element: &Element, outer: Look) -> Look {
    let mut look = outer;
    if let Some(align) = attr(element, "align") {
        look.right = align.eq_ignore_ascii_case("right");
    }
    let Some(style) = attr(element, "style") else {
        return look;
    };
    if let Some(align) = property(style, "text-align") {
        let align = align.to_ascii_lowercase();
        look.right = align.starts_with("right") || align.starts_with("end");
    }
    if let Some(weight) = property(style, "font-weight") {
        let weight = weight.to_ascii_lowercase();
        look.bold = weight.starts_with("bold")
            || weight
                .get(..3)
                .and_then(|w| w.parse::<u32>().ok())
                .is_some_and(|w| w >= 600);
    }
    look
}

/// Footers, menus, side bars, by the names that sites give them.
pub(crate) fn is_frame(element: &Element) -> bool {
    const WORDS: [&str; 12] = [
        "foot",
        "copyright",
        "nav",
        "menu",
        "sidebar",
        "crumb",
        "bottom",
        "related",
        "recommend",
        "friend",
        "search",
        "banner",
    ];
    match element.name() {
        "header" | "footer" | "nav" | "aside" => return true,
        // What holds the whole page is no frame, whatever its class says.
        "html" | "body" | "form" => return false,
        _ => {}
    }
    let named = |value: &str| {
        let lower = value.to_ascii_lowercase();
        WORDS.iter().any(|w| lower.contains(w)) && !lower.contains("content")
    };
    attr(element, "class").is_some_and(named) || attr(element, "id").is_some_and(named)
}
