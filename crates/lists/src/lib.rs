//! The lists that an office keeps, as the appliance and the office read them: names to choose from, and the assets as
//! Excel in Japan writes them.

mod assets;
mod columns;
mod jobs;
mod names;
mod serial;

pub use assets::{AssetList, AssetRow, ListError, read};
pub use columns::{Column, ColumnError};
pub use jobs::{JobColumn, JobRow, JobRowsError, read_jobs};
pub use names::{Names, NamesError};
pub use serial::{Likeness, SerialIndex, loose};

/// The file of [`Names`], in the office's folder on a results stick.
pub const NAMES_FILE: &str = "office.toml";
/// The asset list, likewise.
pub const ASSETS_FILE: &str = "assets.csv";
