//! What an NVMe controller says about its namespaces before and after a Format.

use model::{FailureReason, Identity};
use protocol::nvme::{AdminCommand, Controller, Namespace, Status, StatusClass};
use std::time::Duration;
use transport::{CommandError, Commands};

/// Long enough for any drive that is alive to answer an Identify.
const IDENTIFY_TIMEOUT: Duration = Duration::from_secs(60);

/// The length of Identify data.
const PAGE: usize = 4096;

/// Refuses a controller that is not the confirmed one, cannot Format, or has other namespaces than the one confirmed.
///
/// A Format of one namespace leaves the others as they are, or, where FNA says so, wipes them too, which nobody
/// confirmed. Both are refused here.
///
/// # Errors
/// The reason; nothing was changed.
pub(crate) fn check_controller(
    device: &(impl Commands + ?Sized),
    identity: &Identity,
) -> Result<(), FailureReason> {
    let page = identify(device, &AdminCommand::identify_controller())?;
    let controller = Controller::parse(&page).map_err(|error| FailureReason::Io(error.to_string()))?;
    if controller.serial != identity.serial {
        return Err(FailureReason::IdentityChanged);
    }
    if !controller.supports_format() {
        return Err(FailureReason::CommandRejected("the controller has no Format NVM".to_owned()));
    }
    let namespaces = namespaces(device, &controller)?;
    if namespaces == [identity.namespace] {
        return Ok(());
    }
    let list: Vec<String> = namespaces.iter().map(u32::to_string).collect();
    Err(FailureReason::CommandRejected(format!(
        "not sent: more than one namespace, or another one than namespace {} ({})",
        identity.namespace,
        list.join(", ")
    )))
}

/// The namespace that is to be formatted, if it still has the shape that was confirmed.
///
/// # Errors
/// It has not, or does not answer.
pub(crate) fn read_namespace(
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
    let completion = device.nvme_admin(command, &mut page, IDENTIFY_TIMEOUT).map_err(unanswered)?;
    match completion.status.class() {
        StatusClass::Success => Ok(page),
        _ => Err(rejected(command, completion.status)),
    }
}

/// A command that the drive completed with an error.
pub(crate) fn rejected(command: &AdminCommand, status: Status) -> FailureReason {
    FailureReason::CommandRejected(format!("{}: status {status}", command.describe()))
}

/// A question without an answer. (An erase without one is another matter: it may have begun.)
fn unanswered(error: CommandError) -> FailureReason {
    match error {
        CommandError::Gone => FailureReason::Vanished,
        CommandError::TimedOut(_) | CommandError::Host(_) | CommandError::NotThisBus => {
            FailureReason::Io(error.to_string())
        }
    }
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
