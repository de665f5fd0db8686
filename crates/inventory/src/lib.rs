//! What drives are there, what are they, and whose are they.
