//! Two readings of one notice to changes.
