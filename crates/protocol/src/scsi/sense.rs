//! Sense data (SPC-4 4.5): why a command did not end well.

/// Which of the two layouts it came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SenseFormat {
    /// 70h, 71h.
    Fixed,
    /// 72h, 73h.
    Descriptor,
}

/// The part of sense data that every device fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sense {
    /// The layout.
    pub format: SenseFormat,
    /// 71h, 73h: about an earlier command, not this one.
    pub deferred: bool,
    /// Sense key.
    pub key: u8,
    /// Additional sense code.
    pub asc: u8,
    /// Its qualifier.
    pub ascq: u8,
}

impl Sense {
    /// Reads sense data; `None` where there is none (all zeros, or a code that does not exist).
    #[must_use]
    pub fn parse(data: &[u8]) -> Option<Self> {
        let byte = |at: usize| data.get(at).copied().unwrap_or(0);
        let code = data.first()? & 0x7F;
        match code {
            // Fixed: additional length in byte 7; codes beyond it are absent, and absent is zero.
            0x70 | 0x71 => Some(Self {
                format: SenseFormat::Fixed,
                deferred: code == 0x71,
                key: *data.get(2)? & 0x0F,
                asc: byte(12),
                ascq: byte(13),
            }),
            0x72 | 0x73 => Some(Self {
                format: SenseFormat::Descriptor,
                deferred: code == 0x73,
                key: *data.get(1)? & 0x0F,
                asc: byte(2),
                ascq: byte(3),
            }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fixed_and_descriptor_formats_are_told_apart() {
        let fixed = [0x70, 0, 0x05, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 0];
        let sense = Sense::parse(&fixed).unwrap();
        assert_eq!((sense.format, sense.key, sense.asc, sense.ascq), (SenseFormat::Fixed, 5, 0x20, 0));
        let descriptor = [0x72, 0x01, 0x00, 0x1D, 0, 0, 0, 14];
        let sense = Sense::parse(&descriptor).unwrap();
        assert_eq!((sense.format, sense.key, sense.asc, sense.ascq), (SenseFormat::Descriptor, 1, 0, 0x1D));
        assert!(Sense::parse(&[0x71, 0, 4]).unwrap().deferred);
    }

    #[test]
    fn nothing_is_not_taken_for_sense() {
        assert_eq!(Sense::parse(&[]), None);
        assert_eq!(Sense::parse(&[0; 18]), None);
        assert_eq!(Sense::parse(&[0x7F; 18]), None);
    }

    proptest! {
        #[test]
        fn decoder_never_panics(data in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = Sense::parse(&data);
        }
    }
}
