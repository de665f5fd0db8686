//! What logs are judged by beside the rules in the program: what the office says in its documents.

use super::StoreError;
use super::documents::{kept, table_bytes};
use crate::recompute::Disagreement;
use crate::vouchers::Vouchers;
use policy::Table;
use record::{Day, Organisation, PublicKey, Report, Revocations, Signed};
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

/// Withdraws what a withdrawn key vouches for or is named in, whenever it was entered: the next year's document among it,
/// and the next one's.
fn spread(organisations: &mut Vec<Signed<Organisation>>, withdrawn: &mut Vec<(Signed<Organisation>, Day)>) {
    loop {
        let day_of = |document: &Signed<Organisation>| {
            let names = |key: &PublicKey| document.has_key(key);
            let days = withdrawn.iter().filter(|(other, _)| names(&other.public_key)).map(|(_, day)| day);
            days.min().cloned()
        };
        let Some((at, day)) =
            organisations.iter().enumerate().find_map(|(at, document)| day_of(document).map(|day| (at, day)))
        else {
            return;
        };
        withdrawn.push((organisations.remove(at), day));
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
    spread(&mut organisations, &mut withdrawn);
    let lists = kept(connection, "revocations")?;
    let lists = lists.iter().map(|(bytes, _)| Signed::<Revocations>::by_named_key(bytes).map_err(damaged));
    Ok(Vouchers::new(organisations, lists.collect::<Result<_, _>>()?).with_withdrawn(withdrawn))
}

#[cfg(test)]
mod tests {
    use super::*;
    use record::{RootKey, Validity, sign_organisation};

    fn document(seed: u8, before: Option<u8>) -> Signed<Organisation> {
        let key = |seed: u8| RootKey::from_seed(&[seed; 32]);
        let day = |text: &str| Day::try_from(text.to_owned()).unwrap();
        let about = Organisation {
            name: "架空市".into(),
            fiscal_year: 2026,
            public_key: key(seed).public(),
            valid: Validity { from: day("2026-04-01"), until: day("2027-04-30") },
            previous: None,
        };
        sign_organisation(about, &key(seed), before.map(key).as_ref()).unwrap()
    }

    #[test]
    fn a_withdrawn_key_does_not_come_back_with_the_next_document() {
        let day = Day::try_from("2026-10-01".to_owned()).unwrap();
        let mut organisations = vec![document(3, Some(2)), document(2, Some(1)), document(9, None)];
        let mut withdrawn = vec![(document(1, None), day.clone())];
        spread(&mut organisations, &mut withdrawn);
        assert_eq!(organisations, [document(9, None)]);
        assert!(withdrawn.len() == 3 && withdrawn.iter().all(|(_, since)| *since == day));
    }
}
