//! Which column of a list is what: by the names that offices give them, or by what somebody says.

use super::serial::loose;

/// What a column may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// 資産管理番号
    Asset,
    /// The PC's serial number.
    PcSerial,
    /// A medium's serial number.
    MediumSerial,
    /// A serial number, of the PC or of its medium: the list does not say.
    Serial,
    /// The PC's model, for people.
    Model,
    /// 課
    Section,
    /// The class of the information, 1 to 3.
    Class,
    /// The twelve characters of the paper record.
    Head,
}

/// Why a `--column` cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnError {
    /// Not `NAME=HEADING`, or no such name.
    Unknown(String),
    /// No column of the list has that heading.
    NoHeading(String),
}

impl Column {
    /// The names for `--column`.
    pub const NAMES: [(&'static str, Self); 8] = [
        ("asset", Self::Asset),
        ("pc-serial", Self::PcSerial),
        ("medium-serial", Self::MediumSerial),
        ("serial", Self::Serial),
        ("model", Self::Model),
        ("section", Self::Section),
        ("class", Self::Class),
        ("head", Self::Head),
    ];

    /// Headings as offices write them.
    fn headings(self) -> &'static [&'static str] {
        match self {
            Self::Asset => &[
                "資産管理番号",
                "資産番号",
                "管理番号",
                "備品番号",
                "備品管理番号",
                "物品番号",
                "物品管理番号",
                "資産コード",
                "機器番号",
                "端末番号",
                "端末管理番号",
                "PC番号",
                "ASSETNUMBER",
                "ASSETNO",
                "ASSET",
                "ASSETTAG",
            ],
            Self::PcSerial => &[
                "PCシリアル番号",
                "PCシリアル",
                "PC製造番号",
                "本体シリアル番号",
                "本体シリアル",
                "本体製造番号",
                "端末シリアル番号",
                "端末製造番号",
                "機器シリアル番号",
                "筐体シリアル番号",
                "製造番号",
                "PCSERIAL",
                "PCSERIALNUMBER",
                "SYSTEMSERIAL",
            ],
            Self::MediumSerial => &[
                "媒体シリアル番号",
                "媒体シリアル",
                "記録媒体シリアル番号",
                "記録媒体のシリアル番号",
                "媒体製造番号",
                "ディスクシリアル番号",
                "ディスクシリアル",
                "HDDシリアル番号",
                "HDDシリアル",
                "HDD製造番号",
                "SSDシリアル番号",
                "SSDシリアル",
                "HDD/SSDシリアル番号",
                "ストレージシリアル番号",
                "ドライブシリアル番号",
                "内蔵ディスクシリアル番号",
                "DRIVESERIAL",
                "DISKSERIAL",
                "HDDSERIAL",
                "SSDSERIAL",
                "MEDIUMSERIAL",
            ],
            Self::Serial => &[
                "シリアル番号",
                "シリアル",
                "シリアルナンバー",
                "シリアルNO",
                "S/N",
                "SN",
                "SERIAL",
                "SERIALNUMBER",
                "SERIALNO",
            ],
            Self::Model => {
                &["機種", "機種名", "型番", "型式", "品名", "製品名", "モデル", "モデル名", "MODEL"]
            }
            Self::Section => &[
                "所属",
                "所属名",
                "所属課",
                "課",
                "課名",
                "部署",
                "部署名",
                "部課名",
                "担当課",
                "所管課",
                "管理課",
                "使用課",
                "SECTION",
                "DEPARTMENT",
            ],
            Self::Class => &["分類", "情報分類", "機密性", "区分", "機密性分類", "CLASS"],
            Self::Head => &["照合文字", "照合文字列", "12文字", "確認文字", "HEAD"],
        }
    }

    /// What a heading says that its column is.
    #[must_use]
    pub fn of_heading(heading: &str) -> Option<Self> {
        let heading = fold(heading);
        let all = Self::NAMES.iter().map(|(_, column)| *column);
        all.into_iter().find(|column| column.headings().iter().any(|known| fold(known) == heading))
    }

    /// Reads `NAME=HEADING`.
    ///
    /// # Errors
    /// [`ColumnError::Unknown`]
    pub fn parse(given: &str) -> Result<(Self, String), ColumnError> {
        let unknown = || ColumnError::Unknown(given.to_owned());
        let (name, heading) = given.split_once('=').ok_or_else(unknown)?;
        let column = Self::NAMES.iter().find(|(known, _)| *known == name).ok_or_else(unknown)?;
        Ok((column.1, fold(heading)))
    }
}

/// Width, case, blanks, punctuation at the ends and remarks in brackets aside.
#[must_use]
pub(super) fn fold(heading: &str) -> String {
    let folded = loose(heading);
    let before =
        folded.split(['(', '【', '[', '<', '※', '*']).find(|part| !part.is_empty()).unwrap_or_default();
    let trimmed = before.trim_matches(|c: char| c != '/' && c.is_ascii_punctuation());
    trimmed.replace(['.', '・', '_', ':'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_by_the_names_that_offices_give_them() {
        for (heading, column) in [
            ("資産管理番号", Column::Asset),
            ("　資産 管理番号 ", Column::Asset),
            ("ＰＣシリアル番号", Column::PcSerial),
            ("製造番号（本体）", Column::PcSerial),
            ("HDD シリアル番号", Column::MediumSerial),
            ("HDD/SSDシリアル番号", Column::MediumSerial),
            ("シリアルNo.", Column::Serial),
            ("S/N", Column::Serial),
            ("Serial Number", Column::Serial),
            ("serial_number", Column::Serial),
            ("所属課", Column::Section),
            ("※機種名", Column::Model),
        ] {
            assert_eq!(Column::of_heading(heading), Some(column), "{heading}");
        }
        for heading in ["", "備考", "購入年月日", "(1)"] {
            assert_eq!(Column::of_heading(heading), None, "{heading}");
        }
    }

    #[test]
    fn every_heading_of_the_table_is_found_as_it_stands_there() {
        for (_, column) in Column::NAMES {
            for heading in column.headings() {
                assert_eq!(Column::of_heading(heading), Some(column), "{heading}");
            }
        }
    }

    #[test]
    fn a_column_that_somebody_names_is_read() {
        assert_eq!(Column::parse("serial=Ｓ番"), Ok((Column::Serial, "S番".into())));
        assert!(Column::parse("serial").is_err() && Column::parse("colour=赤").is_err());
    }
}
