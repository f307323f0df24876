//! TLS as we configure it: rustls with ring, the bundled Mozilla roots plus the system's, HTTP/1.1.
//! Nothing is ever accepted unchecked; what fails is named and explained.

use crate::model::{Fault, Timestamp, Verdict};
use rustls::{AlertDescription, CertificateError, ClientConfig, Error, RootCertStore};
use std::sync::Arc;

/// The client side of TLS 1.2 and 1.3.
///
/// # Errors
/// [`Verdict::Transport`] `tls` where rustls refuses its own provider.
pub(super) fn config() -> Result<ClientConfig, Fault> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    // The system's store is an addition: a machine without one is not an error, nor is a
    // certificate in it that cannot be read.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| Fault::new(Verdict::Transport, "tls", e.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// The last moment of a certificate (`notAfter`, RFC 5280 §4.1.2.5), from its DER; None where it
/// cannot be parsed.
pub(super) fn valid_until(der: &[u8]) -> Option<Timestamp> {
    let (_, certificate) = x509_parser::parse_x509_certificate(der).ok()?;
    Timestamp::from_second(certificate.validity().not_after.timestamp()).ok()
}

/// The class of a TLS failure, and what to do about it.
pub(super) fn class(error: &Error) -> (&'static str, String) {
    use CertificateError as C;
    let (reason, advice) = match error {
        Error::InvalidCertificate(C::Expired | C::ExpiredContext { .. }) => (
            "tls_expired",
            "the site's certificate has expired; its office must renew it, look at the page in a browser meanwhile",
        ),
        Error::InvalidCertificate(C::NotValidYet | C::NotValidYetContext { .. }) => (
            "tls_expired",
            "the site's certificate is not valid yet; check this machine's clock",
        ),
        Error::InvalidCertificate(C::NotValidForName | C::NotValidForNameContext { .. }) => (
            "tls_name",
            "the certificate belongs to another host name; check the address (with or without www)",
        ),
        Error::InvalidCertificate(C::UnknownIssuer) => (
            "tls_chain",
            "the certificate's issuer is not known: self-signed, a private root, or the site leaves out its intermediate; add the root to the system's store if you trust it",
        ),
        Error::InvalidCertificate(_) => ("tls_chain", "the site's certificate cannot be verified"),
        Error::PeerIncompatible(_)
        | Error::AlertReceived(
            AlertDescription::ProtocolVersion
            | AlertDescription::HandshakeFailure
            | AlertDescription::InsufficientSecurity,
        ) => (
            "tls_too_old",
            "the site offers only TLS 1.0/1.1 or ciphers that are no longer safe; if it also works by plain http, its block may say so (http.plain); else save its pages from a browser and `lingzheng import` them",
        ),
        _ => (
            "tls",
            "the TLS handshake failed; the port may not speak TLS at all",
        ),
    };
    (reason, format!("{advice} ({error})"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::PeerIncompatible;

    #[test]
    fn failures_are_named() {
        let rows = [
            (
                Error::InvalidCertificate(CertificateError::Expired),
                "tls_expired",
            ),
            (
                Error::InvalidCertificate(CertificateError::NotValidYet),
                "tls_expired",
            ),
            (
                Error::InvalidCertificate(CertificateError::NotValidForName),
                "tls_name",
            ),
            (
                Error::InvalidCertificate(CertificateError::UnknownIssuer),
                "tls_chain",
            ),
            (
                Error::InvalidCertificate(CertificateError::BadSignature),
                "tls_chain",
            ),
            (
                Error::AlertReceived(AlertDescription::ProtocolVersion),
                "tls_too_old",
            ),
            (
                Error::PeerIncompatible(PeerIncompatible::NoCipherSuitesInCommon),
                "tls_too_old",
            ),
            (Error::DecryptError, "tls"),
        ];
        for (error, want) in rows {
            assert_eq!(class(&error).0, want, "{error:?}");
        }
    }

    #[test]
    fn a_certificate_says_until_when_it_is_valid() {
        let mut of = rcgen::CertificateParams::new(["rsks.example.gov.cn".to_owned()]).unwrap();
        of.not_after = rcgen::date_time_ymd(2026, 12, 20);
        let made = of
            .self_signed(&rcgen::KeyPair::generate().unwrap())
            .unwrap();
        let until = valid_until(made.der()).unwrap();
        assert_eq!(until.to_string(), "2026-12-20T00:00:00Z");
        assert_eq!(valid_until(b"no certificate"), None);
    }

    #[test]
    fn http1_and_real_roots() {
        let config = config().unwrap();
        assert_eq!(config.alpn_protocols, [b"http/1.1".to_vec()]);
    }
}
