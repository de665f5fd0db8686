//! A real kernel's word: what its own FAT driver finds on sticks that were cut.

use crate::kept::Sample;
use crate::session::Session;
use lab::{Drive, Guest, Kind, LabError, Places, Report};
use massho_tests::Bench;
use std::time::Duration;

const MOUNTING: Duration = Duration::from_secs(120);

/// Mounts each sample in a plain Debian, and has it hash the beginning of both files.
pub(crate) fn ask_a_kernel(
    session: &Session,
    samples: &[Sample],
    bench: &Bench,
    report: &mut Report,
) -> Result<(), LabError> {
    let mut drives = Vec::new();
    for (number, sample) in samples.iter().enumerate() {
        let path = bench.folder.join(format!("cut{number:02}.raw"));
        std::fs::write(&path, &sample.image).map_err(|source| LabError::File {
            doing: "write",
            path: path.clone(),
            source,
        })?;
        drives.push(Drive::over(&path, &format!("cut{number:02}"), Kind::Scsi));
    }
    let folder = bench.folder.join("guest");
    let mut guest = Guest::boot_with(&Places::find(), &folder, drives, Vec::new())?;
    let mut missed = Vec::new();
    for (number, sample) in samples.iter().enumerate() {
        let beginning = session.beginning(sample.entries);
        let expected = lab::sha256(beginning);
        let ran = guest.run(&script(session, number, beginning.len()), MOUNTING)?;
        let found = ran.output.lines().filter(|line| line.starts_with(&expected)).count();
        if found == 0 {
            missed.push(format!("{} entries {}: {}", sample.entries, sample.what, ran.output));
        }
    }
    println!("{} states mounted by a guest's vfat: {} lost", samples.len(), missed.len());
    let none = missed.first().map_or(Ok(()), |first| Err(format!("{} have not: {first}", missed.len())));
    report.check(format!("{} states have every acknowledged entry for a guest's vfat", samples.len()), none);
    Ok(())
}

fn script(session: &Session, number: usize, len: usize) -> String {
    let (log, copy) = (&session.path, &session.copy);
    format!(
        "for disk in /sys/block/sd*; do grep -aq LAB-CUT{number:02} $disk/device/vpd_pg80 && node=/dev/${{disk##*/}}1; done
         mkdir -p /run/cut && mount -t vfat -o ro $node /run/cut && cd /run/cut
         for file in {log} {copy}; do head -c {len} $file | sha256sum; done
         cd / && umount /run/cut"
    )
}
