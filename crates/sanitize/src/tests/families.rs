//! What is particular to one family of commands.

use crate::fake::rig::{Found, LEN, Leaves, MaxAddress, Rig, Rules, Status};
use crate::fake::rigged::{arm_namespaces, erase, run, run_armed};
use model::{Bus, ByteLen, FailureReason, HiddenArea, Lift, Outcome, StepKind, Technique, VerificationKind};
use policy::Erase;
use std::time::Duration;

#[test]
fn an_adapter_that_returns_half_the_registers_is_not_sent_a_sanitize() {
    let rig = Rig::new(Rules { status: Status::HalfLost, ..Rules::default() });
    let ran = run(&rig, erase(Technique::AtaSanitizeBlockErase));
    assert!(
        matches!(&ran.result.failure, Some(FailureReason::CommandRejected(why)) if why.contains("cannot be read"))
    );
    assert!(rig.sent().is_empty() && rig.inside().writes == 0);
}

#[test]
fn a_frozen_drive_is_not_sent_a_sanitize() {
    let rig = Rig::new(Rules { frozen: true, ..Rules::default() });
    let ran = run(&rig, erase(Technique::AtaSanitizeBlockErase));
    assert!(
        matches!(&ran.result.failure, Some(FailureReason::CommandRejected(why)) if why.contains("frozen"))
    );
    assert!(rig.sent().is_empty() && rig.inside().writes == 0);
}

#[test]
fn an_idle_drive_that_says_completed_without_error_has_proven_nothing() {
    // It accepts, does nothing, and says what an idle drive always says.
    let rules = Rules { takes: Duration::ZERO, leaves: Leaves::Everything, ..Rules::default() };
    let ran = run(&Rig::new(rules), erase(Technique::AtaSanitizeBlockErase));
    assert_eq!(ran.result.failure, Some(FailureReason::MediumUnchanged));
}

#[test]
fn empty_sense_data_are_no_end_while_the_drive_is_not_ready() {
    for technique in [Technique::ScsiSanitizeBlockErase, Technique::ScsiFormatUnit] {
        let rig = Rig::new(Rules { status: Status::SenseIdle, ..Rules::default() });
        let ran = run(&rig, erase(technique));
        assert_eq!(ran.result.outcome, Outcome::Done, "{technique}: {:?}", ran.result.failure);
    }
}

#[test]
fn a_drive_that_saves_power_and_knows_only_fixed_sense_is_not_passed_over() {
    for technique in [Technique::ScsiSanitizeBlockErase, Technique::ScsiFormatUnit] {
        let rig = Rig::new(Rules { status: Status::FixedLowPower, ..Rules::default() });
        let ran = run(&rig, erase(technique));
        assert_eq!(ran.result.outcome, Outcome::Done, "{technique}: {:?}", ran.result.failure);
    }
}

#[test]
fn a_format_keeps_protection_information_also_where_it_brings_a_drive_back() {
    for found in [Found::Idle, Found::Failed] {
        // PROT_EN and type 1.
        let rig = Rig::new(Rules { found, protection: 1, ..Rules::default() });
        assert_eq!(run(&rig, erase(Technique::ScsiFormatUnit)).result.outcome, Outcome::Done);
        let sent = rig.sent();
        assert!(!sent.is_empty() && sent.iter().all(|sent| sent.starts_with("0490")), "{sent:?}");
    }
}

#[test]
fn a_completed_log_of_an_earlier_sanitize_is_told_apart() {
    let again = Rules { sanitized_before: true, ..Rules::default() };
    let technique = Technique::NvmeSanitizeBlockErase;
    // Seen at work; and, when too fast for that, by what the log says of writes since.
    for takes in [Duration::from_secs(600), Duration::ZERO] {
        let ran = run(&Rig::new(Rules { takes, ..again.clone() }), erase(technique));
        assert_eq!(ran.result.outcome, Outcome::Done, "{takes:?}: {:?}", ran.result.failure);
    }
    let same_words = [
        Rules { takes: Duration::ZERO, tells_global_erased: false, ..again.clone() },
        Rules { status: Status::Stale, ..again },
    ];
    for rules in same_words {
        let ran = run(&Rig::new(rules), erase(technique));
        assert!(
            matches!(&ran.result.failure, Some(FailureReason::Indeterminate(why)) if why.contains("earlier")),
            "{:?}",
            ran.result.failure
        );
    }
}

#[test]
fn an_overwrite_asks_for_no_deallocation_only_where_the_pattern_stays_readable() {
    let sent = |sanicap: u32| {
        let rig = Rig::new(Rules { sanicap, ..Rules::default() });
        assert_eq!(run(&rig, erase(Technique::NvmeSanitizeOverwrite)).result.outcome, Outcome::Done);
        rig.sent()[0].clone()
    };
    assert!(sent(0b111 | 0b01 << 30).contains("CDW10=0000021Bh"));
    for other in [0b111, 0b111 | 1 << 29 | 0b01 << 30, 0b111 | 0b10 << 30] {
        assert!(sent(other).contains("CDW10=0000001Bh"));
    }
}

#[test]
fn each_namespace_is_formatted_alone_and_only_where_the_others_are_out_of_reach() {
    let two = Rules { namespaces: vec![1, 2], ..Rules::default() };
    let format = erase(Technique::NvmeFormatUserData);
    let of = |rules: &Rules, erase: Erase, nsids: &[u32]| {
        let rig = Rig::new(rules.clone());
        let armed = arm_namespaces(&rig, erase, Bus::Nvme, nsids).unwrap();
        let ran = run_armed(&rig, armed, usize::MAX);
        (ran.result, rig.sent())
    };
    let (result, sent) = of(&two, format, &[1, 2]);
    assert_eq!(result.outcome, Outcome::Done, "{:?}", result.failure);
    assert_eq!(sent, ["NVMe 80h NSID=00000001h CDW10=00000201h CDW11=00000000h"]);
    let refused = [
        (two.clone(), format, vec![1]),
        (two.clone(), format, vec![1, 2, 3]),
        (Rules::default(), format, vec![1, 2]),
        (Rules { fna: 0b110, ..two.clone() }, format, vec![1, 2]),
        (Rules { fna: 0b101, ..two.clone() }, format, vec![1, 2]),
        (two, erase(Technique::NvmeSanitizeBlockErase), vec![1, 2]),
    ];
    for (rules, erase, nsids) in refused {
        let (result, sent) = of(&rules, erase, &nsids);
        assert!(matches!(result.failure, Some(FailureReason::CommandRejected(_))), "{:?}", result.failure);
        assert!(sent.is_empty());
    }
}

#[test]
fn a_namespace_is_overwritten_only_where_the_plan_knew_all_of_them() {
    let technique = Technique::RandomOverwrite;
    let (passes, verification) = (1, VerificationKind::FullStream);
    let overwrite = Erase { technique, passes, verification, ..erase(technique) };
    for (namespaces, planned, done) in [
        (vec![1], vec![1], true),
        (vec![1, 2], vec![1, 2], true),
        (vec![1, 2], vec![1], false),
        (vec![1], vec![1, 2], false),
    ] {
        let rig = Rig::new(Rules { namespaces, ..Rules::default() });
        let ran = run_armed(&rig, arm_namespaces(&rig, overwrite, Bus::Nvme, &planned).unwrap(), usize::MAX);
        assert_eq!(ran.result.outcome == Outcome::Done, done, "{:?}", ran.result.failure);
        assert_eq!(rig.inside().writes > 0, done);
        let refused = matches!(ran.result.failure, Some(FailureReason::CommandRejected(_)));
        assert_eq!((refused, ran.asked.is_empty()), (!done, !done));
    }
}

fn lifting(rules: Rules, lift: Lift, technique: Technique) -> (Rig, crate::fake::rigged::Ran) {
    let rig = Rig::new(rules);
    let ran = run(&rig, Erase { lift, ..erase(technique) });
    (rig, ran)
}

const HIDDEN: u64 = 30 * 4096;

#[test]
fn an_hpa_is_lifted_for_good_before_the_erase_and_the_whole_drive_is_read_back() {
    let rules = Rules { hpa: HIDDEN, ..Rules::default() };
    let (rig, ran) = lifting(rules, Lift::MaxAddress, Technique::AtaSanitizeBlockErase);
    assert_eq!(ran.result.outcome, Outcome::Done, "{:?}", ran.result.failure);
    let evidence = ran.result.evidence;
    assert_eq!(evidence.verification.unwrap().of, ByteLen(LEN));
    let hidden = evidence.hidden.unwrap();
    assert_eq!(hidden.before.hpa, HiddenArea::Present { native: ByteLen(LEN) });
    assert_eq!(hidden.after.hpa, HiddenArea::None);
    assert!(ran.asked[0].intent.command.contains("open max-address") && ran.asked[0].sent == 0);
    let sent = rig.inside().sent.clone();
    let set = sent.iter().position(|sent| sent.starts_with("ATA 37h")).unwrap();
    assert!(sent[set].contains("COUNT=0001h") && sent[set - 1].starts_with("ATA 27h"), "{sent:?}");
}

#[test]
fn what_stays_hidden_is_in_the_evidence_where_nothing_was_to_be_opened() {
    for technique in [Technique::AtaSanitizeBlockErase, Technique::AtaSecurityEraseNormal] {
        let rules = Rules { hpa: HIDDEN, ..Rules::default() };
        let (rig, ran) = lifting(rules, Lift::Nothing, technique);
        assert_eq!(ran.result.outcome, Outcome::Done, "{:?}", ran.result.failure);
        let hidden = ran.result.evidence.hidden.unwrap();
        assert_eq!(hidden.before.hpa, HiddenArea::Present { native: ByteLen(LEN) });
        assert_eq!(hidden.after, hidden.before);
        assert!(!rig.sent().iter().any(|sent| sent.starts_with("ATA 37h")));
    }
    let (_, ran) = lifting(Rules::default(), Lift::Nothing, Technique::AtaSanitizeBlockErase);
    assert_eq!(ran.result.evidence.hidden, None, "it has no such feature, and was not asked");
}

#[test]
fn a_permanent_change_that_is_spent_gives_way_to_a_volatile_one() {
    let rules = Rules { hpa: HIDDEN, permanent_spent: true, ..Rules::default() };
    let (rig, ran) = lifting(rules, Lift::MaxAddress, Technique::AtaSanitizeBlockErase);
    assert_eq!(ran.result.outcome, Outcome::Done, "{:?}", ran.result.failure);
    assert_eq!(rig.sent().iter().filter(|sent| sent.starts_with("ATA 37h")).count(), 2);
}

#[test]
fn an_overlay_is_restored_only_when_asked_and_after_the_hpa() {
    let rules = Rules { hpa: HIDDEN, dco: HIDDEN / 2, ..Rules::default() };
    let (rig, ran) = lifting(rules.clone(), Lift::MaxAddressAndDco, Technique::AtaSecurityEraseNormal);
    assert_eq!(ran.result.outcome, Outcome::Done, "{:?}", ran.result.failure);
    assert_eq!(ran.result.evidence.verification.unwrap().of, ByteLen(LEN));
    let sent = rig.sent();
    let at = |start: &str| sent.iter().position(|sent| sent.starts_with(start)).unwrap();
    assert!(at("ATA 37h") < at("ATA B1h FEATURE=00C0h") && at("ATA B1h FEATURE=00C0h") < at("ATA F1h"));
    let (rig, ran) = lifting(rules, Lift::MaxAddress, Technique::AtaSecurityEraseNormal);
    assert_eq!(ran.result.outcome, Outcome::Done, "{:?}", ran.result.failure);
    assert!(!rig.sent().iter().any(|sent| sent.starts_with("ATA B1h")));
    let dco = ran.result.evidence.hidden.unwrap().after.dco;
    assert_eq!(dco, HiddenArea::Present { native: ByteLen(LEN) }, "still hidden, and recorded so");
}

#[test]
fn an_overlay_that_goes_by_the_permanent_address_is_restored_after_that_is_changed() {
    let overlay_goes_by = MaxAddress::ForGood;
    let rules = Rules { hpa: HIDDEN, dco: HIDDEN / 2, overlay_goes_by, ..Rules::default() };
    let (rig, ran) = lifting(rules.clone(), Lift::MaxAddressAndDco, Technique::AtaSecurityEraseEnhanced);
    assert_eq!(ran.result.outcome, Outcome::Done, "{:?}", ran.result.failure);
    let restores = |rig: &Rig| rig.sent().iter().filter(|sent| sent.starts_with("ATA B1h")).count();
    assert_eq!((restores(&rig), rig.old_blocks()), (2, 0));
    // One whose permanent change is spent has to be switched off and on first.
    let rules = Rules { permanent_spent: true, ..rules };
    let (rig, ran) = lifting(rules, Lift::MaxAddressAndDco, Technique::AtaSecurityEraseEnhanced);
    assert!(matches!(ran.result.failure, Some(FailureReason::AreaHidden(_))), "{:?}", ran.result.failure);
    assert_eq!((restores(&rig), rig.inside().writes), (1, 0));
}

#[test]
fn an_area_that_cannot_be_opened_or_is_not_seen_by_the_system_is_never_success() {
    let rules = Rules { hpa: HIDDEN, kernel_sees_lift: false, ..Rules::default() };
    let (rig, ran) = lifting(rules, Lift::MaxAddress, Technique::AtaSanitizeBlockErase);
    assert!(matches!(ran.result.failure, Some(FailureReason::AreaHidden(_))), "{:?}", ran.result.failure);
    assert!(!ran.steps().contains(&StepKind::AreasLifted) && rig.inside().writes == 0);
    // A drive that says nothing of hidden areas any more is not open: it is unknown.
    let (rig, ran) = lifting(Rules::default(), Lift::MaxAddress, Technique::AtaSanitizeBlockErase);
    assert!(matches!(ran.result.failure, Some(FailureReason::AreaHidden(_))), "{:?}", ran.result.failure);
    assert!(rig.sent().is_empty() && rig.inside().writes == 0);
}

#[test]
fn an_overwrite_by_the_host_reaches_a_lifted_area_too() {
    let rig = Rig::new(Rules { hpa: HIDDEN, ..Rules::default() });
    let technique = Technique::RandomOverwrite;
    let (passes, verification) = (1, VerificationKind::FullStream);
    let erase = Erase { technique, passes, verification, lift: Lift::MaxAddress, ..erase(technique) };
    let armed = crate::fake::rigged::arm_on(&rig, erase, Bus::Ata).unwrap();
    let ran = run_armed(&rig, armed, usize::MAX);
    assert_eq!(ran.result.outcome, Outcome::Done, "{:?}", ran.result.failure);
    assert_eq!((rig.old_blocks(), ran.result.evidence.verification.unwrap().of), (0, ByteLen(LEN)));
}
