//! Is this address an office's own?
