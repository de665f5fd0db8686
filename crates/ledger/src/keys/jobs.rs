//! Job lists: made of the office's table, signed by its root key.

use super::command::{Where, conclude, day};
use super::files::{self, Readers};
use super::folder::Folder;
use super::job_rows::{Lined, fault, pcs};
use super::passphrase::{Passphrases, Wanted};
use super::problem::KeyProblem;
use super::today;
use crate::command::Conclusion;
use crate::escape::for_terminal;
use crate::problems::{Told, tell};
use crate::texts::jobs::JobTexts;
use crate::texts::{Language, fill};
use clap::Subcommand;
use lists::{JobRowsError, read_jobs};
use record::{Day, JOBS_FILE, JobList, JobPurpose, Organisation, Signed, Validity};
use std::path::{Path, PathBuf};

/// A table that is longer is none.
const LONGEST: usize = 16 << 20;

/// What to do with a list of PCs.
#[derive(Debug, Subcommand)]
pub enum JobsCommand {
    /// Signs a list of PCs whose drives may be erased without anybody who types the plan's number, to be put on a stick by
    /// `stick prepare --jobs`. The table has a row for each drive, and the headings 資産管理番号, PC製造番号 or UUID (or
    /// both), ドライブ型番, ドライブ製造番号, 区分, 目的, and as wished 所属, 実施場所.
    Sign {
        /// Where the keys are.
        #[command(flatten)]
        at: Where,
        /// The table, as Excel saves it (CSV).
        list: PathBuf,
        /// Who carries it out, as the record will say.
        #[arg(long, value_name = "NAME")]
        operator: String,
        /// Who will be the witness.
        #[arg(long, value_name = "NAME")]
        witness: Option<String>,
        /// The 情報セキュリティ管理者 who permitted it.
        #[arg(long, value_name = "NAME")]
        approver: Option<String>,
        /// The first day; by default today.
        #[arg(long, value_parser = day)]
        from: Option<Day>,
        /// The last day.
        #[arg(long, value_parser = day)]
        until: Day,
        /// The file that is written.
        #[arg(long, value_name = "FILE", default_value = JOBS_FILE)]
        out: PathBuf,
    },
}

/// Carries out a command about job lists.
pub(crate) fn run_jobs(language: Language, command: &JobsCommand) -> Conclusion {
    let (texts, words) = (language.texts(), JobTexts::of(language));
    let JobsCommand::Sign { at, list, operator, witness, approver, from, until, out } = command;
    conclude(texts, || {
        let folder = Folder::at(&at.keys);
        let organisation = folder.organisation()?;
        let valid = Validity { from: from.clone().unwrap_or_else(today), until: until.clone() };
        check_days(words, &valid, &organisation)?;
        // Everything that can be wrong is, before anybody is asked for a passphrase.
        let lined = read(words, list)?;
        let list = JobList {
            organisation_key: organisation.public_key,
            organisation: organisation.name.clone(),
            issued: today(),
            valid,
            operator: operator.clone(),
            witness: witness.clone(),
            approver: approver.clone(),
            pcs: lined.iter().map(|lined| lined.pc.clone()).collect(),
        };
        list.check().map_err(|found| KeyProblem::Jobs(vec![fault(words, &lined, &found)]))?;
        let passphrase = Passphrases::new(texts, at.passphrase_file.as_deref()).get(Wanted::Root)?;
        let list = Signed::sign(list, &folder.open(&passphrase)?.root)?;
        files::replace(out, &list.bytes(), Readers::All)?;
        Ok(about(words, out, &list))
    })
}

fn check_days(
    words: &JobTexts,
    valid: &Validity,
    organisation: &Signed<Organisation>,
) -> Result<(), KeyProblem> {
    let days = |problem, days: &Validity| {
        let told = tell(problem, &[("from", days.from.as_str()), ("until", days.until.as_str())]);
        Err(KeyProblem::Jobs(vec![told]))
    };
    if !valid.is_possible() {
        return days(words.days, valid);
    }
    if !organisation.valid.encloses(valid) {
        return days(words.outside, &organisation.valid);
    }
    Ok(())
}

fn read(words: &JobTexts, path: &Path) -> Result<Vec<Lined>, KeyProblem> {
    let one = |told: Told| KeyProblem::Jobs(vec![told]);
    let rows = read_jobs(&files::read(path, LONGEST)?).map_err(|error| {
        one(match &error {
            JobRowsError::Missing(column) => tell(words.column, &[("heading", column.heading())]),
            JobRowsError::Twice(column) => tell(words.twice, &[("heading", column.heading())]),
            JobRowsError::List(error) => {
                tell(words.no_list, &[("path", &path.to_string_lossy()), ("detail", &error.to_string())])
            }
        })
    })?;
    if rows.is_empty() {
        return Err(one(tell(words.empty, &[])));
    }
    pcs(words, &rows).map_err(KeyProblem::Jobs)
}

fn about(words: &JobTexts, out: &Path, list: &Signed<JobList>) -> String {
    let drives: usize = list.pcs.iter().map(|pc| pc.drives.len()).sum();
    let values = [
        ("path", for_terminal(&out.to_string_lossy())),
        ("from", list.valid.from.to_string()),
        ("until", list.valid.until.to_string()),
        ("pcs", list.pcs.len().to_string()),
        ("drives", drives.to_string()),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut text = fill(words.signed, &values);
    for pc in &list.pcs {
        let names = [pc.serial.as_ref(), pc.uuid.as_ref()].into_iter().flatten();
        let names: Vec<&str> = names.map(model::DeviceText::as_str).collect();
        let purpose = match pc.purpose {
            JobPurpose::Erase => "抹消",
            JobPurpose::Handover => "引渡前の消去",
        };
        let values = [
            ("asset", for_terminal(&pc.asset_number)),
            ("names", names.join(" / ")),
            ("class", pc.class.number().to_string()),
            ("purpose", purpose.to_owned()),
            ("drives", pc.drives.len().to_string()),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        text += &fill(words.pc, &values);
    }
    text
}
