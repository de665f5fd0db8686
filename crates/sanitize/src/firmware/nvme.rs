//! Questions to an NVMe controller.

use super::AskError;
use crate::arm::ArmedDrive;
use crate::context::Context;
use model::{FailureReason, Identity, RawStatus};
use protocol::nvme::{AdminCommand, Controller, LogPage, Namespace, SanitizeLog, Status, StatusClass};
use std::collections::BTreeSet;
use std::time::Duration;
use transport::{Commands, Data};

/// Long enough for any drive that is alive to answer an Identify.
const IDENTIFY_TIMEOUT: Duration = Duration::from_secs(60);

/// The length of Identify data.
const PAGE: usize = 4096;

/// The controller, if it is the confirmed one and has exactly the namespaces that the plan knew.
///
/// A namespace that came or went since would be missed by a Format or an overwrite, or wiped without anybody's confirmation.
///
/// # Errors
/// The reason; nothing was changed.
pub(super) fn check_controller(
    device: &(impl Commands + ?Sized),
    armed: &ArmedDrive,
) -> Result<Controller, FailureReason> {
    let page = identify(device, &AdminCommand::identify_controller())?;
    let controller = Controller::parse(&page).map_err(|error| FailureReason::Io(error.to_string()))?;
    if controller.serial != armed.identity().serial {
        return Err(FailureReason::IdentityChanged);
    }
    let found = namespaces(device, &controller)?;
    if found.iter().copied().collect::<BTreeSet<u32>>() == *armed.namespaces() {
        return Ok(controller);
    }
    let list: Vec<String> = found.iter().map(u32::to_string).collect();
    Err(not_sent(&format!("the controller has other namespaces than the plan ({})", list.join(", "))))
}

/// The same before the host overwrites a namespace.
///
/// # Errors
/// The reason; nothing was changed.
pub(crate) fn check_namespaces(context: &Context<'_>) -> Result<(), FailureReason> {
    check_controller(context.device(), context.armed).map(drop)
}

/// A command that was not sent, and why.
pub(super) fn not_sent(why: &str) -> FailureReason {
    FailureReason::CommandRejected(format!("not sent: {why}"))
}

/// The Sanitize Status log.
pub(crate) fn sanitize_log(device: &(impl Commands + ?Sized)) -> Result<(SanitizeLog, RawStatus), AskError> {
    let mut page = vec![0; usize::from(LogPage::SanitizeStatus.len())];
    let command = LogPage::SanitizeStatus.command();
    let completion = device.nvme_admin(&command, Data::In(&mut page), IDENTIFY_TIMEOUT)?;
    if completion.status.class() != StatusClass::Success {
        let text = format!("the sanitize log: status {} ({})", completion.status, completion.status.name());
        return Err(AskError::NoAnswer(text));
    }
    let log = SanitizeLog::parse(&page).map_err(|error| AskError::NoAnswer(error.to_string()))?;
    let value =
        format!("SPROG={:04X}h SSTAT={:04X}h SCDW10={:08X}h", log.progress, log.raw_status, log.cdw10);
    Ok((log, RawStatus { name: "nvme-log-81h".to_owned(), value }))
}

/// A completion's status, for the record.
pub(super) fn raw(status: Status) -> RawStatus {
    RawStatus { name: "nvme-status".to_owned(), value: status.to_string() }
}

/// The namespace that is to be formatted, if it still has the shape that was confirmed.
///
/// # Errors
/// It has not, or does not answer.
pub(super) fn read_namespace(
    device: &(impl Commands + ?Sized),
    identity: &Identity,
) -> Result<Namespace, FailureReason> {
    let page = identify(device, &AdminCommand::identify_namespace(identity.namespace))?;
    let namespace = Namespace::parse(&page).map_err(|error| FailureReason::Io(error.to_string()))?;
    let len = namespace.blocks.checked_mul(u64::from(namespace.format.block));
    if len == Some(identity.capacity.0) && namespace.format.block == identity.block.bytes() {
        Ok(namespace)
    } else {
        Err(FailureReason::IdentityChanged)
    }
}

/// Every allocated namespace. Where the controller has no list of those, the active ones are all there are, unless it
/// manages namespaces: then there could be others, unattached.
fn namespaces(device: &(impl Commands + ?Sized), controller: &Controller) -> Result<Vec<u32>, FailureReason> {
    match identify(device, &AdminCommand::allocated_namespaces(0)) {
        Ok(page) => Ok(list(&page)),
        Err(FailureReason::CommandRejected(_)) if !controller.supports_namespace_management() => {
            identify(device, &AdminCommand::active_namespaces(0)).map(|page| list(&page))
        }
        Err(reason) => Err(reason),
    }
}

/// A namespace list (NVMe Base 2.0 figure 274): little-endian identifiers up to the first zero.
fn list(page: &[u8]) -> Vec<u32> {
    let (identifiers, _) = page.as_chunks::<4>();
    identifiers.iter().map(|bytes| u32::from_le_bytes(*bytes)).take_while(|nsid| *nsid != 0).collect()
}

fn identify(device: &(impl Commands + ?Sized), command: &AdminCommand) -> Result<Vec<u8>, FailureReason> {
    let mut page = vec![0; PAGE];
    let completion =
        device.nvme_admin(command, Data::In(&mut page), IDENTIFY_TIMEOUT).map_err(AskError::from)?;
    match completion.status.class() {
        StatusClass::Success => Ok(page),
        _ => Err(rejected(command, completion.status)),
    }
}

/// A command that the drive completed with an error.
pub(super) fn rejected(command: &AdminCommand, status: Status) -> FailureReason {
    FailureReason::CommandRejected(format!("{}: status {status} ({})", command.describe(), status.name()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_list_ends_at_the_first_zero() {
        let mut page = vec![0; PAGE];
        assert!(list(&page).is_empty());
        page[0] = 1;
        page[4..8].copy_from_slice(&0x0102_0304u32.to_le_bytes());
        page[12] = 9;
        assert_eq!(list(&page), [1, 0x0102_0304]);
    }
}
