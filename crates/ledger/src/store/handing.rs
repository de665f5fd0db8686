//! Media on their way to be destroyed, and what contractors send.

use super::read::part;
use super::sayings::{Entered, item};
use super::words::{Word, word};
use super::{RecordKey, Store, StoreError};
use rusqlite::{TransactionBehavior, params};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Where media are destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At a contractor's: they leave the building.
    Contractor,
    /// In the building (庁舎内で破壊).
    Building,
}

/// Whether 証拠写真 are expected with the certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Photos {
    /// One before and one after.
    Expected,
    /// None.
    NotExpected,
}

/// What a file was attached as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AttachmentKind {
    /// 完了証明書
    Certificate,
    /// A photo of the medium before it was destroyed.
    PhotoBefore,
    /// And after.
    PhotoAfter,
}

/// A medium in a handover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its record.
    pub key: RecordKey,
    /// Its model.
    pub model: String,
    /// Its serial number.
    pub serial: String,
}

/// Media given to be destroyed together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// Where.
    pub place: Place,
    /// By whom.
    pub contractor: String,
    /// The date of the handover.
    pub handed: String,
    /// 提出期限: the date by which the certificate is due.
    pub deadline: String,
    /// Whether photos are expected.
    pub photos: Photos,
}

/// A handover, with what has come of each medium.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandoverRow {
    /// Its number.
    pub id: i64,
    /// What was agreed.
    pub handover: Handover,
    /// The media.
    pub items: Vec<ItemRow>,
}

/// A medium that was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRow {
    /// The medium.
    pub item: Item,
    /// What was attached for it, each kind once.
    pub attached: Vec<AttachmentKind>,
}

impl HandoverRow {
    /// What is still to come for a medium.
    #[must_use]
    pub fn lacks(&self, item: &ItemRow) -> Vec<AttachmentKind> {
        let expected: &[AttachmentKind] = match self.handover.photos {
            Photos::Expected => AttachmentKind::ALL,
            Photos::NotExpected => &[AttachmentKind::Certificate],
        };
        expected.iter().copied().filter(|kind| !item.attached.contains(kind)).collect()
    }
}

/// A file that was attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentRow {
    /// Its number.
    pub id: i64,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// Its name.
    pub name: String,
}

impl Store {
    /// Keeps a handover; its number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn hand_over(
        &mut self,
        handover: &Handover,
        items: &[Item],
        entered: Entered<'_>,
    ) -> Result<i64, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute(
            "INSERT INTO handover (place, contractor, handed, deadline, photos, entered, entered_by)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                handover.place.code(),
                handover.contractor,
                handover.handed,
                handover.deadline,
                handover.photos.code(),
                entered.at,
                entered.by
            ],
        )?;
        let id = transaction.last_insert_rowid();
        for Item { key, model, serial } in items {
            transaction.execute(
                "INSERT INTO handover_item (handover, session, drive, model, serial) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![id, key.session, key.part.number(), model, serial],
            )?;
        }
        transaction.commit()?;
        Ok(id)
    }

    /// Every handover.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn handovers(&self) -> Result<Vec<HandoverRow>, StoreError> {
        let mut attached = self.attached()?;
        let mut items: BTreeMap<i64, Vec<ItemRow>> = BTreeMap::new();
        let mut select = self.connection.prepare(
            "SELECT handover, session, drive, model, serial FROM handover_item ORDER BY serial, session, drive",
        )?;
        let rows = select.query_map([], |row| Ok((row.get::<_, i64>(0)?, item(row, 1)?)))?;
        for row in rows {
            let (handover, item) = row?;
            let attached = attached.remove(&(handover, item.key.clone())).unwrap_or_default();
            items.entry(handover).or_default().push(ItemRow { item, attached });
        }
        let mut select = self
            .connection
            .prepare("SELECT id, place, contractor, handed, deadline, photos FROM handover ORDER BY id")?;
        let rows = select.query_map([], |row| {
            let id = row.get(0)?;
            let handover = Handover {
                place: word(row, 1)?,
                contractor: row.get(2)?,
                handed: row.get(3)?,
                deadline: row.get(4)?,
                photos: word(row, 5)?,
            };
            Ok(HandoverRow { id, handover, items: items.remove(&id).unwrap_or_default() })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn attached(&self) -> Result<BTreeMap<(i64, RecordKey), Vec<AttachmentKind>>, StoreError> {
        let mut select = self.connection.prepare(
            "SELECT DISTINCT handover, session, drive, kind FROM attachment_item ORDER BY handover, session, drive",
        )?;
        let rows = select.query_map([], |row| {
            let key = RecordKey { session: row.get(1)?, part: part(row, 2)? };
            Ok(((row.get(0)?, key), word(row, 3)?))
        })?;
        let mut attached: BTreeMap<_, Vec<AttachmentKind>> = BTreeMap::new();
        for row in rows {
            let (key, kind) = row?;
            attached.entry(key).or_default().push(kind);
        }
        Ok(attached)
    }

    /// Keeps a file for some media of handovers. The same file may come again, for others.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn attach(
        &mut self,
        name: &str,
        bytes: &[u8],
        kind: AttachmentKind,
        items: &[(i64, RecordKey)],
        entered: Entered<'_>,
    ) -> Result<(), StoreError> {
        let sha256: [u8; 32] = Sha256::digest(bytes).into();
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute(
            "INSERT INTO attachment (sha256, name, bytes, entered, entered_by) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (sha256) DO NOTHING",
            params![sha256, name, bytes, entered.at, entered.by],
        )?;
        let select = "SELECT id FROM attachment WHERE sha256 = ?1";
        let id: i64 = transaction.query_row(select, [sha256], |row| row.get(0))?;
        for (handover, key) in items {
            transaction.execute(
                "INSERT INTO attachment_item (attachment, kind, handover, session, drive, entered, entered_by)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
                params![id, kind.code(), handover, key.session, key.part.number(), entered.at, entered.by],
            )?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// The files that were attached for a medium of a handover, in the order in which they came.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn attached_for(
        &self,
        handover: i64,
        key: &RecordKey,
    ) -> Result<Vec<(AttachmentKind, AttachmentRow)>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT i.kind, a.id, a.sha256, a.name FROM attachment_item i JOIN attachment a ON a.id = i.attachment
             WHERE i.handover = ?1 AND i.session = ?2 AND i.drive = ?3 ORDER BY a.id, i.kind",
        )?;
        let rows = select.query_map(params![handover, key.session, key.part.number()], |row| {
            let attachment = AttachmentRow { id: row.get(1)?, sha256: row.get(2)?, name: row.get(3)? };
            Ok((word(row, 0)?, attachment))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every file that was attached.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn attachments(&self) -> Result<Vec<AttachmentRow>, StoreError> {
        let mut select = self.connection.prepare("SELECT id, sha256, name FROM attachment ORDER BY id")?;
        let rows = select.query_map([], |row| {
            Ok(AttachmentRow { id: row.get(0)?, sha256: row.get(1)?, name: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The bytes of a file that was attached.
    ///
    /// # Errors
    /// [`StoreError`]
    pub fn attachment_bytes(&self, attachment: &AttachmentRow) -> Result<Vec<u8>, StoreError> {
        let select = "SELECT bytes FROM attachment WHERE id = ?1";
        Ok(self.connection.query_row(select, [attachment.id], |row| row.get(0))?)
    }
}
