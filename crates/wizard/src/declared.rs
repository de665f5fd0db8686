//! What only people know of a session, and what a stick remembers of the session before.

use serde::{Deserialize, Serialize};

/// What a record has to say and only people know, each `None` where the field was left empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Declared {
    /// 所属: the section whose PC it is.
    pub section: Option<String>,
    /// 実施場所
    pub place: Option<String>,
    /// Who permitted it, as 情報セキュリティ管理者.
    pub approver: Option<String>,
    /// Who carries it out.
    pub carried_out_by: Option<CarriedOutBy>,
    /// What is to become of the media, where they are not cleared to be destroyed.
    pub destination: Option<Destination>,
}

/// What is to become of media that were erased here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Destination {
    /// 再利用
    Reuse,
    /// 返却
    Return,
    /// 廃棄
    Disposal,
}

/// Who carries an erase out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum CarriedOutBy {
    /// 職員: the organisation's own staff.
    Staff,
    /// 委託先: a contractor's people; its name.
    Contractor(String),
}

/// What the session before on the same stick declared: offered again, trusted in nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Remembered {
    /// 実施者
    pub operator: String,
    /// 立会職員, where one was named beforehand.
    pub witness: Option<String>,
    /// The rest.
    pub declared: Declared,
}
