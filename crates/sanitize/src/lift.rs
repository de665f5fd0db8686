//! Opening what an ATA drive hides from the host: HPA, AMAX, and, where it is asked for, DCO.
//!
//! The new address is made permanent (VV = 1): the drive comes out as large as it was made, nobody finds a hidden area
//! on it later and has to be told what was in it, and a reset in the middle of the erase cannot shrink it again. A drive
//! takes one permanent change per power cycle; where it refuses, a volatile one opens the area for this session. DCO is
//! restored with the HPA lifted for the moment only, since it aborts while there is one and the permanent change is
//! needed afterwards. A drive that goes by its permanent address there gets that changed, and is then open for good.

use crate::context::{Context, Tell, Wanted};
use crate::firmware::{AskError, ata_raw, identify};
use model::{
    Bus, ByteLen, Evidence, FailureReason, HiddenArea, HiddenAreas, HiddenChange, Lift, RawStatus, StepKind,
};
use protocol::ata::hpa::{Lasting, last_address, read_native_max, set_max};
use protocol::ata::{Command, HiddenAreaSupport, Identify, Reply, SECTOR, Width, amax, dco};
use std::time::Duration;
use transport::{Data, Device, IoFailure};

const TIMEOUT: Duration = Duration::from_secs(60);

/// Opens what the plan says, sees that it is open, and has the system look at the new capacity. Where nothing is to be
/// opened, what an ATA drive says that it hides is kept for the record.
///
/// # Errors
/// [`FailureReason::AreaHidden`], or the drive is of no use any more.
pub(crate) fn run(context: &Context<'_>, evidence: &mut Evidence) -> Result<(), FailureReason> {
    let lift = context.armed.erase().lift;
    let is_ata = context.armed.identity().bus == Bus::Ata;
    if lift.is_nothing() {
        if is_ata {
            evidence.hidden = as_it_is(context);
        }
        return Ok(());
    }
    if !is_ata {
        return Err(hidden("only ATA drives have such areas"));
    }
    let mut opener = Opener { device: context.device(), raw: Vec::new() };
    let found = opener.ask()?;
    if found.identify.serial != context.armed.identity().serial {
        return Err(FailureReason::IdentityChanged);
    }
    context.permit(Wanted::command(describe(lift, &found)))?;
    let opened = opener.open(lift, &found);
    let raw = std::mem::take(&mut opener.raw);
    let after = opened.and_then(|()| opener.ask());
    let left = after.as_ref().map_or_else(|_| HiddenAreas::default(), |after| after.areas);
    evidence.hidden = Some(HiddenChange { before: found.areas, after: left });
    let sectors = match after.and_then(|after| check(lift, &after)) {
        Ok(sectors) => sectors,
        Err(reason) => {
            context.step(StepKind::Failed { detail: format!("{reason:?}") }, &raw)?;
            return Err(reason);
        }
    };
    look_again(context, sectors)?;
    context.step(StepKind::AreasLifted, &raw)
}

/// What the drive hides and goes on hiding. Nothing hangs on the answer: a drive without one is erased all the same.
fn as_it_is(context: &Context<'_>) -> Option<HiddenChange> {
    let mut opener = Opener { device: context.device(), raw: Vec::new() };
    let Areas { identify, areas } = opener.ask().ok()?;
    let HiddenAreaSupport { hpa, dco, amax } = identify.hidden;
    (hpa || dco || amax).then_some(HiddenChange { before: areas, after: areas })
}

fn hidden(why: &str) -> FailureReason {
    FailureReason::AreaHidden(why.to_owned())
}

fn describe(lift: Lift, found: &Areas) -> String {
    let to = |area: HiddenArea| match area {
        HiddenArea::Present { native } => native.0.to_string(),
        HiddenArea::None => "none".to_owned(),
        HiddenArea::NotReported => "not reported".to_owned(),
    };
    let HiddenAreas { hpa, dco, amax } = found.areas;
    format!(
        "open {}: {} sectors now, in bytes HPA {}, AMAX {}, DCO {}",
        lift.code(),
        found.identify.sectors,
        to(hpa),
        to(amax),
        to(dco)
    )
}

/// Everything that was to be opened is, by the drive's own word. An area of which it says nothing any more is unknown,
/// not open.
fn check(lift: Lift, after: &Areas) -> Result<u64, FailureReason> {
    let HiddenAreas { hpa, dco, amax } = after.areas;
    let present = |area: HiddenArea| matches!(area, HiddenArea::Present { .. });
    let said_open = [hpa, amax].contains(&HiddenArea::None);
    match lift {
        _ if present(hpa) || present(amax) => {
            Err(hidden("the drive took the commands and still hides a part"))
        }
        Lift::MaxAddressAndDco if dco != HiddenArea::None => {
            Err(hidden("the drive does not say that DCO hides nothing any more"))
        }
        Lift::MaxAddress if !said_open => Err(hidden("the drive does not say any more what it hides")),
        _ => Ok(after.identify.sectors),
    }
}

/// The job works on the new size from here on.
fn look_again(context: &Context<'_>, sectors: u64) -> Result<(), FailureReason> {
    let before = context.device().geometry();
    let after = context.device().refresh_geometry().map_err(|failure| match failure {
        IoFailure::Gone => FailureReason::Vanished,
        other => hidden(&format!("the system does not see the new size: {other}")),
    })?;
    let expected = sectors.checked_mul(u64::from(before.block.bytes()));
    if after.block == before.block && Some(after.len.0) == expected {
        return Ok(());
    }
    Err(hidden(&format!("the system sees {} bytes, the drive says {sectors} sectors", after.len.0)))
}

/// What the drive says of itself.
struct Areas {
    identify: Identify,
    areas: HiddenAreas,
}

impl Areas {
    fn width(&self) -> Width {
        if self.identify.lba48 { Width::Bits48 } else { Width::Bits28 }
    }
}

/// Sends the commands and keeps the answers.
struct Opener<'a> {
    device: &'a dyn Device,
    raw: Vec<RawStatus>,
}

impl Opener<'_> {
    fn ask(&mut self) -> Result<Areas, FailureReason> {
        let identify = identify(self.device)?;
        let mut found = Areas { areas: HiddenAreas::default(), identify };
        let support = found.identify.hidden;
        if support.hpa {
            let native = self.native_max(found.width());
            found.areas.hpa = area(&found.identify, found.identify.sectors, native.ok());
        }
        if support.amax {
            let native = self.send(&amax::get_native_max()).map(|reply| reply.registers.lba48());
            found.areas.amax = area(&found.identify, found.identify.sectors, native.ok().flatten());
        }
        if support.dco {
            // What HPA or AMAX hide, the overlay does not.
            let native = |area| match area {
                HiddenArea::Present { native } => native.0 / sector_len(&found.identify),
                HiddenArea::None | HiddenArea::NotReported => found.identify.sectors,
            };
            let addressable = native(found.areas.hpa).max(native(found.areas.amax));
            let last = self.factory_max()?;
            found.areas.dco = area(&found.identify, addressable, last);
        }
        Ok(found)
    }

    fn open(&mut self, lift: Lift, found: &Areas) -> Result<(), FailureReason> {
        if lift == Lift::MaxAddressAndDco {
            self.restore(found)?;
        }
        // The width and what is hidden may have changed by that.
        let now = self.ask()?;
        match now.areas {
            HiddenAreas { hpa: HiddenArea::Present { .. }, .. } => self
                .set(now.width(), Lasting::Permanent)
                .or_else(|_| self.set(now.width(), Lasting::Volatile)),
            HiddenAreas { amax: HiddenArea::Present { .. }, .. } => {
                let last = self.send(&amax::get_native_max())?.registers.lba48();
                let set = last.and_then(amax::set_accessible_max);
                let set = set.ok_or_else(|| hidden("the native address did not come through"))?;
                self.send(&set).map(|_| ())
            }
            _ => Ok(()),
        }
    }

    /// DEVICE CONFIGURATION RESTORE (ATA8-ACS 7.9), with no HPA in its way.
    fn restore(&mut self, found: &Areas) -> Result<(), FailureReason> {
        let has_hpa = matches!(found.areas.hpa, HiddenArea::Present { .. });
        if has_hpa {
            self.set(found.width(), Lasting::Volatile)?;
        }
        match self.send(&dco::restore()) {
            Err(FailureReason::AreaHidden(_)) if has_hpa => {
                self.set(found.width(), Lasting::Permanent)?;
                self.send(&dco::restore()).map(drop)
            }
            other => other.map(drop),
        }
    }

    /// READ NATIVE MAX, and SET MAX immediately after it, as the standard demands.
    fn set(&mut self, width: Width, lasting: Lasting) -> Result<(), FailureReason> {
        let native = self.native_max(width)?;
        let set = set_max(width, native, lasting).ok_or_else(|| hidden("the native address does not fit"))?;
        self.send(&set).map(|_| ())
    }

    fn native_max(&mut self, width: Width) -> Result<u64, FailureReason> {
        let reply = self.send(&read_native_max(width))?;
        last_address(width, &reply.registers).ok_or_else(|| hidden("the native address did not come through"))
    }

    fn factory_max(&mut self) -> Result<Option<u64>, FailureReason> {
        let mut block = vec![0; SECTOR];
        let answer = self.device.ata(&dco::identify(), Data::In(&mut block), TIMEOUT);
        let reply = answer.map_err(AskError::from)?;
        let read = dco::Configuration::parse(&block).ok().filter(|_| reply.is_completed());
        Ok(read.map(|read| read.last_address))
    }

    /// Takes only the drive's own "completed without an error".
    fn send(&mut self, command: &Command) -> Result<Reply, FailureReason> {
        let reply = match self.device.ata(command, Data::None, TIMEOUT) {
            Ok(reply) => reply,
            Err(transport::CommandError::Gone) => return Err(FailureReason::Vanished),
            Err(error) => return Err(hidden(&format!("{}: {error}", command.describe()))),
        };
        self.raw.push(ata_raw(&reply));
        if reply.is_completed() {
            return Ok(reply);
        }
        Err(hidden(&format!("{}: {}", command.describe(), reply.describe())))
    }
}

/// One kind of area, by the sectors that it shows and the last address that the drive could have.
fn area(identify: &Identify, shown: u64, last: Option<u64>) -> HiddenArea {
    let bytes = |sectors: u64| sectors.saturating_mul(sector_len(identify));
    match last {
        None => HiddenArea::NotReported,
        Some(last) if last >= shown => HiddenArea::Present { native: ByteLen(bytes(last.saturating_add(1))) },
        Some(last) if last.checked_add(1) == Some(shown) => HiddenArea::None,
        // Less than can be reached makes no sense, and tells nothing.
        Some(_) => HiddenArea::NotReported,
    }
}

fn sector_len(identify: &Identify) -> u64 {
    u64::from(identify.logical_sector.bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::ata::IDENTIFY_LEN;

    #[test]
    fn a_last_address_below_what_is_shown_tells_nothing() {
        // Words 60 and 61: sectors.
        let mut block = [0; IDENTIFY_LEN];
        block[120] = 100;
        let identify = Identify::parse(&block).unwrap();
        let of = |last| area(&identify, 100, last);
        assert_eq!(of(Some(99)), HiddenArea::None);
        assert_eq!(of(Some(100)), HiddenArea::Present { native: ByteLen(101 * 512) });
        for less in [None, Some(0), Some(98)] {
            assert_eq!(of(less), HiddenArea::NotReported);
        }
    }
}
