//! Jobs on a [`Rig`].

use super::confirm;
use super::rig::Rig;
use crate::arm::{ArmError, ArmedDrive};
use crate::event::{DriveEvent, JobEvent};
use crate::gate::{Intent, IntentGate, NotPermitted};
use crate::job::{Means, start_with};
use crate::stream::Generator;
use model::{
    BlockSize, Bus, ByteLen, DriveNo, DriveResult, Identity, InformationClass, Lift, Medium, Method,
    StepKind, Technique, VerificationKind,
};
use policy::{Action, DrivePlan, Erase, SessionPlan, TableOrigin};
use protocol::ata;
use protocol::nvme::AdminCommand;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use transport::{BlockIo, CommandError, Commands, Data, NvmeCompletion, ScsiReply};

impl Commands for Rig {
    fn nvme_admin(
        &self,
        command: &AdminCommand,
        data: Data<'_>,
        _timeout: Duration,
    ) -> Result<NvmeCompletion, CommandError> {
        self.nvme_command(command, data)
    }

    fn scsi(&self, cdb: &[u8], data: Data<'_>, _timeout: Duration) -> Result<ScsiReply, CommandError> {
        self.scsi_command(cdb, data)
    }

    fn ata(
        &self,
        command: &ata::Command,
        data: Data<'_>,
        timeout: Duration,
    ) -> Result<ata::Reply, CommandError> {
        self.ata_command(command, data, timeout)
    }
}

/// Every technique that a drive carries out itself.
pub(crate) fn techniques() -> impl Iterator<Item = Technique> {
    let by_people = [Technique::RandomOverwrite, Technique::Degauss];
    Technique::ALL.iter().copied().filter(move |technique| !by_people.contains(technique))
}

pub(crate) fn bus(technique: Technique) -> Bus {
    match technique.name().split('-').next() {
        Some("ata") => Bus::Ata,
        Some("scsi") => Bus::Scsi,
        _ => Bus::Nvme,
    }
}

pub(crate) fn identity(bus: Bus, namespace: u32, capacity: u64) -> Identity {
    Identity {
        bus,
        maker: "".into(),
        model: "MODEL 7".into(),
        serial: "SERIAL7".into(),
        firmware: "1".into(),
        wwn: "".into(),
        namespace,
        capacity: ByteLen(capacity),
        block: BlockSize::B512,
    }
}

/// The read-back that a plan has for a technique on flash.
pub(crate) fn reading(technique: Technique) -> VerificationKind {
    let unforeseeable = technique.is_crypto_erase() || technique == Technique::AtaSecurityEraseEnhanced;
    if unforeseeable { VerificationKind::Sampled } else { VerificationKind::FullConstant }
}

pub(crate) fn erase(technique: Technique) -> Erase {
    let verification = reading(technique);
    Erase { method: Method::Clear, technique, passes: 0, verification, lift: Lift::Nothing }
}

/// A plan with one line per identity.
pub(crate) fn plan_of(identities: &[Identity], erase: Erase) -> SessionPlan {
    let line = |(no, identity): (u16, &Identity)| DrivePlan {
        drive: DriveNo(no),
        identity: identity.clone(),
        medium: Medium::Ssd,
        action: Action::Erase(erase),
        rejected: Vec::new(),
    };
    SessionPlan {
        class: InformationClass::Three,
        table_version: "test".to_owned(),
        table_origin: TableOrigin::Builtin,
        drives: (1..).zip(identities).map(line).collect(),
    }
}

/// What a job did.
pub(crate) struct Ran {
    pub(crate) result: DriveResult,
    pub(crate) events: Vec<JobEvent>,
    pub(crate) asked: Vec<RigAsked>,
}

/// A question to the gate, with what had been done to the drive by then.
#[derive(Debug, Clone)]
pub(crate) struct RigAsked {
    pub(crate) intent: Intent,
    pub(crate) writes: usize,
    /// Commands sent, without questions.
    pub(crate) sent: usize,
}

impl Ran {
    pub(crate) fn steps(&self) -> Vec<StepKind> {
        let step = |event: &JobEvent| match event {
            JobEvent::Step { what, .. } => Some(what.clone()),
            _ => None,
        };
        self.events.iter().filter_map(step).collect()
    }
}

/// Keeps intents with what had been sent to the drive by then; refuses from one on.
struct RigGate {
    rig: Rig,
    refuses_from: usize,
    asked: Mutex<Vec<RigAsked>>,
}

impl IntentGate for RigGate {
    fn permit(&self, intent: &Intent) -> Result<(), NotPermitted> {
        let mut asked = self.asked.lock().unwrap();
        let (sent, writes) = (self.rig.sent().len(), self.rig.inside().writes);
        asked.push(RigAsked { intent: intent.clone(), writes, sent });
        let refused = asked.len() > self.refuses_from;
        if refused { Err(NotPermitted::NotSaved("no stick".to_owned())) } else { Ok(()) }
    }
}

pub(crate) fn arm(rig: &Rig, erase: Erase) -> Result<ArmedDrive, ArmError> {
    let bus = bus(erase.technique);
    arm_on(rig, erase, bus)
}

pub(crate) fn arm_on(rig: &Rig, erase: Erase, bus: Bus) -> Result<ArmedDrive, ArmError> {
    let nsids: Vec<u32> = if bus == Bus::Nvme { vec![1] } else { vec![0] };
    arm_namespaces(rig, erase, bus, &nsids)
}

pub(crate) fn arm_namespaces(
    rig: &Rig,
    erase: Erase,
    bus: Bus,
    nsids: &[u32],
) -> Result<ArmedDrive, ArmError> {
    let capacity = rig.geometry().len.0;
    let identities: Vec<Identity> = nsids.iter().map(|nsid| identity(bus, *nsid, capacity)).collect();
    let plan = plan_of(&identities, erase);
    ArmedDrive::arm(&plan, &confirm(&plan), DriveNo(1), Box::new(rig.clone()), &identities[0])
}

pub(crate) fn run(rig: &Rig, erase: Erase) -> Ran {
    run_armed(rig, arm(rig, erase).unwrap(), usize::MAX)
}

pub(crate) fn run_armed(rig: &Rig, armed: ArmedDrive, refuses_from: usize) -> Ran {
    let gate = Arc::new(RigGate { rig: rig.clone(), refuses_from, asked: Mutex::default() });
    let (sender, receiver) = crossbeam_channel::unbounded::<DriveEvent>();
    let means = Means { generator: Generator::for_this_cpu(), clock: Arc::new(rig.clock.clone()) };
    let result = start_with(armed, gate.clone(), sender, means).join();
    let asked = gate.asked.lock().unwrap().clone();
    Ran { result, events: receiver.iter().map(|event| event.event).collect(), asked }
}
