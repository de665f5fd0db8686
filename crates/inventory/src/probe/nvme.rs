//! What an NVMe controller and its namespaces can be asked.

use super::Probe;
use protocol::nvme::{AdminCommand, LogPage};

const PAGE: usize = 4096;
/// As many namespaces as are asked for: a controller with more of them is not one of a PC.
const NAMESPACES: usize = 16;

/// All of it.
pub(super) fn ask(probe: &mut Probe<'_>, namespace: u32) {
    probe.nvme("Identify Controller", &AdminCommand::identify_controller(), PAGE);
    let allocated = probe.nvme("Allocated namespaces", &AdminCommand::allocated_namespaces(0), PAGE);
    let active = probe.nvme("Active namespaces", &AdminCommand::active_namespaces(0), PAGE);
    let mut listed = active.or(allocated).map_or_else(Vec::new, |page| numbers(&page));
    if !listed.contains(&namespace) {
        listed.insert(0, namespace);
    }
    for nsid in listed.into_iter().take(NAMESPACES) {
        probe.nvme(&format!("Identify Namespace {nsid}"), &AdminCommand::identify_namespace(nsid), PAGE);
        let descriptors = AdminCommand::namespace_descriptors(nsid);
        probe.nvme(&format!("Namespace {nsid} identification descriptors"), &descriptors, PAGE);
    }
    let logs = [
        ("SMART / Health Information log", LogPage::Smart),
        ("Commands Supported and Effects log", LogPage::CommandEffects),
        ("Sanitize Status log", LogPage::SanitizeStatus),
    ];
    for (name, page) in logs {
        probe.nvme(name, &page.command(), page.len().into());
    }
}

/// A list of namespace identifiers ends at the first zero.
fn numbers(page: &[u8]) -> Vec<u32> {
    let entries = page.chunks_exact(4).filter_map(|entry| entry.try_into().ok().map(u32::from_le_bytes));
    entries.take_while(|nsid| *nsid != 0).collect()
}
