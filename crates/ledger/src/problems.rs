//! What is wrong, in two sentences: what happened, and what to do.

use crate::escape::for_terminal;
use crate::judge::{BeforeFault, MissingSession};
use crate::source::SourceError;
use crate::texts::{Problem, Texts, fill};
use model::{ByHandNo, DriveNo};
use record::{COPY_FOLDER, Contradiction, Doubt, Fault, LOG_FOLDER, Reason, Trust, Twin, Twins, copy_name};
use std::path::Path;

/// Both sentences, filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    /// What happened.
    pub(crate) what: String,
    /// What to do.
    pub(crate) todo: String,
}

/// Fills a problem in. Values are made harmless here, so that none is forgotten.
#[must_use]
pub(crate) fn tell(problem: Problem, values: &[(&str, &str)]) -> Told {
    let safe: Vec<(&str, String)> = values.iter().map(|(name, value)| (*name, for_terminal(value))).collect();
    let safe: Vec<(&str, &str)> = safe.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Told { what: fill(problem.what, &safe), todo: fill(problem.todo, &safe) }
}

/// Tells a log's fault.
#[must_use]
pub(crate) fn fault(texts: &Texts, fault: &Fault) -> Told {
    let line = fault.line.to_string();
    let told =
        |problem, values: &[(&str, &str)]| tell(problem, &[&[("line", line.as_str())], values].concat());
    match &fault.reason {
        Reason::Empty => told(texts.empty, &[]),
        Reason::NotUtf8
        | Reason::NoSignature
        | Reason::NotJson(_)
        | Reason::NoFrame
        | Reason::FirstNotOpen => told(texts.no_log, &[]),
        Reason::UnknownFormat(format) => told(texts.unknown_format, &[("format", format)]),
        Reason::WrongKey { expected, found } => {
            told(texts.wrong_key, &[("expected", &expected.to_string()), ("found", &found.to_string())])
        }
        Reason::Altered | Reason::ChainBroken => told(texts.altered, &[]),
        Reason::SignedByAnother => told(texts.other_key, &[]),
        Reason::Missing { from, to } => {
            told(texts.missing, &[("from", &from.to_string()), ("to", &to.to_string())])
        }
        Reason::Reordered { expected, found } => {
            told(texts.reordered, &[("expected", &expected.to_string()), ("found", &found.to_string())])
        }
        Reason::Repeated(found) => told(texts.repeated, &[("found", &found.to_string())]),
        Reason::NotUnderstood(detail) => told(texts.not_understood, &[("detail", detail)]),
        Reason::Contradictory(contradiction) => {
            told(texts.contradictory, &[("detail", &contradicts(texts, *contradiction))])
        }
        Reason::AfterClose => told(texts.after_close, &[]),
        Reason::TornTail => told(texts.torn, &[]),
        Reason::NotClosed => told(texts.not_closed, &[]),
        Reason::HeadDiffers { expected, found } => {
            told(texts.head_differs, &[("expected", &expected.to_string()), ("found", &found.to_string())])
        }
    }
}

fn contradicts(texts: &Texts, contradiction: Contradiction) -> String {
    use Contradiction as C;
    let texts = &texts.contradictions;
    let of = |text, no: DriveNo| fill(text, &[("drive", &no.to_string())]);
    let by_hand = |text, no: ByHandNo| fill(text, &[("number", &no.to_string())]);
    match contradiction {
        C::OpenedTwice => texts.opened_twice.to_owned(),
        C::KeyOriginDiffers => texts.key_origin.to_owned(),
        C::UnknownDrive(no) => of(texts.unknown_drive, no),
        C::DriveChanged(no) => of(texts.drive_changed, no),
        C::PlanWithoutChoices | C::PlanIncomplete(_) | C::PlanForAnother(_) | C::ConfirmsAnotherPlan => {
            texts.plan.to_owned()
        }
        C::PlanErasesIneligible(no) => of(texts.ineligible, no),
        C::PlanOutOfReach(no) => of(texts.out_of_reach, no),
        C::IntentNotConfirmed(no) => of(texts.not_confirmed, no),
        C::IntentOnAnother(no) => of(texts.another_drive, no),
        C::NotBegun(no) => of(texts.not_begun, no),
        C::ResultInconsistent(no) => of(texts.inconsistent, no),
        C::AskedOtherwise(no) => of(texts.asked_otherwise, no),
        C::NotProven(no, flaw) => {
            fill(texts.not_proven, &[("drive", &no.to_string()), ("flaw", &format!("{flaw:?}"))])
        }
        C::WitnessIsOperator => texts.witness_is_operator.to_owned(),
        C::ResultMissing(no) => of(texts.result_missing, no),
        C::PlanNotAttested(no) => of(texts.not_attested, no),
        C::OtherNamespace(no) => of(texts.other_namespace, no),
        C::CloseDiffers(no) => of(texts.close_differs, no),
        C::CloseCount { .. } => texts.close_count.to_owned(),
        C::ExceptionCalledDone(no) => of(texts.exception_done, no),
        C::NotExcepted(no) => of(texts.not_excepted, no),
        C::DeclaredTwice(no) => of(texts.declared_twice, no),
        C::ByHandWithoutChoices | C::ByHandNumber { .. } | C::UnknownByHand(_) => {
            texts.by_hand_order.to_owned()
        }
        C::ByHandMedium(no) => by_hand(texts.by_hand_medium, no),
        C::ByNobody(no) => by_hand(texts.by_hand_nobody, no),
        C::ByHandWhileBegun(no) => of(texts.by_hand_begun, no),
        C::WorkAfterByHand(no) => of(texts.by_hand_before, no),
        C::CloseDiffersByHand(no) => by_hand(texts.close_differs_by_hand, no),
    }
}

/// Tells what is wrong with the session before.
#[must_use]
pub(crate) fn before(texts: &Texts, fault: &BeforeFault) -> Told {
    match fault {
        BeforeFault::Gone(file) => tell(texts.before_gone, &[("file", file)]),
        BeforeFault::Changed(file) => tell(texts.before_changed, &[("file", file)]),
    }
}

/// Tells what is to be said of a log's two files.
#[must_use]
pub(crate) fn twins(texts: &Texts, name: &str, twins: Twins) -> Option<Told> {
    let original = format!("{LOG_FOLDER}/{name}");
    let copy = format!("{LOG_FOLDER}/{COPY_FOLDER}/{}", copy_name(name).unwrap_or_default());
    let files = [("log", original.as_str()), ("copy", &copy)];
    match twins {
        Twins::Agree => None,
        Twins::OnlyCopy => Some(tell(texts.only_copy, &files)),
        Twins::Damaged(Twin::Log) => Some(tell(texts.one_damaged, &[("bad", &original), ("good", &copy)])),
        Twins::Damaged(Twin::Copy) => Some(tell(texts.one_damaged, &[("bad", &copy), ("good", &original)])),
        Twins::Conflict => Some(tell(texts.twins_conflict, &files)),
    }
}

/// Tells that a session is missing.
#[must_use]
pub(crate) fn session_missing(texts: &Texts, missing: &MissingSession) -> Told {
    let stick = if missing.stick.is_empty() { texts.unknown } else { &missing.stick };
    tell(texts.session_missing, &[("stick", stick), ("counter", &missing.counter.to_string())])
}

/// Tells why a path leads to no logs.
#[must_use]
pub(crate) fn source(texts: &Texts, path: &Path, error: &SourceError) -> Told {
    let path = path.to_string_lossy();
    match error {
        SourceError::NotThere => tell(texts.path_not_there, &[("path", &path)]),
        SourceError::Unreadable(error) => {
            tell(texts.path_unreadable, &[("path", &path), ("detail", &error.to_string())])
        }
        SourceError::NoFat => tell(texts.path_no_fat, &[("path", &path)]),
        SourceError::NoLogs => tell(texts.path_no_logs, &[("path", &path)]),
    }
}

/// Tells why nobody who counts vouches for a log; `None` where somebody does.
#[must_use]
pub(crate) fn trust(texts: &Texts, trust: &Trust) -> Option<Told> {
    let keys = texts.keys;
    let doubt = match trust {
        Trust::Certified(_) | Trust::Unchecked(_) => return None,
        Trust::Unregistered(_) => return Some(tell(keys.unregistered, &[])),
        Trust::Doubtful(doubt) => doubt,
    };
    Some(match doubt {
        Doubt::CertificateAltered(fault) => tell(keys.certificate_altered, &[("detail", &fault.to_string())]),
        Doubt::ForeignOrganisation { organisation, key } => {
            let fingerprint = key.fingerprint().to_string();
            tell(keys.foreign, &[("organisation", organisation), ("fingerprint", &fingerprint)])
        }
        Doubt::NotSignedByStick => tell(keys.not_by_stick, &[]),
        Doubt::Revoked { stick, since } => {
            tell(keys.stick_revoked, &[("stick", &stick.to_string()), ("since", since.as_str())])
        }
        Doubt::NotYetValid { from, on } => {
            tell(keys.not_yet_valid, &[("from", from.as_str()), ("on", on.as_str())])
        }
        Doubt::Expired { until, on } => tell(keys.expired, &[("until", until.as_str()), ("on", on.as_str())]),
        Doubt::TableNotSigned => tell(keys.table_not_signed, &[]),
    })
}
