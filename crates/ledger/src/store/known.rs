//! What logs are judged by beside the rules in the program: what the office says in its documents.

use super::StoreError;
use super::documents::{kept, table_bytes};
use crate::recompute::Disagreement;
use crate::vouchers::Vouchers;
use policy::Table;
use record::{Day, Organisation, Report, Revocations, Signed};
use rusqlite::Connection;
use std::collections::HashMap;

/// The office's documents and rule tables, read once for all the logs that are judged together.
pub(super) struct Known {
    pub(super) vouchers: Vouchers,
    tables: HashMap<[u8; 32], Table>,
    /// The time, for what is concluded now.
    pub(super) now: String,
}

impl Known {
    pub(super) fn read(connection: &Connection, now: &str) -> Result<Self, StoreError> {
        let tables = table_bytes(connection)?.into_iter().filter_map(|(sha256, bytes)| {
            let table = Table::signed(str::from_utf8(&bytes).ok()?).ok()?;
            Some((sha256, table))
        });
        Ok(Self { vouchers: vouchers(connection)?, tables: tables.collect(), now: now.to_owned() })
    }

    /// The rule table that a log, collected on that day, says an organisation signed.
    ///
    /// # Errors
    /// No organisation in the ledger signed it, or the ledger has not got it.
    pub(super) fn table(&self, report: &Report, collected: &Day) -> Result<&Table, Disagreement> {
        let signed = self.vouchers.signed_table(report, collected).ok_or(Disagreement::TableNotSigned)?;
        self.tables.get(&signed.0).ok_or(Disagreement::TableNotThere)
    }
}

/// The office's documents in the ledger. They were checked when they were entered, and are again.
pub(super) fn vouchers(connection: &Connection) -> Result<Vouchers, StoreError> {
    let damaged = |error: record::PaperFault| StoreError::Damaged(error.to_string());
    let (mut organisations, mut withdrawn) = (Vec::new(), Vec::new());
    for (bytes, since) in kept(connection, "organisation")? {
        let document = Signed::<Organisation>::read(&bytes).map_err(damaged)?;
        match since {
            None => organisations.push(document),
            Some(since) => {
                let day = Day::try_from(since).map_err(|error| StoreError::Damaged(error.to_string()))?;
                withdrawn.push((document, day));
            }
        }
    }
    let lists = kept(connection, "revocations")?;
    let lists = lists.iter().map(|(bytes, _)| Signed::<Revocations>::by_named_key(bytes).map_err(damaged));
    Ok(Vouchers::new(organisations, lists.collect::<Result<_, _>>()?).with_withdrawn(withdrawn))
}
