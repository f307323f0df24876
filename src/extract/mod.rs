//! Text to facts: everything that knows how notices are written.
