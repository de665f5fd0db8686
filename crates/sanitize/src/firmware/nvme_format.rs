//! NVMe Format NVM with a secure erase setting (NVMe Base 2.0 5.14).

use super::nvme::{check_controller, not_sent, raw, read_namespace, rejected};
use super::{Command, Found, attempt};
use crate::content::Expect;
use crate::context::{Context, Wanted};
use crate::event::Phase;
use model::{Evidence, FailureReason, Technique};
use protocol::nvme::{AdminCommand, Controller, FormatNvm, Namespace, SecureEraseSetting, StatusClass};
use std::time::Duration;
use transport::{CommandError, Data};

/// How long a Format may take before its outcome counts as unknown. Most take seconds; NVMe names no limit.
const FORMAT_TIMEOUT: Duration = Duration::from_secs(8 * 3600);

/// A format of the one namespace that was confirmed.
pub(super) struct NvmeFormat {
    setting: SecureEraseSetting,
}

impl NvmeFormat {
    pub(super) fn new(technique: Technique) -> Self {
        let setting = match technique {
            Technique::NvmeFormatCrypto => SecureEraseSetting::Crypto,
            _ => SecureEraseSetting::UserData,
        };
        Self { setting }
    }

    fn check(&self, context: &Context<'_>, controller: &Controller) -> Result<(), FailureReason> {
        if !controller.supports_format() {
            return Err(not_sent("the controller has no Format NVM"));
        }
        if self.setting == SecureEraseSetting::Crypto && controller.supports_crypto_erase() != Some(true) {
            return Err(not_sent("the controller has no cryptographic erase"));
        }
        // FNA bits 0 and 1: a format of this namespace would hit the others, with another's work under way in them.
        let alone = Some(false);
        let apart = controller.format_reaches_all_namespaces() == alone
            && controller.erase_reaches_all_namespaces() == alone;
        if context.armed.namespaces().len() > 1 && !apart {
            return Err(not_sent("a format of one namespace reaches the others"));
        }
        Ok(())
    }
}

impl Command for NvmeFormat {
    fn examine(&mut self, context: &Context<'_>) -> Result<Found, FailureReason> {
        let controller = check_controller(context.device(), context.armed)?;
        self.check(context, &controller)?;
        read_namespace(context.device(), context.armed.identity())?;
        Ok(Found::Ready)
    }

    fn carry_out(&mut self, context: &Context<'_>, evidence: &mut Evidence) -> Result<Expect, FailureReason> {
        let identity = context.armed.identity();
        let before = read_namespace(context.device(), identity)?;
        let command =
            FormatNvm::keeping(self.setting, identity.namespace, &before).map_err(super::internal)?.command();
        format(context, evidence, &command)?;
        check_shape(context, &before)?;
        attempt::ended(context, evidence, &[])?;
        Ok(match self.setting {
            SecureEraseSetting::UserData => Expect::Erased,
            SecureEraseSetting::Crypto => Expect::Noise,
        })
    }
}

fn format(
    context: &Context<'_>,
    evidence: &mut Evidence,
    command: &AdminCommand,
) -> Result<(), FailureReason> {
    context.permit(Wanted::command(command.describe()))?;
    context.silent(Phase::Formatting, None);
    attempt::begin(context, evidence, command.describe());
    let (refused, raw) = match context.device().nvme_admin(command, Data::None, FORMAT_TIMEOUT) {
        Ok(completion) if completion.status.class() == StatusClass::Success => {
            return attempt::accepted(context, evidence, &[raw(completion.status)]);
        }
        Ok(completion) => (rejected(command, completion.status), vec![raw(completion.status)]),
        // It may have begun, and may be running still: nothing tells how a format stands.
        Err(error @ (CommandError::TimedOut(_) | CommandError::Host(_))) => {
            (FailureReason::Indeterminate(error.to_string()), Vec::new())
        }
        Err(CommandError::Gone) => (FailureReason::Vanished, Vec::new()),
        Err(error) => (not_sent(&error.to_string()), Vec::new()),
    };
    Err(attempt::failed(context, evidence, refused, &raw))
}

/// The namespace must have come out as it went in.
fn check_shape(context: &Context<'_>, before: &Namespace) -> Result<(), FailureReason> {
    let changed =
        || FailureReason::Indeterminate("the namespace has another shape after the Format".to_owned());
    let after = match read_namespace(context.device(), context.armed.identity()) {
        Err(FailureReason::IdentityChanged) => return Err(changed()),
        other => other?,
    };
    let shape = |namespace: &Namespace| {
        (namespace.format_index(), namespace.protection_type(), namespace.metadata_in_extended_lba())
    };
    if shape(&after) == shape(before) { Ok(()) } else { Err(changed()) }
}
