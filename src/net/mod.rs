//! The one door to the network: every request of the program goes through [`Client`]; mail, which
//! is no request, through [`Client::stream`], which keeps to 2 and 3 below.
//!
//! What holds for each hop, redirects included:
//!
//! 1. [`check_url`] reads the address with the `url` crate and refuses other schemes, user names,
//!    odd ports, bare IP hosts and private names. The [`url::Url`] it returns is what is connected
//!    to; there is no second parser.
//! 2. The name is looked up once, every address is checked with its port ([`public`], or exactly
//!    listed under `net.allow`), and reqwest's resolver answers with those addresses and with no
//!    others: a second, different answer of the name server is never seen. A resolver is not asked
//!    about literal addresses; step 1 has refused those.
//! 3. A layer over reqwest's connector compares the far end of the opened socket with the same
//!    rule before a byte of the request is written. reqwest 0.13 shows a layer neither the host
//!    nor the address beforehand, so a connection that slips through 1 and 2 would be made, but
//!    nothing would be said over it.
//! 4. Redirects are followed by us ([`Trail`]), so each hop begins at 1 again.
//!
//! The environment's proxies are ignored. With `net.proxy` set the proxy resolves and connects;
//! then only step 1 holds, and who may be reached is the proxy's business.
//!
//! Limits: one deadline over all hops, a cap on decompressed bytes, hyper's own bounds on headers,
//! trailers and chunk extensions. Connections are not kept: a server that drops idle ones cannot
//! fail the next request, and nothing of one answer can leak into the next.

mod address;
mod client;
mod connect;
mod decode;
mod fault;
mod redirect;
mod request;
mod stream;
mod tls;

pub use address::{MAX_URL, check_url, may_connect, public};
pub use client::{Client, NO_CONTACT};
pub use redirect::{Answer, MAX_HOPS, Trail};
pub use request::{FORM, Hosts, Method, Request};
pub use stream::Stream;
