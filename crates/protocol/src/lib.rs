//! ATA, SCSI and NVMe commands and answers: bytes to types and back.
