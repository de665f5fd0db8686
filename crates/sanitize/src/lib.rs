//! Runs a plan: a thread per drive, overwrite, NVMe Format, verification.
