//! Ways to alter a log, each of which a verifier must notice.

/// An altered log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tampered {
    /// What was done to it.
    pub what: String,
    /// Its bytes now.
    pub bytes: Vec<u8>,
}

/// Every alteration of a whole log that is tried: bytes flipped in every line and at many places, lines left out,
/// doubled, swapped, and the log cut off. `flips` is roughly how many bytes are flipped.
#[must_use]
pub fn tamper(log: &[u8], flips: usize) -> Vec<Tampered> {
    let mut all = flip_bytes(log, flips);
    all.extend(rearrange(log));
    all.extend(cut(log));
    all
}

/// Lines with their newlines.
fn lines(log: &[u8]) -> Vec<&[u8]> {
    log.split_inclusive(|byte| *byte == b'\n').collect()
}

fn flip_bytes(log: &[u8], flips: usize) -> Vec<Tampered> {
    let step = (log.len() / flips.max(1)).max(1);
    let mut places: Vec<usize> = (0..log.len()).step_by(step).collect();
    let mut start = 0;
    for line in lines(log) {
        // The first byte, one in the middle, the last of the signature's digits, the brace, the newline.
        let last = line.len().saturating_sub(1);
        places
            .extend([0, last / 2, last.saturating_sub(3), last.saturating_sub(1), last].map(|at| start + at));
        start += line.len();
    }
    places.sort_unstable();
    places.dedup();
    places.into_iter().filter(|at| *at < log.len()).map(|at| flip(log, at)).collect()
}

fn flip(log: &[u8], at: usize) -> Tampered {
    let mut bytes = log.to_vec();
    // Bits of different weight at different places: case, digits, control characters.
    bytes[at] ^= 1 << (at % 7);
    Tampered { what: format!("byte {at} flipped"), bytes }
}

fn rearrange(log: &[u8]) -> Vec<Tampered> {
    let lines = lines(log);
    let mut all = Vec::new();
    for at in 0..lines.len() {
        let mut without = lines.clone();
        without.remove(at);
        all.push(Tampered { what: format!("line {} left out", at + 1), bytes: without.concat() });
        let mut doubled = lines.clone();
        doubled.insert(at, lines[at]);
        all.push(Tampered { what: format!("line {} doubled", at + 1), bytes: doubled.concat() });
        if at > 0 {
            let mut swapped = lines.clone();
            swapped.swap(at - 1, at);
            all.push(Tampered {
                what: format!("lines {at} and {} swapped", at + 1),
                bytes: swapped.concat(),
            });
        }
    }
    all
}

fn cut(log: &[u8]) -> Vec<Tampered> {
    let mut all = Vec::new();
    let mut end = 0;
    for (number, line) in lines(log).iter().enumerate() {
        all.push(Tampered { what: format!("cut off after {number} lines"), bytes: log[..end].to_vec() });
        let middle = end + line.len() / 2;
        all.push(Tampered {
            what: format!("cut off within line {}", number + 1),
            bytes: log[..middle].to_vec(),
        });
        end += line.len();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_as_it_was() {
        let log = b"{\"one\":1}\n{\"two\":2}\n{\"three\":3}\n";
        let all = tamper(log, 10);
        assert!(all.iter().all(|tampered| tampered.bytes != log), "{all:?}");
        for what in ["line 2 left out", "line 3 doubled", "lines 1 and 2 swapped", "cut off after 0 lines"] {
            assert!(all.iter().any(|tampered| tampered.what == what), "{what}");
        }
        // 30 bytes at every third place, and five in each line.
        assert!(all.iter().filter(|tampered| tampered.what.ends_with("flipped")).count() > 15);
    }

    #[test]
    fn an_empty_log_cannot_be_altered() {
        assert_eq!(tamper(b"", 10), []);
    }
}
