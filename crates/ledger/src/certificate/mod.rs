//! Certificates: what a verified log says of each drive, on paper.
//!
//! [`model`] is what a certificate says, `describe` puts it into words, and `html`, `pdf` and `csv` draw the words.

pub(crate) mod batch;
pub(crate) mod command;
pub(crate) mod csv;
pub(crate) mod describe;
pub(crate) mod document;
pub(crate) mod facts;
mod font;
mod html;
mod list;
pub(crate) mod model;
mod pdf;
mod qr;
mod subject;
mod summary;
pub(crate) mod words;
