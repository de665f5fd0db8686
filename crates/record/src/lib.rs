//! The signed log: schema, exact bytes, hash chain, signatures.
