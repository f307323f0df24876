//! Which addresses from the wire may become links.

/// The address in its plain form where it is http or https and names a host and no user; None
/// for everything else (`javascript:`, `data:`, `https://office@evil.example/`).
pub fn web(address: &str) -> Option<String> {
    let url = url::Url::parse(address.trim()).ok()?;
    let web = matches!(url.scheme(), "http" | "https");
    let user = !url.username().is_empty() || url.password().is_some();
    (web && !user && url.has_host()).then(|| url.to_string())
}

/// Its host, for people.
pub fn host(address: &str) -> String {
    let url = url::Url::parse(address).ok();
    url.and_then(|u| u.host_str().map(String::from))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_is_linked() {
        for (address, link) in [
            ("https://a.example/x?y=1", Some("https://a.example/x?y=1")),
            ("http://a.example", Some("http://a.example/")),
            (
                "https://a.example/\"><b>",
                Some("https://a.example/%22%3E%3Cb%3E"),
            ),
            ("javascript:alert(1)", None),
            ("data:text/html,x", None),
            ("https://office@evil.example/", None),
            ("//a.example/", None),
            ("", None),
        ] {
            assert_eq!(web(address).as_deref(), link, "{address}");
        }
        assert_eq!(host("https://a.example/x"), "a.example");
    }
}
