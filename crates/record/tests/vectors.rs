//! The published test vectors: those of the present format made again here, compared with the files, and judged; those
//! of older formats only judged, for ever.
//!
//! `MASSHO_WRITE_VECTORS=1 cargo test -p record --test vectors` writes the files of the present format.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod common;

use common::{
    HDD, NVME, SEED, STICK, all_done, finding, good_lines, last, lines, middle, office, open, seal, unsealed,
    witness,
};
use model::{Content, DriveResult, InformationClass, Method, Outcome, Verdict, VerificationKind};
use record::{Contradiction as C, Entry, FinalOutcome, Flaw, Reason, Standing, verify};
use std::fs;
use std::path::{Path, PathBuf};

struct Vector {
    name: &'static str,
    log: Vec<u8>,
    fault: Option<(usize, Reason)>,
}

fn vector(name: &'static str, log: Vec<u8>, line: usize, reason: Reason) -> Vector {
    Vector { name, log, fault: Some((line, reason)) }
}

fn good() -> Vec<u8> {
    good_lines().concat()
}

fn edited(edit: impl FnOnce(&mut Vec<Vec<u8>>)) -> Vec<u8> {
    let mut lines = good_lines();
    edit(&mut lines);
    lines.concat()
}

/// A log whose entries are changed before they are signed: the signatures are right, the story is not.
fn told(edit: impl FnOnce(&mut Vec<Entry>)) -> Vec<u8> {
    told_of(InformationClass::Three, all_done(), edit)
}

fn told_of(
    class: InformationClass,
    finals: Vec<FinalOutcome>,
    edit: impl FnOnce(&mut Vec<Entry>),
) -> Vec<u8> {
    let mut middle = middle(class);
    edit(&mut middle);
    lines(middle, finals).concat()
}

fn with_hdd_result(edit: impl FnOnce(&mut DriveResult)) -> Vec<u8> {
    let mut result = common::hdd_result();
    edit(&mut result);
    told(|middle| middle[12] = finding(HDD, result).into())
}

fn with_nvme_result(edit: impl FnOnce(&mut DriveResult)) -> Vec<u8> {
    let mut result = common::nvme_result();
    edit(&mut result);
    told(|middle| middle[10] = finding(NVME, result).into())
}

/// Line `index` of the good log with its text changed and signed again by the session's own key.
fn resigned(index: usize, from: &str, to: &str) -> Vec<u8> {
    edited(|lines| {
        let text = unsealed(&lines[index]);
        assert!(text.contains(from), "{from:?} does not stand in {text}");
        lines[index] = seal(SEED, &text.replacen(from, to, 1));
    })
}

fn of_the_bytes() -> Vec<Vector> {
    let unclosed = edited(|lines| {
        lines.pop();
    });
    vec![
        Vector { name: "good", log: good(), fault: None },
        vector("empty", vec![], 1, Reason::Empty),
        vector("not_utf8", edited(|lines| lines[2][300] = 0xff), 3, Reason::NotUtf8),
        vector(
            "one_byte_flipped",
            edited(|lines| flip(lines, b"\"typed\"", b"\"tyqed\"")),
            5,
            Reason::Altered,
        ),
        vector(
            "serial_altered",
            edited(|lines| flip(lines, b"WX11A1234567", b"WX11A1234568")),
            2,
            Reason::Altered,
        ),
        vector("signature_altered", edited(|lines| flip_last_digit(&mut lines[4])), 5, Reason::Altered),
        vector("line_ends_of_windows", edited(|lines| flip(lines, b"\n", b"\r\n")), 1, Reason::NoSignature),
        vector("entry_dropped", edited(|lines| drop(lines.remove(6))), 7, Reason::Missing { from: 6, to: 6 }),
        vector(
            "first_entry_dropped",
            edited(|lines| drop(lines.remove(0))),
            1,
            Reason::Missing { from: 0, to: 0 },
        ),
        vector(
            "entries_swapped",
            edited(|lines| lines.swap(7, 8)),
            8,
            Reason::Reordered { expected: 7, found: 8 },
        ),
        vector("entry_repeated", edited(|lines| lines.insert(4, lines[3].clone())), 5, Reason::Repeated(3)),
        vector("entry_of_another_log", edited(|lines| lines[10] = spliced()), 11, Reason::ChainBroken),
        vector(
            "entry_of_another_key",
            edited(|lines| *lines = rechained(lines, 6, [8; 32])),
            7,
            Reason::SignedByAnother,
        ),
        vector(
            "wrong_key",
            edited(|lines| *lines = rechained(lines, 0, [8; 32])),
            1,
            Reason::SignedByAnother,
        ),
        vector("cut_before_close", unclosed, 16, Reason::NotClosed),
        vector("torn_tail", good()[..good().len() - 200].to_vec(), 16, Reason::TornTail),
        vector("last_newline_missing", good()[..good().len() - 1].to_vec(), 16, Reason::TornTail),
        vector("after_close", edited(|lines| lines.push(lines[3].clone())), 17, Reason::AfterClose),
    ]
}

fn of_the_signatures() -> Vec<Vector> {
    let unsealed = |index: usize| unsealed(&good_lines()[index]);
    let replaced = |line: Vec<u8>| edited(|lines| lines[4] = line);
    let large = office::with_large_s(&office::signature(&good_lines()[4]));
    let (small_key, small_signature) = office::of_small_order();
    let open = open(&record::SessionKey::from_seed(&SEED));
    let small_open = unsealed(0).replace(&hex::encode(open.public_key.bytes()), &hex::encode(small_key));
    let none = record::Open { key_origin: record::KeyOrigin::Stick, ..open };
    let certified =
        beginning_with(&office::certified(&office::signed(office::certificate()), &office::STICK));
    vec![
        Vector { name: "certified", log: certified, fault: None },
        vector(
            "signature_not_canonical",
            replaced(office::sealed_with(&unsealed(4), &large)),
            5,
            // The next line was written after another one.
            Reason::Altered,
        ),
        vector(
            "signature_of_another_kind",
            replaced(office::seal_paper(SEED, "massho-stick-v1", &unsealed(4))),
            5,
            Reason::Altered,
        ),
        vector("key_of_small_order", office::sealed_with(&small_open, &small_signature), 1, Reason::Altered),
        vector("credential_missing", beginning_with(&none), 1, Reason::Contradictory(C::KeyOriginDiffers)),
    ]
}

fn beginning_with(open: &record::Open) -> Vec<u8> {
    common::lines_after(open.clone(), middle(InformationClass::Three), all_done()).concat()
}

fn of_the_json() -> Vec<Vector> {
    // What the JSON reader says is for people; that it refuses is what counts.
    let not_json = || Reason::NotJson(String::new());
    let not_understood = || Reason::NotUnderstood(String::new());
    vec![
        vector(
            "unknown_format",
            resigned(0, "massho-log/3", "massho-log/9"),
            1,
            Reason::UnknownFormat("massho-log/9".into()),
        ),
        vector(
            "first_is_not_open",
            seal(SEED, &unsealed(&good_lines()[0]).replacen("\"open\"", "\"opem\"", 1)),
            1,
            Reason::FirstNotOpen,
        ),
        vector("member_twice", resigned(4, "\"typed\":", "\"typed\":\"1\",\"typed\":"), 5, not_json()),
        vector("members_in_another_order", resigned(4, "{\"seq\":4,", "{ \"seq\":4,"), 5, Reason::NoFrame),
        vector("control_not_escaped", resigned(10, "\\u202e", "\u{202e}"), 11, not_json()),
        vector(
            "unknown_member",
            resigned(13, "\"outcome\":", "\"colour\":\"red\",\"outcome\":"),
            14,
            not_understood(),
        ),
        vector(
            "unknown_member_within",
            resigned(1, "\"verdict\":\"eligible\"", "\"verdict\":\"eligible\",\"x\":1"),
            2,
            not_understood(),
        ),
        vector(
            "unknown_type",
            resigned(4, "\"type\":\"confirm\"", "\"type\":\"confess\""),
            5,
            not_understood(),
        ),
        vector("missing_member", resigned(10, "\"drive\":null,", ""), 11, not_understood()),
    ]
}

fn of_the_story() -> Vec<Vector> {
    let told_at =
        |name, log, line, contradiction| vector(name, log, line, Reason::Contradictory(contradiction));
    let unproven = |name, log, line, no, flaw| told_at(name, log, line, C::NotProven(no, flaw));
    vec![
        unproven(
            "done_without_read_back",
            with_hdd_result(|r| r.evidence.verification = None),
            14,
            HDD,
            Flaw::NotReadBack,
        ),
        unproven(
            "done_without_an_attempt",
            with_hdd_result(|r| r.evidence.attempts.clear()),
            14,
            HDD,
            Flaw::NoAttempt,
        ),
        unproven(
            "done_with_block_errors",
            with_hdd_result(|r| r.evidence.errors.different.0 = 1),
            14,
            HDD,
            Flaw::BlockErrors,
        ),
        unproven("done_with_half_read_back", with_hdd_result(halve), 14, HDD, Flaw::ReadBackTooLittle),
        unproven(
            "done_without_drive_status",
            with_nvme_result(|r| r.evidence.attempts[0].raw_status.clear()),
            12,
            NVME,
            Flaw::NoStatus,
        ),
        unproven(
            "done_without_canaries",
            with_nvme_result(|r| r.evidence.canaries = None),
            12,
            NVME,
            Flaw::NoCanaries,
        ),
        unproven("done_with_a_canary_alive", with_nvme_result(survive), 12, NVME, Flaw::CanariesSurvived),
        told_at("overwrite_called_purge", overwrite_called_purge(), 4, C::PlanOutOfReach(HDD)),
        told_at(
            "another_method_than_asked",
            with_nvme_result(|r| r.asked = Some(Method::Clear)),
            12,
            C::AskedOtherwise(NVME),
        ),
        told_at(
            "done_without_a_method",
            with_hdd_result(|r| r.achieved = None),
            14,
            C::ResultInconsistent(HDD),
        ),
        told_at("result_missing", told(|middle| drop(middle.remove(12))), 15, C::ResultMissing(HDD)),
        told_at(
            "work_without_confirmation",
            told(|middle| drop(middle.remove(3))),
            5,
            C::IntentNotConfirmed(HDD),
        ),
        told_at(
            "result_without_intent",
            told(|middle| middle.retain(|entry| !is_work_on_hdd(entry))),
            11,
            C::NotBegun(HDD),
        ),
        told_at("plan_without_choices", told(|middle| drop(middle.remove(1))), 3, C::PlanWithoutChoices),
        told_at(
            "unknown_drive",
            told(|middle| middle.push(finding(model::DriveNo(9), common::left()).into())),
            16,
            C::UnknownDrive(model::DriveNo(9)),
        ),
        told_at(
            "close_says_otherwise",
            told_of(InformationClass::Three, failed_nvme(), |_| ()),
            16,
            C::CloseDiffers(NVME),
        ),
        told_at(
            "class_one_without_witness",
            told_of(InformationClass::One, all_done(), |_| ()),
            16,
            C::CloseDiffers(HDD),
        ),
        told_at(
            "overwrite_only_sampled",
            with_hdd_result(|result| read_back(result, VerificationKind::Sampled, None)),
            14,
            C::NotProven(HDD, Flaw::ReadBackTooLittle),
        ),
        told_at(
            "noise_after_a_user_data_erase",
            with_nvme_result(|result| {
                read_back(result, VerificationKind::FullConstant, Some(Content::Other))
            }),
            12,
            C::NotProven(NVME, Flaw::ReadBackOtherwise),
        ),
        told_at(
            "nothing_could_be_read",
            with_nvme_result(|result| {
                read_back(result, VerificationKind::FullConstant, Some(Content::Unreadable))
            }),
            12,
            C::NotProven(NVME, Flaw::ReadBackOtherwise),
        ),
        told_at("crypto_erase_not_attested", crypto_planned(vec![]), 4, C::PlanNotAttested(NVME)),
        told_at("attested_of_another_drive", crypto_planned(vec![HDD]), 4, C::PlanNotAttested(NVME)),
        told_at(
            "sampled_instead_of_full",
            with_nvme_result(|result| {
                read_back(result, VerificationKind::Sampled, Some(Content::Constant { byte: 0 }));
            }),
            12,
            C::NotProven(NVME, Flaw::ReadBackTooLittle),
        ),
        told_at(
            "carried_out_otherwise_than_planned",
            with_nvme_result(|result| {
                result.evidence.attempts[0].technique = model::Technique::NvmeSanitizeBlockErase;
            }),
            12,
            C::NotProven(NVME, Flaw::NotAsPlanned),
        ),
        told_at(
            "command_rejected_then_overwritten",
            with_nvme_result(|result| {
                let mut overwrite = common::hdd_result().evidence.attempts.remove(0);
                overwrite.passes = 2;
                result.evidence.attempts.push(overwrite);
            }),
            12,
            C::NotProven(NVME, Flaw::NotAsPlanned),
        ),
        told_at(
            "end_of_the_command_not_seen",
            told(|middle| middle.retain(|entry| !is_step(entry, &model::StepKind::Ended))),
            11,
            C::NotProven(NVME, Flaw::NotSeen),
        ),
        told_at(
            "pass_not_seen",
            told(|middle| middle.retain(|entry| !is_step(entry, &model::StepKind::PassDone { pass: 1 }))),
            13,
            C::NotProven(HDD, Flaw::NotSeen),
        ),
        told_at("planned_opening_not_told", opened(None), 14, C::NotProven(HDD, Flaw::AreaHidden)),
        told_at(
            "planned_opening_failed",
            opened(Some(model::HiddenArea::Present { native: model::ByteLen(600_000_000) })),
            14,
            C::NotProven(HDD, Flaw::AreaHidden),
        ),
        told_at("other_namespace_missing", one_namespace_of(2), 16, C::OtherNamespace(NVME)),
        Vector { name: "its_only_namespace", log: one_namespace_of(1), fault: None },
        told_at(
            "witness_is_the_operator",
            told(|middle| middle.push(witness("山田太郎").into())),
            16,
            C::WitnessIsOperator,
        ),
        Vector {
            name: "class_one_with_witness",
            log: told_of(InformationClass::One, all_done(), |middle| {
                middle.push(witness("佐藤 花子").into())
            }),
            fault: None,
        },
    ]
}

fn flip(lines: &mut [Vec<u8>], from: &[u8], to: &[u8]) {
    let line = lines.iter_mut().find(|line| line.windows(from.len()).any(|window| window == from)).unwrap();
    let place = line.windows(from.len()).position(|window| window == from).unwrap();
    line.splice(place..place + from.len(), to.iter().copied());
}

fn flip_last_digit(line: &mut [u8]) {
    let digit = line.len() - 4;
    line[digit] = if line[digit] == b'0' { b'1' } else { b'0' };
}

/// An entry of the same number, signed by the same key, but written after another line.
fn spliced() -> Vec<u8> {
    let mut middle = middle(InformationClass::Three);
    middle[8] = middle[7].clone();
    lines(middle, all_done())[10].clone()
}

/// The log chained anew from line `from` on, that line signed by the key of that seed.
fn rechained(lines: &[Vec<u8>], from: usize, seed: [u8; 32]) -> Vec<Vec<u8>> {
    let mut chained = lines[..from].to_vec();
    for (index, line) in lines.iter().enumerate().skip(from) {
        let text = unsealed(line);
        let prev = index
            .checked_sub(1)
            .map_or(record::Hex::ZERO, |last| record::hash_line(chained[last].strip_suffix(b"\n").unwrap()));
        let begin = format!("{{\"seq\":{index},\"prev\":\"");
        let text = format!("{begin}{prev}{}", &text[begin.len() + 64..]);
        chained.push(seal(if index == from { seed } else { SEED }, &text));
    }
    chained
}

fn is_work_on_hdd(entry: &Entry) -> bool {
    match entry {
        Entry::Intent(intent) => intent.drive == HDD,
        Entry::Step(step) => step.drive == HDD,
        _ => false,
    }
}

fn halve(result: &mut DriveResult) {
    let verification = result.evidence.verification.as_mut().unwrap();
    verification.bytes.0 /= 2;
}

fn survive(result: &mut DriveResult) {
    result.evidence.canaries.as_mut().unwrap().surviving = 1;
}

fn read_back(result: &mut DriveResult, kind: VerificationKind, found: Option<Content>) {
    let verification = result.evidence.verification.as_mut().unwrap();
    (verification.kind, verification.found, verification.seed) = (kind, found, "5eed".repeat(16));
}

/// The good log of a drive that says it has so many namespaces, of which one is listed.
fn one_namespace_of(count: u16) -> Vec<u8> {
    told(|middle| {
        let mut drives = common::drives();
        let each = model::Support::EachNamespace { count };
        drives[1].capabilities.0.insert(common::FORMAT_NVM.technique, each);
        middle[0] = record::Inventory { drives, unreachable: vec![] }.into();
    })
}

/// The good log with the opening of the disk's hidden areas planned, and an HPA afterwards.
fn opened(hpa: Option<model::HiddenArea>) -> Vec<u8> {
    told(|middle| {
        let mut plan = common::plan();
        let how = record::PlannedErase { lift: model::Lift::MaxAddress, ..common::OVERWRITE };
        plan.drives[0].action = record::PlannedAction::Erase { how };
        middle[2] = plan.into();
        let mut result = common::hdd_result();
        let areas = |hpa| model::HiddenAreas { hpa, ..model::HiddenAreas::default() };
        result.evidence.hidden = hpa.map(|hpa| model::HiddenChange { before: areas(hpa), after: areas(hpa) });
        middle[12] = finding(HDD, result).into();
    })
}

fn is_step(entry: &Entry, what: &model::StepKind) -> bool {
    matches!(entry, Entry::Step(step) if step.what == *what)
}

/// The good log with a crypto erase planned for the NVMe drive, attested of these drives.
fn crypto_planned(of: Vec<model::DriveNo>) -> Vec<u8> {
    told(|middle| {
        let mut choices = common::choices(InformationClass::Three);
        let attest =
            |drive| record::Attestation { drive, by: "佐藤 花子".into(), cipher: "AES-256".into() };
        choices.attestations = of.into_iter().map(attest).collect();
        middle[1] = choices.into();
        let mut plan = common::plan();
        let how =
            record::PlannedErase { technique: model::Technique::NvmeFormatCrypto, ..common::FORMAT_NVM };
        plan.drives[1].action = record::PlannedAction::Erase { how };
        middle[2] = plan.into();
    })
}

fn overwrite_called_purge() -> Vec<u8> {
    told(|middle| {
        let mut plan = common::plan();
        let how = record::PlannedErase { method: Method::Purge, ..common::OVERWRITE };
        plan.drives[0].action = record::PlannedAction::Erase { how };
        middle[2] = plan.into();
    })
}

fn failed_nvme() -> Vec<FinalOutcome> {
    let mut finals = all_done();
    finals[1] = last(NVME, Outcome::Failed, Some(Verdict::MustNotLeave));
    assert_eq!(finals[2].drive, STICK);
    finals
}

/// What massho-log/3 added.
fn of_people() -> Vec<Vector> {
    use common::hand::{
        NO_1, NO_2, awaiting, comes_to, destroyed_on_the_spot, disc, disk, excepted, exception, hands_only,
        hands_seen, label, lines_to, of_drive, on_a_bench, saw,
    };
    use model::{DriveNo, FailureReason, Handling as H, InformationClass as Class};
    let good = |name, log| Vector { name, log, fault: None };
    let told_at =
        |name, log, line, contradiction| vector(name, log, line, Reason::Contradictory(contradiction));
    let must_not = Some(Verdict::MustNotLeave);
    let destroyed = |no| comes_to(no, Outcome::Done, None);
    let kept = |no| comes_to(no, Outcome::AwaitingDestruction, must_not);
    let on_the_spot = |name, handling, hdd, hand| {
        let entry = of_drive(NO_1, HDD, handling);
        good(name, destroyed_on_the_spot(|middle| middle.push(entry.into()), hdd, vec![hand]))
    };
    let clear = |class, result, witness| {
        let outcome = Outcome::AwaitingApproval;
        excepted(class, vec![exception(HDD)], result, witness, outcome)
    };
    let waiting = || awaiting(Some(FailureReason::AwaitingWitness));
    vec![
        good("by_hand_only", hands_only(Class::Two, vec![disc(NO_1)], vec![destroyed(NO_1)])),
        good(
            "by_hand_degaussed",
            hands_only(
                Class::Two,
                vec![disk(NO_1, H::Degaussed), record::ByHand { handling: H::Degaussed, ..disc(NO_2) }],
                vec![comes_to(NO_1, Outcome::Done, Some(Verdict::MayBeReused)), kept(NO_2)],
            ),
        ),
        good(
            "by_hand_class_one_with_witness",
            hands_seen(
                Class::One,
                vec![disc(NO_1), disk(NO_2, H::SetAside)],
                Some(saw("佐藤 花子", vec![], vec![NO_1])),
                vec![destroyed(NO_1), kept(NO_2)],
            ),
        ),
        good(
            "by_hand_class_one_waiting",
            hands_only(Class::One, vec![disc(NO_1)], vec![comes_to(NO_1, Outcome::Incomplete, must_not)]),
        ),
        on_the_spot("destroyed_on_the_spot", H::Destroyed, last(HDD, Outcome::Done, None), destroyed(NO_1)),
        on_the_spot("set_aside", H::SetAside, last(HDD, Outcome::AwaitingDestruction, must_not), kept(NO_1)),
        good(
            "set_aside_then_destroyed",
            destroyed_on_the_spot(
                |middle| {
                    middle.push(of_drive(NO_1, HDD, H::SetAside).into());
                    middle.push(of_drive(NO_2, HDD, H::Destroyed).into());
                },
                last(HDD, Outcome::Done, None),
                vec![destroyed(NO_1), destroyed(NO_2)],
            ),
        ),
        good("awaiting_approval", clear(Class::Two, awaiting(None), None)),
        good(
            "awaiting_approval_class_one",
            clear(Class::One, waiting(), Some(saw("佐藤 花子", vec![HDD], vec![]))),
        ),
        good("drives_on_a_bench", on_a_bench(vec![label(HDD), label(NVME)])),
        told_at(
            "exception_called_done",
            excepted(Class::Two, vec![exception(HDD)], common::hdd_result(), None, Outcome::Done),
            8,
            C::ExceptionCalledDone(HDD),
        ),
        told_at(
            "approval_of_no_exception",
            excepted(Class::Two, vec![], awaiting(None), None, Outcome::AwaitingApproval),
            8,
            C::NotExcepted(HDD),
        ),
        told_at(
            "approval_of_another_drive",
            excepted(Class::Two, vec![exception(NVME)], awaiting(None), None, Outcome::AwaitingApproval),
            8,
            C::NotExcepted(HDD),
        ),
        told_at(
            "approval_without_read_back",
            {
                let mut result = awaiting(None);
                result.evidence.verification = None;
                clear(Class::Two, result, None)
            },
            8,
            C::NotProven(HDD, Flaw::NotReadBack),
        ),
        told_at(
            "exception_twice",
            excepted(
                Class::Two,
                vec![exception(HDD), exception(HDD)],
                awaiting(None),
                None,
                Outcome::AwaitingApproval,
            ),
            3,
            C::DeclaredTwice(HDD),
        ),
        told_at("label_twice", on_a_bench(vec![label(HDD), label(HDD)]), 3, C::DeclaredTwice(HDD)),
        told_at(
            "label_of_an_unknown_drive",
            on_a_bench(vec![label(DriveNo(9))]),
            3,
            C::UnknownDrive(DriveNo(9)),
        ),
        told_at(
            "by_hand_without_choices",
            lines_to(vec![disc(NO_1).into()], vec![], vec![destroyed(NO_1)]),
            2,
            C::ByHandWithoutChoices,
        ),
        told_at(
            "by_hand_number_skipped",
            hands_only(Class::Two, vec![disc(NO_2)], vec![destroyed(NO_2)]),
            3,
            C::ByHandNumber { expected: NO_1, found: NO_2 },
        ),
        told_at(
            "by_hand_of_nothing",
            hands_only(
                Class::Two,
                vec![record::ByHand { medium: None, ..disc(NO_1) }],
                vec![destroyed(NO_1)],
            ),
            3,
            C::ByHandMedium(NO_1),
        ),
        told_at(
            "by_hand_by_nobody",
            hands_only(
                Class::Two,
                vec![record::ByHand { by: "\u{3000}".into(), ..disc(NO_1) }],
                vec![destroyed(NO_1)],
            ),
            3,
            C::ByNobody(NO_1),
        ),
        told_at(
            "by_hand_of_an_unknown_drive",
            hands_only(Class::Two, vec![of_drive(NO_1, HDD, H::Destroyed)], vec![destroyed(NO_1)]),
            3,
            C::UnknownDrive(HDD),
        ),
        told_at(
            "by_hand_class_one_without_witness",
            hands_only(Class::One, vec![disc(NO_1)], vec![destroyed(NO_1)]),
            4,
            C::CloseDiffersByHand(NO_1),
        ),
        told_at(
            "by_hand_witness_did_it",
            hands_seen(
                Class::One,
                vec![record::ByHand { by: "佐藤花子".into(), ..disc(NO_1) }],
                Some(saw("佐藤 花子", vec![], vec![NO_1])),
                vec![destroyed(NO_1)],
            ),
            4,
            C::WitnessIsOperator,
        ),
        told_at(
            "by_hand_degaussed_flash_called_done",
            hands_only(
                Class::Two,
                vec![record::ByHand { handling: H::Degaussed, ..disc(NO_1) }],
                vec![comes_to(NO_1, Outcome::Done, Some(Verdict::MayBeReused))],
            ),
            4,
            C::CloseDiffersByHand(NO_1),
        ),
        told_at(
            "by_hand_left_out_of_close",
            hands_only(Class::Two, vec![disc(NO_1)], vec![]),
            4,
            C::CloseDiffersByHand(NO_1),
        ),
        told_at(
            "by_hand_only_in_close",
            hands_only(Class::Two, vec![disc(NO_1)], vec![destroyed(NO_1), destroyed(NO_2)]),
            4,
            C::UnknownByHand(NO_2),
        ),
        told_at(
            "witness_of_nothing_by_hand",
            hands_seen(
                Class::Two,
                vec![disc(NO_1)],
                Some(saw("佐藤 花子", vec![], vec![NO_2])),
                vec![destroyed(NO_1)],
            ),
            4,
            C::UnknownByHand(NO_2),
        ),
        told_at(
            "by_hand_while_being_erased",
            told(|middle| middle.insert(6, of_drive(NO_1, HDD, H::Destroyed).into())),
            8,
            C::ByHandWhileBegun(HDD),
        ),
        told_at(
            "erased_after_destruction",
            told(|middle| middle.insert(4, of_drive(NO_1, HDD, H::Destroyed).into())),
            7,
            C::WorkAfterByHand(HDD),
        ),
        told_at(
            "close_forgets_the_destruction",
            destroyed_on_the_spot(
                |middle| middle.push(of_drive(NO_1, HDD, H::Destroyed).into()),
                last(HDD, Outcome::AwaitingDestruction, must_not),
                vec![destroyed(NO_1)],
            ),
            14,
            C::CloseDiffers(HDD),
        ),
        vector(
            "day_of_no_calendar",
            {
                let log = hands_only(Class::Two, vec![disc(NO_1)], vec![destroyed(NO_1)]);
                let mut lines: Vec<Vec<u8>> =
                    log.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
                let text = unsealed(&lines[2]).replace("2026-11-23\",\"photo", "2026-11-31\",\"photo");
                lines[2] = seal(SEED, &text);
                lines.concat()
            },
            3,
            Reason::NotUnderstood(String::new()),
        ),
        vector(
            "by_hand_in_an_older_format",
            in_an_older_format(&hands_only(Class::Two, vec![disc(NO_1)], vec![destroyed(NO_1)])),
            3,
            Reason::NotUnderstood(String::new()),
        ),
        vector(
            "approval_in_an_older_format",
            in_an_older_format(&excepted(
                Class::Two,
                vec![],
                awaiting(None),
                None,
                Outcome::AwaitingApproval,
            )),
            8,
            Reason::NotUnderstood(String::new()),
        ),
    ]
}

/// The log with another format in its first line, chained and signed anew: what it says after that is not that format's.
fn in_an_older_format(log: &[u8]) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = log.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    for (index, from, to) in [
        (0, "massho-log/3", "massho-log/2"),
        (1, "\"drives_from\":\"bench\",", ""),
        (2, "\"drives_from\":\"this-pc\",", ""),
    ] {
        let text = unsealed(&lines[index]).replace(from, to);
        lines[index] = seal(SEED, &text);
    }
    rechained(&lines, 1, SEED).concat()
}

fn agrees(found: &Reason, expected: &Reason) -> bool {
    match (found, expected) {
        // What serde says is for people; that it refuses is what counts.
        (Reason::NotUnderstood(_), Reason::NotUnderstood(_)) | (Reason::NotJson(_), Reason::NotJson(_)) => {
            true
        }
        _ => found == expected,
    }
}

fn all() -> Vec<Vector> {
    let own = of_the_bytes().into_iter().chain(of_the_signatures()).chain(of_the_json());
    own.chain(of_the_story()).chain(of_people()).collect()
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

fn judge(name: &str, log: &[u8], fault: Option<&(usize, Reason)>) {
    let report = verify(log);
    match (&report.fault, fault) {
        (None, None) => assert_eq!(report.standing(), Standing::Verified, "{name}"),
        (Some(found), Some((line, reason))) => {
            assert!(agrees(&found.reason, reason), "{name}: {found:?}, expected {reason:?}");
            assert_eq!(found.line, *line, "{name}: {found:?}");
            assert_ne!(report.standing(), Standing::Verified, "{name}");
        }
        (found, expected) => panic!("{name}: {found:?}, expected {expected:?}"),
    }
}

#[test]
fn every_vector_is_judged_as_its_name_says() {
    let folder = folder("vectors-3");
    for Vector { name, log, fault } in all() {
        let file = folder.join(format!("{name}.jsonl"));
        if std::env::var_os("MASSHO_WRITE_VECTORS").is_some() {
            fs::write(&file, &log).unwrap();
        }
        assert!(fs::read(&file).unwrap() == log, "{name}: the file is not what is made here");
        judge(name, &log, fault.as_ref());
    }
}

/// The fault that a vector's name stands for; the older formats had the same faults.
fn still_judged(name: &str, count: usize) {
    let (known, mut seen) = (all(), 0);
    for file in fs::read_dir(folder(name)).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let vector = known.iter().find(|vector| vector.name == name).unwrap();
        judge(name, &fs::read(&path).unwrap(), vector.fault.as_ref());
        seen += 1;
    }
    assert_eq!(seen, count, "{name}");
}

#[test]
fn every_vector_of_the_older_formats_is_still_judged_as_its_name_says() {
    still_judged("vectors", 60);
    still_judged("vectors-2", 65);
}
