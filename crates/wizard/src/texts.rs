//! The texts of the screens, in Japanese and English: catalogues with the same keys, read once, reached by type.

use crate::Language;
use serde::Deserialize;

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident { $($field:ident $(: $kind:ty)?),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name {
            $(pub(crate) $field: texts!(@kind $($kind)?)),*
        }
    )*};
    (@kind) => { String };
    (@kind $kind:ty) => { $kind };
}

texts! {
    /// One language.
    Texts {
        common: Common, past: Past, keys: Keys, language: LanguageScreen, sticks: Sticks, passphrase: Passphrase, stick_state: StickState,
        stick_problem: StickProblem, people: People, class: Class, drives: Drives, medium: Medium,
        ineligible: Ineligible, plan: Plan, technique: Technique, why_not: WhyNot,
        confirm: Confirm, record_only: RecordOnly, progress: Progress, stop: Stop, rescue: Rescue,
        results: Results, outcome: Outcome, method: Method, verdict: Verdict, failure: Failure,
        after: After, witness: Witness, unwitnessed: Unwitnessed, finish: Finish, abandon: Abandon,
        policy_problem: PolicyProblem, taken: Taken, small: Small, crashed: Crashed,
        sleep: Sleep, unlock: Unlock, detail: Detail, hidden: Hidden, condition: Condition,
        attest: Attest, label: Label, own: Own, assets: Assets, exception: Exception, hand: Hand, follow: Follow, help: Help, power: Power,
        unattended: UnattendedScreen, cause: Cause,
    }
    /// What happened, and what to do.
    Pair { what, todo }
    Power {
        battery: Pair, mains: Pair, button: Pair, button_running: Pair, button_unsaved: Pair, button_done: Pair, button_garbled: Pair, button_busy: Pair,
        button_fault: Pair, button_awaited: Pair,
    }
    Common {
        app, step, journal_saving, journal_saved, journal_unsaved, journal_garbled, more_above, more_below, none,
        drive, serial, asset, label_serial, no_serial, position, minutes, hours, days, less_than_a_minute,
        ascii_note,
        app_handover, app_bench, app_bench_handover, app_by_hand, place, place_sata, place_nvme_slot,
        place_nvme, place_usb, place_sas, place_scsi,
    }
    Keys {
        help, close_help, code,
        space, letters, choose, next, back, scroll, text, field, answer, toggle, rescan, renew, power_off,
        open_stick, handover, detail, abandon, digits, confirm, stop, rescue, again,
        continue_on, record_only, record, witness, finish, without_witness, yes_abandon, builtin,
        info, thaw, probe, restore_dco, attest, label, except, no_exception, withdraw, unlock, open_key, without_key, list, kana, take_name, handover_flow, bench, this_pc, by_hand, describe, record_hand, past, show,
        reveal, keyboard, any, stop_count,
        next_field,
        witness_optional,
    }
    LanguageScreen {
        title, name, intro, harmless, ask, others, bench, claimed, claimed_do, keyboard_jp, keyboard_us,
        keyboard_kept, keyboard_kept_do,
    }
    Sticks {
        title, intro, none, searching, boot_may_go, boot_may_go_do, none_what, none_format, none_boot, none_usable, size, size_unknown,
        opening, opened, opened_no, opened_free, opened_sessions, opened_key, opened_stay,
        cut_off, cut_off_then, chosen_gone, chosen_gone_do, choose_one, choose_one_do,
        came, came_do, fault_waits,
    }
    Past {
        title, detail_title, intro, open, refused, nothing, open_explain, refused_explain, nothing_explain, not_begun,
        open_verdict, empty, empty_explain, untouched,
    }
    Passphrase {
        title, checked, named, no_key, not_today, ask, trying, layout, plain, keyboard_jp, keyboard_us, without, empty, empty_do, wrong, wrong_do,
        unusable, unusable_do, blank, open, gone_without, still_shut, refused_then, altered, foreign, revoked, file, key,
    }
    StickState {
        usable, has_logs, read_only, full, not_fat, not_fat_unknown, boot_stick, unreadable,
    }
    StickProblem {
        removed: Pair, full: Pair, read_only: Pair, not_fat: Pair, read_back: Pair, another: Pair,
        no_answer: Pair, io: Pair, not_verified: Pair,
    }
    People {
        title, intro, intro_kana, operator, asset, witness, section, section_bench, place, approver, by, by_staff, by_contractor,
        contractor, destination, reuse, giving_back, disposal, clock, clock_unknown, clock_question, right, wrong, recalled, recalled_do, recalled_bench_do, names_title, names_intro,
        listed, other_pc, listed_as, not_listed, doubtful_do, no_by, no_by_do, empty_contractor, empty_contractor_do, clock_odd, clock_hint, empty_operator, empty_operator_do, empty_asset, empty_asset_do,
        same_witness, same_witness_do, no_clock_answer, no_clock_answer_do, too_long, too_long_do,
        recalled_cut_do,
    }
    Class {
        title, ask, ask_bench, ask_by_hand, one, one_explain, one_follows, two, two_explain, two_follows, three,
        three_explain, three_follows, unknown, unknown_explain, unknown_follows, handover_follows, choose, choose_do, name_one,
        name_two, name_three,
        handover_follows_witness, legend,
    }
    Drives {
        title, intro, intro_handover, settling, slow, count, count_bench, own_note, none, none_hint, hidden, hidden_hint, usb_note, gone_stick, gone,
        none_array, missing, choose_one, choose_one_do, not_eligible, wait, wait_do, rescanning, rescanning_do, came,
        came_do, selected_since, selected_since_do, left, left_do, changed, changed_do, nameless, named, stays_nameless,
        count_handover, unseen_plan, missing_plan, unseen_after, missing_after, count_others,
    }
    Medium {
        hdd, ssd, usb_stick, optical, assumed,
    }
    Ineligible {
        boot_stick, results_stick, holds_logs, mounted, held_by, in_use, read_only, no_medium,
        optical, unidentified, same_identity, unchecked, locked, erasing_itself,
    }
    Plan {
        short_clear, short_purge, short_destruct, short_handover, short_exception, short_leave, exception, exception_after, excepted,
        title, summary_handover, summary, will_do, achieves, not_achieved, takes, overwrite, nvme_format, firmware,
        clear, purge, not_clear, not_clear_flash, not_purge, destruct, destruct_why,
        destruct_offer, destruct_no_offer, handover, handover_after, leave_choice,
        leave_ineligible, takes_unknown, more, detail_title, detail_none, table, origin_builtin,
        origin_custom, origin_signed,
        clear_suffices, afterwards, short_optical, no_way_back, others,
        stale, stale_do, stale_left_do, stale_came_do, stale_selected_do, gone_since, changed_since,
    }
    Technique {
        random_overwrite, ata_security_erase_normal, ata_security_erase_enhanced,
        ata_sanitize_block_erase, ata_sanitize_crypto_scramble, ata_sanitize_overwrite,
        scsi_sanitize_overwrite, scsi_sanitize_block_erase, scsi_sanitize_crypto_erase,
        scsi_format_unit, nvme_format_user_data, nvme_format_crypto, nvme_sanitize_block_erase,
        nvme_sanitize_crypto_erase, nvme_sanitize_overwrite, degauss,
    }
    WhyNot {
        overwrite_is_not_purge, not_allowed, unsupported, frozen, locked, behind_usb, unknown,
        by_hand, other_namespaces, not_in_this_version, less_preferred, not_attested, hidden_area,
        failed_before,
    }
    Confirm {
        title, banner, pc, pc_bench, excepted, untouched, code, ask, typed, wrong, wrong_do, empty, empty_do,
        not_saved, not_saved_do,
        see_all, call_witness,
        clear, purge, handover,
    }
    RecordOnly {
        title, intro, explain, data_stays, ask,
    }
    Progress {
        title, stay, power, overall, overall_unknown, waiting, preparing, overwriting,
        drive_erases, reading_back, stalled, stopping, finished, rate, remaining, estimated,
        reported, of_bytes, unknown_share, unknown_time, stalled_do, cut_sanitize, cut_security, cut_format,
        stay_unsaved, stay_garbled, stay_witness,
    }
    Stop {
        title, intro, warn, all, code, typed, wrong, wrong_do, asked, asked_do, unstoppable,
        asked_drive, asked_drive_do,
    }
    Rescue {
        solved, title, running, waiting_entries, list, none, trying, trying_do, banner_key,
    }
    Results {
        title, done, attention, failed, done_line, attention_line, nothing_erased_line,
        unsaved_line, garbled_line, witness_line, handover_line, failed_line, outcome, not_saved, not_saved_do,
        attention_witness, attention_handover, attention_unseen, unseen_line, door_do,
    }
    Outcome {
        done, incomplete, failed, awaiting_destruction, awaiting_approval, not_covered,
    }
    Method {
        clear, purge, destruct, achieved, achieved_nothing,
    }
    Verdict {
        reuse, contractor, must_not_leave, not_yet, not_approved, destroyed, none,
        meant_for, stays, meant_for_disposal,
    }
    Failure {
        vanished: Pair, identity_changed: Pair, not_exclusive: Pair, rejected: Pair,
        indeterminate: Pair, blocks: Pair, unchanged: Pair, read_back: Pair, io: Pair,
        intent: Pair, witness: Pair, stopped: Pair, internal: Pair, drive_failed: Pair,
        stalled: Pair, left_locked: Pair, area_hidden: Pair, other_namespace: Pair,
    }
    After {
        done, excepted, destruct, untouched, cleared, by_choice, not_in_plan, not_in_plan_do, frozen,
        done_unread,
    }
    Witness {
        title, intro, name, statement, operator, command, passes, when, sent, empty, empty_do, same, same_do, did_it, did_it_do,
        not_checked, not_checked_do, asked, asked_do, recorded, recorded_do,
        what, read_all, read_part, read_nothing,
    }
    Unwitnessed { title, ask, explain, keys }
    Finish {
        title, code_title, code, closing, closed, head, file, power_off, abandoned, not_closed, not_closed_do,
        failed,
        power_off_stuck, code_do, code_asset, code_head, media, optical, by_hand,
        media_contractor, head_witness,
    }
    Abandon {
        title, ask, explain, explain_unbegun, explain_off, keys,
    }
    PolicyProblem {
        title, what, line, no_line, todo, builtin, chosen, chosen_do,
    }
    Taken {
        title, line, todo,
    }
    Small {
        line,
    }
    Crashed { gave_up, gave_up_do, gave_up_keep,
        title, what, todo, again,
    }
    Sleep {
        title, black, dark, dark_count, intro, what, how, button, safe, keep, yes, no, choose, choose_do, not_saved,
        not_saved_do, busy, busy_do, going, woke, thawed, frozen, frozen_then,
        missing, missing_then, stick_missing, stick_missing_then, unsupported, failed, go_on,
        waking, waking_do,
    }
    Unlock {
        title, intro, found, what, yes, no, choose, choose_do, not_saved, not_saved_do, gone, gone_do,
        asked, done, done_do, go_on, refused: Pair, attempts: Pair, vanished: Pair, io: Pair,
    }
    Detail {
        title, size, state, ready, areas, dco, dco_yes, dco_no, dco_warn, dco_on, dco_on_do, dco_off,
        dco_off_do, crypto, crypto_may, crypto_by, password, probing, probing_do, probed, probed_do,
        not_probed, not_probed_do,
    }
    Hidden {
        caption, kind, present, none, silent, silent_note, not_ata, opened, opened_dco, left_dco, there,
        all_none, all_silent,
    }
    Condition {
        security_frozen, sanitize_frozen, thaw_hint, password_set, locked_ours, locked_ours_later, locked_unknown,
        locked_technician, attempts_used_up, sanitizing, sanitize_failed, formatting, format_corrupt,
        may_thaw, may_attest,
    }
    Attest {
        title, intro, encrypted, algorithm, key, cipher, name, not_ticked, not_ticked_do, no_cipher,
        no_cipher_do, no_name, no_name_do, done, done_do, withdrawn, withdrawn_do,
    }
    Label {
        title, about, intro, find, twice, once, again, without, empty, empty_do, differ, differ_do, other, other_do,
        pc, pc_do, taken, taken_do, declined, declined_do,
    }
    Own {
        title, intro, what, how, word, without, empty, empty_do, wrong, wrong_do, taken, taken_do,
    }
    Assets {
        title, intro, number, empty_do,
    }
    Exception {
        title, intro, follows, reason, measure, approver, deadline, caption, may, given, not_needed, said, no_reason,
        no_reason_do, no_measure, no_measure_do, no_approver, no_approver_do, same, same_do, no_day, no_day_do, past,
        past_do, done, done_do, withdrawn, withdrawn_do,
    }
    Hand {
        title, intro, intro_own, other, so_far, item, form_title, form_intro, other_medium, kind, maker, model, serial,
        asset, handling, how, by, on, photo, photo_yes, remarks, unanswered, optical, other_kind, destroyed, degaussed,
        set_aside, no_degauss, tool_shredder, tool_drill, tool_press, tool_hammer, tool_scissors, tool_degausser,
        tool_safe, said, still_there, wants_witness, by_word, photo_do, no_kind, no_kind_do, no_serial, no_serial_do,
        no_asset, no_asset_do, no_handling, no_handling_do, no_how, no_how_do, no_by, no_by_do, no_day, no_day_do,
        future, future_do, recorded, recorded_do, tool_puncher, tool_ssd_shredder, tool_hdd_shredder,
        must_hdd, must_flash, must_optical, must_other,
    }
    /// A paragraph a line.
    Help {
        title, close, language, sticks, passphrase, past, past_detail, people, names, class, drives, drives_bench, detail, attest, label, exception, own, assets,
        unlock, sleep, plan, plan_detail, confirm, record_only, progress, stop, results, by_hand, hand_form, witness, unwitnessed, finish,
        code, rescue, abandon, policy_problem,
    }
    /// Why the program itself left something undone.
    Cause {
        not_looked_at, no_answer, no_serial, no_exception, plan_not_recorded, log_contradicts, gone, being_erased,
        already_confirmed, stick_being_opened, erases_itself, being_unlocked, being_asked, log_on_no_stick, log_not_saved, no_password, fault,
        raid_volume, reports_no_serial,
    }
    UnattendedScreen {
        title, awaited, count, saving, any_key, pc, people, missing, left_not_listed, left_not_eligible, left_usb,
        left_not_alone, stopped: Pair, changed: Pair, battery: Pair, doubtful: Pair, nothing: Pair, asks: Pair,
        no_key: Pair, without: Pair, not_today: Pair, document: Pair, unnamed: Pair, not_listed: Pair,
        contradicts: Pair, no_drive: Pair,
    }
    Follow {
        banner, banner_do, running, percent, silent, remaining, stalled, stalled_do, ended, ended_do, failed,
        failed_do, vanished, vanished_do, unknown, unknown_do, wait, wait_here, ended_later, finish,
    }
}

/// A catalogue that cannot be read. Never in a build whose tests pass: the files are part of the program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextsError {
    /// A text is missing or unknown, or the file is no TOML.
    #[error("the {language:?} texts cannot be read: {message}")]
    Catalogue {
        /// Which one.
        language: Language,
        /// What the reader says.
        message: String,
    },
}

/// Both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Catalogues {
    ja: Texts,
    en: Texts,
}

impl Catalogues {
    /// Reads both.
    pub(crate) fn load() -> Result<Self, TextsError> {
        Ok(Self { ja: read(Language::Ja)?, en: read(Language::En)? })
    }

    /// One of them.
    pub(crate) fn of(&self, language: Language) -> &Texts {
        match language {
            Language::Ja => &self.ja,
            Language::En => &self.en,
        }
    }
}

fn source(language: Language) -> &'static str {
    match language {
        Language::Ja => include_str!("texts/ja.toml"),
        Language::En => include_str!("texts/en.toml"),
    }
}

fn read(language: Language) -> Result<Texts, TextsError> {
    toml::from_str(source(language))
        .map_err(|error| TextsError::Catalogue { language, message: error.message().to_owned() })
}

/// Puts values into a text's `{places}`. A value is never searched for places itself.
pub(crate) fn fill(template: &str, values: &[(&str, &dyn std::fmt::Display)]) -> String {
    let mut text = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            text.push('{');
            text.push_str(after);
            return text;
        };
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => text.push_str(&value.to_string()),
            None => text.push_str(&format!("{{{name}}}")),
        }
        rest = tail;
    }
    text.push_str(rest);
    text
}
