//! `massho-ledger certify`: from logs to files.

use super::describe::document;
use super::document::Document;
use super::font::{FontError, FontFile};
use super::list::{List, list};
use super::model::{Certificate, Compared, Notes};
use super::pdf::{Contents, PdfError, pdf};
use super::words::Words;
use super::{csv, html};
use crate::command::Conclusion;
use crate::judge::{JudgedLog, Judgement, LogFinding, judge};
use crate::problems::{self, Told};
use crate::source::{Source, find};
use crate::texts::{Language, Texts, fill};
use crate::vouchers::{OfficeArguments, Vouchers};
use crate::{escape, print};
use clap::{Args, ValueEnum};
use record::{Anchors, Fingerprint, Head12, Report, Twins};
use std::fs;
use std::path::{Path, PathBuf};

/// What `certify` is told.
#[derive(Debug, Args)]
pub struct CertifyArguments {
    /// A log file, a stick's folder, or a stick's image or device.
    path: PathBuf,
    /// The folder that the certificates are written to; made when it is not there.
    #[arg(long, value_name = "FOLDER", default_value = "massho-certificates")]
    out: PathBuf,
    /// What to write.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Kind::Html, Kind::Pdf, Kind::Csv])]
    format: Vec<Kind>,
    /// The Japanese font of the PDF; by default one that is on this PC.
    #[arg(long, value_name = "FILE")]
    font: Option<PathBuf>,
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

/// Carries it out.
pub(crate) fn certify(language: Language, arguments: &CertifyArguments) -> Conclusion {
    let texts = language.texts();
    match Work::prepare(language, arguments) {
        Ok(work) => work.conclude(texts, arguments),
        Err(problem) => Conclusion::Impossible(print::told(&problem)),
    }
}

struct Work {
    language: Language,
    judgement: Judgement,
    certificates: Vec<Certificate>,
    problems: Vec<Told>,
    font: Option<FontFile>,
}

impl Work {
    fn prepare(language: Language, arguments: &CertifyArguments) -> Result<Self, Told> {
        let texts = language.texts();
        let noted = Noted::read(texts, arguments)?;
        let office = Vouchers::read(texts, &arguments.office)?;
        // A font that is missing is told before anything is written.
        let wanted = arguments.format.contains(&Kind::Pdf);
        let font = wanted.then(|| FontFile::find(arguments.font.as_deref())).transpose();
        let font = font.map_err(|error| font_problem(language, &error))?;
        let found =
            find(&arguments.path).map_err(|error| problems::source(texts, &arguments.path, &error))?;
        let anchors = noted.anchors(&found);
        let judgement = judge(found, &anchors, &office);
        let certificates: Vec<_> = judgement.logs.iter().flat_map(|log| noted.certificates(log)).collect();
        let problems = noted.of_none(language, &judgement);
        Ok(Self { language, judgement, certificates, problems, font })
    }

    fn conclude(&self, texts: &Texts, arguments: &CertifyArguments) -> Conclusion {
        let mut text = print::judgement(texts, &self.judgement);
        for problem in &self.problems {
            text.push_str(&print::told(problem));
        }
        if self.certificates.is_empty() {
            text.push_str(&print::told(&told(self.language, "nothing", &[])));
            return Conclusion::Bad(text);
        }
        match self.write(arguments) {
            Ok(files) => {
                let folder = escape::for_terminal(&arguments.out.to_string_lossy());
                let counts = [self.certificates.len().to_string(), files.to_string()];
                let values = [("folder", folder.as_str()), ("drives", &counts[0]), ("files", &counts[1])];
                text.push_str(&fill(Words::of(self.language).get("done", "written"), &values));
                text.push('\n');
                let doubtful = self.certificates.iter().any(|it| it.log.trust.is_doubtful());
                let good = self.judgement.is_good() && self.problems.is_empty() && !doubtful;
                if good { Conclusion::Good(text) } else { Conclusion::Bad(text) }
            }
            Err(problem) => Conclusion::Impossible(print::told(&problem)),
        }
    }

    /// Writes every file; returns how many.
    fn write(&self, arguments: &CertifyArguments) -> Result<usize, Told> {
        let out = &arguments.out;
        fs::create_dir_all(out).map_err(|error| not_written(self.language, out, &error))?;
        let documents: Vec<Document> =
            self.certificates.iter().map(|it| document(it, self.language)).collect();
        let list = self.list();
        let mut files = 0;
        for kind in &arguments.format {
            if *kind == Kind::Csv {
                let table = csv::table(self.language, &self.certificates);
                self.save(&out.join("massho-list.csv"), table.as_bytes())?;
                files += 1;
                continue;
            }
            let title = Words::of(self.language).get("title", "list");
            self.draw(*kind, &out.join("massho-list"), title, (Some(&list), &documents))?;
            for (certificate, one) in self.certificates.iter().zip(&documents) {
                let title = format!("{} {}", one.title, certificate.drive.drive.identity.serial);
                let path = out.join(stem(certificate));
                self.draw(*kind, &path, &title, (None, std::slice::from_ref(one)))?;
            }
            files += documents.len() + 1;
        }
        Ok(files)
    }

    fn draw(
        &self,
        kind: Kind,
        path: &Path,
        title: &str,
        (list, documents): (Option<&List>, &[Document]),
    ) -> Result<(), Told> {
        match (kind, &self.font) {
            (Kind::Pdf, Some(font)) => {
                let contents = Contents { language: self.language, title, list, documents };
                let bytes = pdf(&contents, font).map_err(|error| self.not_drawn(&error))?;
                self.save(&path.with_extension("pdf"), &bytes)
            }
            _ => {
                let page = html::page(self.language, title, list, documents);
                self.save(&path.with_extension("html"), page.as_bytes())
            }
        }
    }

    fn list(&self) -> List {
        let texts = self.language.texts();
        let mut problems = Vec::new();
        let mut refused = 0;
        for log in &self.judgement.logs {
            let what = wrong(texts, log);
            let counts_for_nothing = match &log.finding {
                LogFinding::Unreadable(_) => true,
                LogFinding::BeginningOf(_) => false,
                LogFinding::Judged { report, .. } => report.standing() == record::Standing::Refused,
            };
            refused += usize::from(counts_for_nothing);
            problems.extend(what.map(|what| format!("{}: {what}", escape::for_terminal(&log.name))));
        }
        problems.extend(self.judgement.missing.iter().map(|it| problems::session_missing(texts, it).what));
        problems.extend(self.problems.iter().map(|problem| problem.what.clone()));
        list(self.language, &self.certificates, &problems, refused)
    }

    fn save(&self, path: &Path, bytes: &[u8]) -> Result<(), Told> {
        fs::write(path, bytes).map_err(|error| not_written(self.language, path, &error))
    }

    fn not_drawn(&self, error: &PdfError) -> Told {
        told(self.language, "pdf", &[("detail", error.to_string())])
    }
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

/// The name of a certificate's file: the log's and the drive's number, in letters that every system takes.
fn stem(certificate: &Certificate) -> String {
    let log = certificate.log.file.split('.').next().unwrap_or_default();
    let harmless = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let name: String = log.chars().map(harmless).collect();
    let serial: String = certificate.drive.drive.identity.serial.as_str().chars().map(harmless).collect();
    format!("{name}-{}-{serial}", certificate.drive.drive.no)
}

/// Tells a problem of the certificates' own catalogue.
pub(crate) fn told(language: Language, name: &str, values: &[(&str, String)]) -> Told {
    let words = Words::of(language);
    let safe: Vec<(&str, String)> =
        values.iter().map(|(name, value)| (*name, escape::for_terminal(value))).collect();
    let safe: Vec<(&str, &str)> = safe.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let todo = format!("{name}-do");
    Told { what: fill(words.get("problem", name), &safe), todo: fill(words.get("problem", &todo), &safe) }
}

/// Tells that a file cannot be written.
pub(crate) fn not_written(language: Language, path: &Path, error: &std::io::Error) -> Told {
    let values = [("path", path.to_string_lossy().into_owned()), ("detail", error.to_string())];
    told(language, "write", &values)
}

fn font_problem(language: Language, error: &FontError) -> Told {
    let path = |path: &Path| ("path", path.to_string_lossy().into_owned());
    match error {
        FontError::None => told(language, "no-font", &[]),
        FontError::Unreadable(at, error) => {
            told(language, "font-unreadable", &[path(at), ("detail", error.to_string())])
        }
        FontError::NotJapanese(at) => told(language, "font-not-japanese", &[path(at)]),
    }
}
