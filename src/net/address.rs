//! Which addresses may be asked at all: the rule against requests into private networks (SSRF).
//!
//! Sources: the IANA special-purpose address registries (RFC 6890 and its updates), and the
//! metadata addresses of cloud providers.

use crate::model::{Fault, Verdict};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use url::{Host, Url};

/// Longest address that is looked at, in bytes; browsers and servers stop near this size.
pub const MAX_URL: usize = 8 * 1024;

/// Whether an address is an ordinary public host. Everything that a registry reserves, and every
/// IPv6 form that carries a reserved IPv4 address inside, is not.
pub fn public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => public_v4(ip),
        IpAddr::V6(ip) => public_v6(ip),
    }
}

fn public_v4(ip: Ipv4Addr) -> bool {
    // Azure's host agent answers on an address that looks public.
    const AZURE: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);
    !matches!(
        ip.octets(),
        [0 | 10 | 127 | 224.., ..]
            | [100, 64..=127, ..]
            | [169, 254, ..]
            | [172, 16..=31, ..]
            | [192, 168, ..]
            | [192, 0, 0 | 2, _]
            | [192, 88, 99, _]
            | [198, 18 | 19, ..]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
    ) && ip != AZURE
}

fn public_v6(ip: Ipv6Addr) -> bool {
    let s = ip.segments();
    let v4 = |hi: u16, lo: u16| {
        let ([a, b], [c, d]) = (hi.to_be_bytes(), lo.to_be_bytes());
        public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match s {
        // v4-mapped, and NAT64 with the well-known prefix (RFC 6052).
        [0, 0, 0, 0, 0, 0xffff, hi, lo] | [0x64, 0xff9b, 0, 0, 0, 0, hi, lo] => v4(hi, lo),
        // 6to4 (RFC 3056).
        [0x2002, hi, lo, ..] => v4(hi, lo),
        // ISATAP (RFC 5214), under whatever prefix.
        [a, _, _, _, 0 | 0x200, 0x5efe, hi, lo] => a & 0xe000 == 0x2000 && v4(hi, lo),
        // IETF assignments: Teredo, benchmarking, ORCHID.
        [0x2001, 0..=0x1ff, ..] => false,
        // Documentation (RFC 3849, RFC 9637).
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // Everything else that is handed out as global unicast; v4-compatible, local, link-local,
        // site-local and multicast lie outside.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// Whether a socket may be opened to exactly this address and port.
pub fn may_connect(address: SocketAddr, allow: &[SocketAddr]) -> bool {
    let plain = SocketAddr::new(address.ip().to_canonical(), address.port());
    allow.contains(&address) || allow.contains(&plain) || public(address.ip())
}

/// Reads an address and says whether it may be asked: http or https, no user or password, port
/// 80, 443 or one of `ports`, a name and not a bare IP. `allow` holds exact `ip:port` pairs that
/// are permitted all the same. What is returned is what is connected to: there is no second
/// parser.
///
/// # Errors
/// [`Verdict::Transport`] with reason `url`, `scheme`, `port` or `address`.
pub fn check_url(url: &str, allow: &[SocketAddr], ports: &[u16]) -> Result<Url, Fault> {
    let refuse = |reason: &str, why: &str| {
        let shown: String = url.chars().take(200).flat_map(char::escape_debug).collect();
        Fault::new(Verdict::Transport, reason, why).at(shown)
    };
    if url.len() > MAX_URL {
        return Err(refuse("url", "the address is too long"));
    }
    // Parsers differ on these, and no honest address holds them.
    if url.contains(|c: char| c.is_control() || c == '\\' || c.is_whitespace()) {
        return Err(refuse(
            "url",
            "the address holds a blank, a backslash or a control character",
        ));
    }
    let parsed = Url::parse(url).map_err(|e| refuse("url", &format!("not an address: {e}")))?;
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err(refuse("scheme", "only http and https are fetched"));
    }
    if !url.contains("://") {
        return Err(refuse("url", "the address lacks its `//`"));
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(refuse("url", "the address holds a user name or password"));
    }
    let port = parsed.port_or_known_default().unwrap_or(0);
    let listed_port = allow.iter().any(|a| a.port() == port);
    let literal = |ip: IpAddr| {
        if allow.contains(&SocketAddr::new(ip, port)) {
            Ok(())
        } else {
            Err(refuse(
                "address",
                "the host is a bare IP address; if it is meant, list its ip:port under net.allow",
            ))
        }
    };
    match parsed.host() {
        Some(Host::Ipv4(ip)) => {
            literal(ip.into())?;
            return Ok(parsed);
        }
        Some(Host::Ipv6(ip)) => {
            literal(ip.into())?;
            return Ok(parsed);
        }
        Some(Host::Domain(name)) => {
            if name.ends_with('.') || name.starts_with('.') || name.contains("..") {
                return Err(refuse("url", "the host name has a stray dot"));
            }
            if local_name(name) && !listed_port {
                return Err(refuse(
                    "address",
                    "the host is a name of a private network; if it is meant, list its ip:port under net.allow",
                ));
            }
        }
        None => return Err(refuse("url", "the address has no host")),
    }
    if !matches!(port, 80 | 443) && !ports.contains(&port) && !listed_port {
        return Err(refuse(
            "port",
            "only ports 80 and 443, and that of the source's own list, are asked",
        ));
    }
    Ok(parsed)
}

/// Names that never lead to a public host (RFC 6761, RFC 6762, RFC 8375, ICANN's `.internal`).
fn local_name(name: &str) -> bool {
    const SUFFIXES: [&str; 8] = [
        "localhost",
        "local",
        "internal",
        "localdomain",
        "home.arpa",
        "lan",
        "intranet",
        "corp",
    ];
    !name.contains('.')
        || SUFFIXES.iter().any(|suffix| {
            name.strip_suffix(suffix)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_borders_of_the_blocks() {
        let rows = [
            ("9.255.255.255", true),
            ("10.0.0.0", false),
            ("11.0.0.0", true),
            ("100.63.255.255", true),
            ("100.64.0.0", false),
            ("100.127.255.255", false),
            ("100.128.0.0", true),
            ("172.15.255.255", true),
            ("172.16.0.0", false),
            ("172.31.255.255", false),
            ("172.32.0.0", true),
            ("198.17.255.255", true),
            ("198.19.255.255", false),
            ("198.20.0.0", true),
            ("223.255.255.255", true),
            ("224.0.0.0", false),
            ("255.255.255.255", false),
            ("2000::1", true),
            ("1fff:ffff::1", false),
            ("4000::1", false),
            ("2001:200::1", true),
            ("2001:1ff::1", false),
            ("3fff:1000::1", true),
        ];
        for (ip, want) in rows {
            let parsed: IpAddr = ip.parse().unwrap();
            assert_eq!(public(parsed), want, "{ip}");
        }
    }

    #[test]
    fn the_allow_list_is_exact() {
        let allow = ["127.0.0.1:8000".parse().unwrap()];
        assert!(may_connect("127.0.0.1:8000".parse().unwrap(), &allow));
        assert!(may_connect(
            "[::ffff:127.0.0.1]:8000".parse().unwrap(),
            &allow
        ));
        assert!(!may_connect("127.0.0.1:8001".parse().unwrap(), &allow));
        assert!(!may_connect("127.0.0.2:8000".parse().unwrap(), &allow));
        assert!(check_url("http://127.0.0.1:8000/", &allow, &[]).is_ok());
        assert!(check_url("http://127.0.0.1:8001/", &allow, &[]).is_err());
        assert!(check_url("http://localhost:8000/", &allow, &[]).is_ok());
        assert!(check_url("http://localhost/", &allow, &[]).is_err());
    }

    #[test]
    fn a_port_needs_its_source() {
        let url = "https://www.example.com:8090/door/list";
        assert_eq!(check_url(url, &[], &[]).unwrap_err().reason, "port");
        assert!(check_url(url, &[], &[8090]).is_ok());
    }
}
