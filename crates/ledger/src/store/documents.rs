//! The office's own documents and rule tables in the ledger.

use super::intake::settle;
use super::known::{self, Known};
use super::sayings::Entered;
use super::{Store, StoreError, day_in_japan};
use crate::vouchers::Vouchers;
use record::{
    Day, Fingerprint, ORGANISATION_FILE, Organisation, POLICY_FILE, REVOCATIONS_FILE, Revocations, Signed,
};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use sha2::{Digest, Sha256};

/// A document that was checked.
#[derive(Debug, Clone)]
pub enum Document {
    /// The organisation's own.
    Organisation(Signed<Organisation>),
    /// A list of revoked sticks, signed by an organisation that the ledger has.
    Revocations(Signed<Revocations>),
}

/// A document or rule table as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentFile {
    /// The name that the office's own file has.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A rule table in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    /// SHA-256 of its bytes, which is what logs cite.
    pub sha256: [u8; 32],
    /// Its text.
    pub bytes: Vec<u8>,
    /// Where it came from.
    pub source: String,
    /// When it was entered.
    pub entered: String,
    /// The sessions that cite it.
    pub citing: Vec<String>,
    /// Whether an organisation that the ledger knows signed it, for one of those sessions.
    pub signature: Signature,
}

/// Whether a rule table was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// By an organisation that the ledger knows.
    Known,
    /// No collected log says so, or by an organisation that the ledger does not know.
    None,
}

/// Whether something was new to the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// It was; what the ledger concludes follows it.
    New,
    /// It was there, byte by byte.
    Known,
}

impl Document {
    fn kind(&self) -> &'static str {
        match self {
            Self::Organisation(_) => "organisation",
            Self::Revocations(_) => "revocations",
        }
    }

    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Organisation(document) => document.bytes(),
            Self::Revocations(document) => document.bytes(),
        }
    }
}

impl Store {
    /// Keeps a document of the office, and concludes anew who vouches for what came in.
    ///
    /// # Errors
    /// [`StoreError`]; the ledger is unchanged then.
    pub fn add_document(&mut self, document: &Document, entered: Entered<'_>) -> Result<News, StoreError> {
        let bytes = document.bytes();
        let sha256: [u8; 32] = Sha256::digest(&bytes).into();
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let insert =
            "INSERT INTO document (sha256, kind, bytes, entered, entered_by) VALUES (?1, ?2, ?3, ?4, ?5)
                      ON CONFLICT (sha256) DO NOTHING";
        let new =
            transaction.execute(insert, params![sha256, document.kind(), bytes, entered.at, entered.by])?;
        if new == 0 {
            return Ok(News::Known);
        }
        judge_anew(&transaction, "SELECT id FROM session WHERE vouching != 'unregistered'", &[], entered.at)?;
        transaction.commit()?;
        Ok(News::New)
    }

    /// Keeps that an organisation's key is in other hands since that day: its documents, and those that name it as the key
    /// before, vouch no more for what is collected from then on. How many documents that are.
    ///
    /// # Errors
    /// [`StoreError`]; the ledger is unchanged then.
    pub fn withdraw(
        &mut self,
        key: Fingerprint,
        since: &Day,
        why: &str,
        entered: Entered<'_>,
    ) -> Result<usize, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let known = known::vouchers(&transaction)?;
        let has = |document: &&Signed<Organisation>| {
            let before = document.previous.as_ref().map(|previous| previous.public_key.fingerprint());
            document.public_key.fingerprint() == key || before == Some(key)
        };
        let mut changed = 0;
        for document in known.organisations().iter().filter(has) {
            let sha256: [u8; 32] = Sha256::digest(document.bytes()).into();
            let update = "UPDATE document SET withdrawn = ?2, why = ?3, withdrawn_at = ?4, withdrawn_by = ?5
                          WHERE sha256 = ?1";
            changed +=
                transaction.execute(update, params![sha256, since.as_str(), why, entered.at, entered.by])?;
        }
        judge_anew(&transaction, "SELECT id FROM session WHERE vouching != 'unregistered'", &[], entered.at)?;
        transaction.commit()?;
        Ok(changed)
    }

    /// Keeps a rule table, and computes anew what was achieved under it.
    ///
    /// # Errors
    /// [`StoreError`]; the ledger is unchanged then.
    pub fn add_table(
        &mut self,
        bytes: &[u8],
        source: &str,
        entered: Entered<'_>,
    ) -> Result<News, StoreError> {
        let sha256: [u8; 32] = Sha256::digest(bytes).into();
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let insert = "INSERT INTO rule_table (sha256, bytes, source, entered, entered_by)
                      VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (sha256) DO NOTHING";
        let new = transaction.execute(insert, params![sha256, bytes, source, entered.at, entered.by])?;
        if new == 0 {
            return Ok(News::Known);
        }
        let citing = "SELECT id FROM session WHERE signed_table = ?1";
        judge_anew(&transaction, citing, &[&sha256], entered.at)?;
        transaction.commit()?;
        Ok(News::New)
    }

    /// The office's documents.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn vouchers(&self) -> Result<Vouchers, StoreError> {
        known::vouchers(&self.connection)
    }

    /// The documents and rule tables as files, the earliest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn documents(&self) -> Result<Vec<DocumentFile>, StoreError> {
        let mut select = self.connection.prepare(
            "SELECT kind, sha256, bytes FROM (SELECT kind, sha256, bytes, entered FROM document UNION ALL
             SELECT 'table', sha256, bytes, entered FROM rule_table) ORDER BY entered, kind, sha256",
        )?;
        let rows = select.query_map([], |row| {
            let kind: String = row.get(0)?;
            let name = match kind.as_str() {
                "organisation" => ORGANISATION_FILE,
                "revocations" => REVOCATIONS_FILE,
                _ => POLICY_FILE,
            };
            Ok(DocumentFile { name: name.to_owned(), sha256: row.get(1)?, bytes: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The rule tables, in the order in which they were entered.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn rule_tables(&self) -> Result<Vec<TableRow>, StoreError> {
        let select = "SELECT sha256, bytes, source, entered FROM rule_table ORDER BY entered, sha256";
        let mut select = self.connection.prepare(select)?;
        let rows = select.query_map([], |row| {
            Ok(TableRow {
                sha256: row.get(0)?,
                bytes: row.get(1)?,
                source: row.get(2)?,
                entered: row.get(3)?,
                citing: Vec::new(),
                signature: Signature::None,
            })
        })?;
        let vouchers = self.vouchers()?;
        rows.map(|row| self.with_citing(row?, &vouchers)).collect()
    }

    fn with_citing(&self, mut row: TableRow, vouchers: &Vouchers) -> Result<TableRow, StoreError> {
        let select = "SELECT id FROM session WHERE signed_table = ?1 ORDER BY opened, id";
        let mut select = self.connection.prepare(select)?;
        row.citing = select.query_map([row.sha256], |row| row.get(0))?.collect::<Result<_, _>>()?;
        for session in &row.citing {
            let signed = self.collected(session)?.and_then(|collected| {
                vouchers.signed_table(&collected.report, &day_in_japan(&collected.file.collected))
            });
            if signed.is_some_and(|signed| signed.0 == row.sha256) {
                row.signature = Signature::Known;
                break;
            }
        }
        Ok(row)
    }
}

/// Judges the sessions of a selection anew, from their bytes.
fn judge_anew(
    transaction: &Transaction<'_>,
    select: &str,
    values: &[&dyn rusqlite::ToSql],
    now: &str,
) -> Result<(), StoreError> {
    let known = Known::read(transaction, now)?;
    let mut select = transaction.prepare(select)?;
    let sessions = select.query_map(values, |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    sessions.iter().try_for_each(|session| settle(transaction, session, &known))
}

/// A document's bytes, and the day since which it is withdrawn.
type Kept = (Vec<u8>, Option<String>);

/// Every document of a kind, the earliest first.
pub(super) fn kept(connection: &Connection, kind: &str) -> Result<Vec<Kept>, StoreError> {
    let select = "SELECT bytes, withdrawn FROM document WHERE kind = ?1 ORDER BY entered, sha256";
    let mut select = connection.prepare(select)?;
    let rows = select.query_map([kind], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A rule table's hash and bytes.
type Hashed = ([u8; 32], Vec<u8>);

/// Every rule table by its hash.
pub(super) fn table_bytes(connection: &Connection) -> Result<Vec<Hashed>, StoreError> {
    let mut select = connection.prepare("SELECT sha256, bytes FROM rule_table")?;
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
