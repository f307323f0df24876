//! Bytes of a site to entries and articles: everything that knows how offices' sites are made.
