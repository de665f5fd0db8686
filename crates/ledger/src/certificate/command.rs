//! `massho-ledger certify`: from logs to files. What is made from the ledger, `office` gathers.

use super::batch::{Batch, Gathered, told};
use super::model::{Certificate, Compared, Notes};
use crate::command::Conclusion;
use crate::judge::{JudgedLog, Judgement, LogFinding, judge};
use crate::problems::{self, Told};
use crate::source::{Source, find};
use crate::texts::{Language, Texts};
use crate::vouchers::{OfficeArguments, Vouchers};
use crate::{escape, print};
use clap::{Args, ValueEnum};
use record::{Anchors, Fingerprint, Head12, Report, Twins};
use std::path::{Path, PathBuf};

/// What `certify` is told.
#[derive(Debug, Args)]
pub struct CertifyArguments {
    /// A log file, a stick's folder, or a stick's image or device.
    #[arg(required_unless_present_any = ["all", "pc", "serial"])]
    pub(crate) path: Option<PathBuf>,
    /// Certifies from the ledger every medium of it, and says of each what the office knows beside its log: exception,
    /// hand-over, certificate of destruction, who vouches.
    #[arg(long, conflicts_with_all = ["path", "pc", "serial", "OfficeArguments", "key", "head"])]
    pub(crate) all: bool,
    /// Certifies from the ledger the media of a PC: its asset number or serial number. May be given for each PC.
    #[arg(long, value_name = "PC", conflicts_with_all = ["path", "OfficeArguments", "key", "head"])]
    pub(crate) pc: Vec<String>,
    /// Certifies from the ledger the medium with this serial number. May be given for each medium.
    #[arg(long, value_name = "SERIAL", conflicts_with_all = ["path", "OfficeArguments", "key", "head"])]
    pub(crate) serial: Vec<String>,
    /// The folder that the certificates are written to; made when it is not there.
    #[arg(long, value_name = "FOLDER", default_value = "massho-certificates")]
    pub(crate) out: PathBuf,
    /// What to write.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Kind::Html, Kind::Pdf, Kind::Csv])]
    pub(super) format: Vec<Kind>,
    /// The Japanese font of the PDF; by default one that is on this PC.
    #[arg(long, value_name = "FILE")]
    pub(super) font: Option<PathBuf>,
    /// A key's fingerprint, as a screen showed it. May be given for each session.
    #[arg(long, value_name = "FINGERPRINT")]
    key: Vec<String>,
    /// The twelve characters that a witness copied. May be given for each session.
    #[arg(long, value_name = "XXXX-XXXX-XXXX")]
    head: Vec<String>,
    #[command(flatten)]
    office: OfficeArguments,
}

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// A page for each drive, and one for all.
    Html,
    /// The same as PDF.
    Pdf,
    /// One table.
    Csv,
}

/// The notes that somebody made of screens and on paper.
struct Noted {
    keys: Vec<Fingerprint>,
    heads: Vec<Head12>,
}

/// Carries it out for logs.
pub(crate) fn certify(language: Language, path: &Path, arguments: &CertifyArguments) -> Conclusion {
    match Work::prepare(language, path, arguments) {
        Ok(work) => work.conclude(arguments),
        Err(problem) => Conclusion::Impossible(print::told(&problem)),
    }
}

struct Work {
    language: Language,
    judgement: Judgement,
    gathered: Gathered,
    problems: Vec<Told>,
    batch: Batch,
}

impl Work {
    fn prepare(language: Language, path: &Path, arguments: &CertifyArguments) -> Result<Self, Told> {
        let texts = language.texts();
        let noted = Noted::read(texts, arguments)?;
        let office = Vouchers::read(texts, &arguments.office)?;
        let batch = Batch::new(language, arguments)?;
        let found = find(path).map_err(|error| problems::source(texts, path, &error))?;
        let anchors = noted.anchors(&found);
        let judgement = judge(found, &anchors, &office);
        let certificates = judgement.logs.iter().flat_map(|log| noted.certificates(log)).collect();
        let problems = noted.of_none(language, &judgement);
        let (said, refused) = wrongs(texts, &judgement, &problems);
        let gathered = Gathered { certificates, problems: said, refused };
        Ok(Self { language, judgement, gathered, problems, batch })
    }

    fn conclude(&self, arguments: &CertifyArguments) -> Conclusion {
        let mut text = print::judgement(self.language.texts(), &self.judgement);
        for problem in &self.problems {
            text.push_str(&print::told(problem));
        }
        let good = self.judgement.is_good() && self.problems.is_empty();
        let before = if good { Conclusion::Good(text) } else { Conclusion::Bad(text) };
        self.batch.conclude(&arguments.out, &self.gathered, before)
    }
}

/// What is wrong with the logs, and how many count for nothing.
fn wrongs(texts: &Texts, judgement: &Judgement, problems: &[Told]) -> (Vec<String>, usize) {
    let mut said = Vec::new();
    let mut refused = 0;
    for log in &judgement.logs {
        let counts_for_nothing = match &log.finding {
            LogFinding::Unreadable(_) => true,
            LogFinding::BeginningOf(_) => false,
            LogFinding::Judged { report, .. } => report.standing() == record::Standing::Refused,
        };
        refused += usize::from(counts_for_nothing);
        said.extend(wrong(texts, log).map(|what| format!("{}: {what}", escape::for_terminal(&log.name))));
    }
    said.extend(judgement.missing.iter().map(|it| problems::session_missing(texts, it).what));
    said.extend(problems.iter().map(|problem| problem.what.clone()));
    (said, refused)
}

impl Noted {
    fn read(texts: &Texts, arguments: &CertifyArguments) -> Result<Self, Told> {
        let keys = arguments.key.iter().map(|typed| Fingerprint::parse(typed)).collect::<Result<_, _>>();
        let heads = arguments.head.iter().map(|typed| Head12::parse(typed)).collect::<Result<_, _>>();
        Ok(Self {
            keys: keys.map_err(|_| problems::tell(texts.bad_key, &[]))?,
            heads: heads.map_err(|_| problems::tell(texts.bad_head, &[]))?,
        })
    }

    /// One log with one note: it is refused when they disagree.
    fn anchors(&self, found: &Source) -> Anchors {
        match (found, self.keys.as_slice(), self.heads.as_slice()) {
            (Source::One(_), keys, heads) => Anchors { key: only(keys), head: only(heads) },
            _ => Anchors::default(),
        }
    }

    fn certificates(&self, log: &JudgedLog) -> Vec<Certificate> {
        let LogFinding::Judged { report, before, trust: Some(trust), .. } = &log.finding else {
            return Vec::new();
        };
        // Which of two different stories is true, no certificate can say.
        if log.twins == Twins::Conflict {
            return Vec::new();
        }
        let agrees = |given: bool| if given { Compared::Agrees } else { Compared::Not };
        let notes = Notes { key: agrees(self.has_key(report)), witness: agrees(self.has_head(report)) };
        Certificate::of_log(&log.name, report, before.as_ref(), trust, notes)
    }

    fn has_key(&self, report: &Report) -> bool {
        report.fingerprint().is_some_and(|key| self.keys.contains(&key))
    }

    fn has_head(&self, report: &Report) -> bool {
        report.closed.is_some() && self.heads.contains(&Head12::of(&report.head))
    }

    /// The notes to which no log belongs.
    fn of_none(&self, language: Language, judgement: &Judgement) -> Vec<Told> {
        let reports: Vec<&Report> = judgement.logs.iter().filter_map(report_of).collect();
        let closed = || reports.iter().filter(|report| report.closed.is_some());
        let heads =
            self.heads.iter().filter(|head| !closed().any(|report| Head12::of(&report.head) == **head));
        let heads = heads.map(|head| told(language, "head-of-none", &[("value", head.to_string())]));
        let keys = self.keys.iter().filter(|key| !reports.iter().any(|it| it.fingerprint() == Some(**key)));
        let keys = keys.map(|key| told(language, "key-of-none", &[("value", key.to_string())]));
        heads.chain(keys).collect()
    }
}

fn only<T: Copy>(values: &[T]) -> Option<T> {
    if let [value] = values { Some(*value) } else { None }
}

fn report_of(log: &JudgedLog) -> Option<&Report> {
    match &log.finding {
        LogFinding::Judged { report, .. } => Some(report),
        LogFinding::Unreadable(_) | LogFinding::BeginningOf(_) => None,
    }
}

/// What is wrong with a log, in one sentence.
fn wrong(texts: &Texts, log: &JudgedLog) -> Option<String> {
    match &log.finding {
        LogFinding::Unreadable(error) => {
            Some(problems::tell(texts.unreadable, &[("detail", &error.to_string())]).what)
        }
        LogFinding::BeginningOf(_) => None,
        LogFinding::Judged { report, before, .. } => {
            let fault = report.fault.as_ref().map(|fault| problems::fault(texts, fault).what);
            fault.or_else(|| before.as_ref().map(|before| problems::before(texts, before).what))
        }
    }
}
