//! One whole job as the appliance runs it, timed by its own events.

use super::{Outcome, usage};
use model::{
    BlockSize, Bus, ByteLen, Capabilities, Drive, DriveNo, Eligibility, Identity, InformationClass, Medium,
    MediumSource, Outcome as Ending,
};
use policy::{Choice, Confirmation, Table, TableOrigin};
use sanitize::{ArmedDrive, Generator, Intent, IntentGate, JobEvent, Means, NotPermitted, start_with};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use transport::{Access, BlockIo, Geometry, Node};

/// Seconds of one pass with its flush, and of reading back.
pub(crate) struct Times {
    pub(crate) write: f64,
    pub(crate) verify: f64,
    pub(crate) write_cpu: f64,
    pub(crate) verify_cpu: f64,
}

/// Permits everything: only speed is looked at here, on a device that was made for it.
struct OpenGate;

impl IntentGate for OpenGate {
    fn permit(&self, _intent: &Intent) -> Result<(), NotPermitted> {
        Ok(())
    }
}

/// Overwrites once and reads back, as class (3) asks for an HDD.
pub(crate) fn erase(path: &Path, generator: Generator) -> Outcome<Times> {
    let node = Node::open(path, Access::Erase)?;
    let armed = arm(node)?;
    let (sender, receiver) = crossbeam_channel::unbounded();
    let means = Means { generator, ..Means::default() };
    let job = start_with(armed, Arc::new(OpenGate), sender, means);
    let mut marks = Vec::new();
    for event in receiver {
        let marked = match event.event {
            JobEvent::Started(_) => true,
            JobEvent::Step { what, .. } => {
                matches!(
                    what,
                    model::StepKind::PassDone { .. }
                        | model::StepKind::ReadBackBegun
                        | model::StepKind::ReadBackEnded
                )
            }
            JobEvent::Progress(_) | JobEvent::Finished(_) => false,
        };
        if marked {
            marks.push((Instant::now(), usage::cpu_seconds()?));
        }
    }
    let result = job.join();
    if result.outcome != Ending::Done {
        return Err(format!("{}: {:?}", path.display(), result.failure).into());
    }
    let [started, written, read, verified] = marks.as_slice() else { return Err("steps are missing".into()) };
    Ok(Times {
        write: written.0.duration_since(started.0).as_secs_f64(),
        verify: verified.0.duration_since(read.0).as_secs_f64(),
        write_cpu: written.1 - started.1,
        verify_cpu: verified.1 - read.1,
    })
}

fn arm(node: Node) -> Outcome<ArmedDrive> {
    let drive = drive(node.geometry());
    let choices = [(drive.no, Choice::Erase)].into();
    let drives = [drive.clone()];
    let class = InformationClass::Three;
    let plan = policy::plan(&Table::builtin()?, TableOrigin::Builtin, class, &drives, &choices);
    let confirmation = Confirmation::new(&plan, &plan.digest().code())?;
    Ok(ArmedDrive::arm(&plan, &confirmation, drive.no, Box::new(node), &drive.identity)?)
}

fn drive(Geometry { len, block }: Geometry) -> Drive {
    Drive {
        no: DriveNo(1),
        identity: identity(len, block),
        medium: Medium::Hdd,
        medium_source: MediumSource::Person,
        capabilities: Capabilities::default(),
        eligibility: Eligibility::Eligible,
        conditions: model::Conditions::default(),
        hidden: model::HiddenAreas::default(),
        position: "loop".into(),
    }
}

fn identity(capacity: ByteLen, block: BlockSize) -> Identity {
    Identity {
        bus: Bus::Other,
        maker: "".into(),
        model: "LOOP DEVICE".into(),
        serial: "BENCH".into(),
        firmware: "".into(),
        wwn: "".into(),
        namespace: 0,
        capacity,
        block,
    }
}
