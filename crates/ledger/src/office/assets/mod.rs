//! The asset list, as Excel in Japan writes it.

mod columns;
mod list;
mod serial;

pub use columns::{Column, ColumnError};
pub use list::{AssetList, AssetRow, ListError, read};
pub use serial::{Likeness, SerialIndex, loose};
