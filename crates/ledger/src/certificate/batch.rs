//! Certificates as files: one for each drive, and the list of all.

use super::command::{CertifyArguments, Kind};
use super::describe::document;
use super::document::Document;
use super::font::{FontError, FontFile};
use super::list::{List, list};
use super::model::Certificate;
use super::pdf::{Contents, PdfError, pdf};
use super::words::Words;
use super::{csv, html};
use crate::command::Conclusion;
use crate::problems::Told;
use crate::store::Part;
use crate::texts::{Language, fill};
use crate::{escape, print};
use std::fs;
use std::path::Path;

/// What there is to certify.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// A certificate for each drive.
    pub(crate) certificates: Vec<Certificate>,
    /// What is wrong beside them, for the list.
    pub(crate) problems: Vec<String>,
    /// How many logs count for nothing.
    pub(crate) refused: usize,
}

/// How certificates are written.
pub(crate) struct Batch {
    language: Language,
    kinds: Vec<Kind>,
    font: Option<FontFile>,
}

/// A file: its name, and its bytes.
type Named = (String, Vec<u8>);

impl Batch {
    /// As the command line says. A font that is missing is told before anything is written.
    ///
    /// # Errors
    /// There is none that could be used.
    pub(crate) fn new(language: Language, arguments: &CertifyArguments) -> Result<Self, Told> {
        let wanted = arguments.format.contains(&Kind::Pdf);
        let font = wanted.then(|| FontFile::find(arguments.font.as_deref())).transpose();
        let font = font.map_err(|error| font_problem(language, &error))?;
        Ok(Self { language, kinds: arguments.format.clone(), font })
    }

    /// Pages and a table: what needs no font.
    pub(crate) fn of_pages(language: Language) -> Self {
        Self { language, kinds: vec![Kind::Html, Kind::Csv], font: None }
    }

    /// Writes everything into the folder, and says so after what was said before. `good`: whether all was right so far.
    pub(crate) fn conclude(&self, out: &Path, gathered: &Gathered, before: Conclusion) -> Conclusion {
        let (mut text, good) = match before {
            Conclusion::Good(text) => (text, true),
            Conclusion::Bad(text) | Conclusion::Impossible(text) => (text, false),
        };
        if gathered.certificates.is_empty() {
            text.push_str(&print::told(&told(self.language, "nothing", &[])));
            return Conclusion::Bad(text);
        }
        match self.write(out, gathered) {
            Ok(files) => {
                let folder = escape::for_terminal(&out.to_string_lossy());
                let counts = [gathered.certificates.len().to_string(), files.to_string()];
                let values = [("folder", folder.as_str()), ("drives", &counts[0]), ("files", &counts[1])];
                text.push_str(&fill(Words::of(self.language).get("done", "written"), &values));
                text.push('\n');
                let doubtful = gathered.certificates.iter().any(|it| it.log.is_doubtful());
                if good && !doubtful { Conclusion::Good(text) } else { Conclusion::Bad(text) }
            }
            Err(problem) => Conclusion::Impossible(print::told(&problem)),
        }
    }

    /// Writes every file; returns how many.
    fn write(&self, out: &Path, gathered: &Gathered) -> Result<usize, Told> {
        fs::create_dir_all(out).map_err(|error| not_written(self.language, out, &error))?;
        let documents = self.documents(gathered);
        let mut files = 0;
        for file in self.files(gathered, &documents) {
            let (name, bytes) = file?;
            let path = out.join(name);
            fs::write(&path, bytes).map_err(|error| not_written(self.language, &path, &error))?;
            files += 1;
        }
        Ok(files)
    }

    /// The certificates in words.
    pub(crate) fn documents(&self, gathered: &Gathered) -> Vec<Document> {
        gathered.certificates.iter().map(|it| document(it, self.language)).collect()
    }

    /// Every file, made when it is asked for.
    pub(crate) fn files<'a>(
        &'a self,
        gathered: &'a Gathered,
        documents: &'a [Document],
    ) -> impl Iterator<Item = Result<Named, Told>> + 'a {
        let drawn = self.kinds.iter().filter(|kind| **kind != Kind::Csv);
        let pages = drawn.flat_map(move |kind| {
            let whole = std::iter::once_with(move || self.whole(*kind, gathered, documents));
            let each = gathered.certificates.iter().zip(documents);
            whole.chain(each.map(move |(certificate, one)| self.one(*kind, certificate, one)))
        });
        let tables = self.kinds.iter().filter(|kind| **kind == Kind::Csv).map(move |_| {
            let table = csv::table(self.language, &gathered.certificates);
            Ok(("massho-list.csv".to_owned(), table.into_bytes()))
        });
        pages.chain(tables)
    }

    /// The list, and all certificates after it.
    fn whole(&self, kind: Kind, gathered: &Gathered, documents: &[Document]) -> Result<Named, Told> {
        let Gathered { certificates, problems, refused } = gathered;
        let list = list(self.language, certificates, problems, *refused);
        let title = Words::of(self.language).get("title", "list");
        self.draw(kind, "massho-list", title, (Some(&list), documents))
    }

    fn one(&self, kind: Kind, certificate: &Certificate, document: &Document) -> Result<Named, Told> {
        let title = format!("{} {}", document.title, certificate.serial());
        self.draw(kind, &stem(certificate), &title, (None, std::slice::from_ref(document)))
    }

    fn draw(
        &self,
        kind: Kind,
        stem: &str,
        title: &str,
        (list, documents): (Option<&List>, &[Document]),
    ) -> Result<Named, Told> {
        match (kind, &self.font) {
            (Kind::Pdf, Some(font)) => {
                let contents = Contents { language: self.language, title, list, documents };
                let bytes = pdf(&contents, font).map_err(|error| self.not_drawn(&error))?;
                Ok((format!("{stem}.pdf"), bytes))
            }
            _ => {
                let page = html::page(self.language, title, list, documents);
                Ok((format!("{stem}.html"), page.into_bytes()))
            }
        }
    }

    fn not_drawn(&self, error: &PdfError) -> Told {
        told(self.language, "pdf", &[("detail", error.to_string())])
    }
}

/// The name of a certificate's file: the log's and the drive's number, in letters that every system takes.
fn stem(certificate: &Certificate) -> String {
    let log = certificate.log.file.split('.').next().unwrap_or_default();
    let harmless = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    let name: String = log.chars().map(harmless).collect();
    let serial: String = certificate.serial().chars().map(harmless).collect();
    match certificate.part() {
        Part::Drive(no) => format!("{name}-{no}-{serial}"),
        Part::ByHand(no) => format!("{name}-H{no}-{serial}"),
    }
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
