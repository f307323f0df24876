//! What is due now.
