//! Logs to judge, made from the published good one: tampered with, and told otherwise and signed again.

use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT as BASE, EIGHT_TORSION};
use curve25519_dalek::scalar::{Scalar, clamp_integer};
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256, Sha512};

/// A log with a name that says what was done to it.
pub type Named = (String, Vec<u8>);

/// The seed of the published vectors' key.
const SEED: [u8; 32] = [7; 32];
const DOMAIN: &[u8] = b"massho-log-entry-v1\0";
const SUFFIX: usize = 138;

/// The good log with its bytes tampered with: nothing is signed again.
pub fn tampered(good: &[u8]) -> Vec<Named> {
    let lines: Vec<Vec<u8>> = good.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let mut logs = Vec::new();
    let mut add = |name: String, log: Vec<u8>| logs.push((name, log));
    for line in 0..lines.len() {
        let mut without = lines.clone();
        without.remove(line);
        add(format!("line-{line}-deleted"), without.concat());
        add(format!("cut-before-line-{line}"), lines[..line].concat());
        add(format!("cut-within-line-{line}"), [lines[..line].concat(), lines[line][..50].to_vec()].concat());
        let mut twice = lines.clone();
        twice.insert(line, lines[line].clone());
        add(format!("line-{line}-twice"), twice.concat());
        if line > 0 {
            let mut swapped = lines.clone();
            swapped.swap(line - 1, line);
            add(format!("line-{line}-swapped"), swapped.concat());
        }
        // A bit in the frame, in the members, in the signature, and of the line's end.
        let len = lines[line].len();
        for place in [3, 20, len / 2, len - SUFFIX, len - 20, len - 3, len - 1] {
            let mut flipped = lines.clone();
            flipped[line][place] ^= 1;
            add(format!("bit-{place}-of-line-{line}"), flipped.concat());
        }
    }
    logs
}

/// The good log with a member of an entry changed, and everything chained and signed again: what is left to find it
/// by is the members' form and the meaning.
pub fn told_otherwise(good: &[u8]) -> Vec<Named> {
    let entries: Vec<Map<String, Value>> = good
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    let mut logs = Vec::new();
    for (number, entry) in entries.iter().enumerate() {
        for path in paths(&Value::Object(entry.clone())) {
            let frame = ["seq", "prev", "sig"];
            if path.first().is_some_and(|name| frame.contains(&name.as_str())) {
                continue;
            }
            for (what, change) in CHANGES {
                let mut changed = entries.clone();
                let mut whole = Value::Object(std::mem::take(&mut changed[number]));
                if !change(&mut whole, &path) {
                    continue;
                }
                changed[number] = whole.as_object().unwrap().clone();
                let name = format!("{number}-{}-{what}", path.join("."));
                logs.push((
                    name.replace(|c: char| !c.is_ascii_alphanumeric(), "-"),
                    signed(&changed, &honest),
                ));
            }
        }
    }
    logs
}

type Change = fn(&mut Value, &[String]) -> bool;

const CHANGES: &[(&str, Change)] = &[
    ("left-out", |whole, path| remove(whole, path)),
    ("null", |whole, path| put(whole, path, |_| Some(Value::Null))),
    ("other-word", |whole, path| put(whole, path, |value| value.is_string().then(|| json!("none-of-them")))),
    ("zero", |whole, path| put(whole, path, |value| value.is_string().then(|| json!("0")))),
    ("number", |whole, path| put(whole, path, |value| value.is_number().then(|| json!(1)))),
    ("large", |whole, path| put(whole, path, |value| value.is_number().then(|| json!(70_000)))),
    ("neighbour", |whole, path| put(whole, path, neighbour)),
    ("empty", |whole, path| put(whole, path, |value| value.is_array().then(|| json!([])))),
    ("twice", |whole, path| {
        put(whole, path, |value| {
            let items = value.as_array().filter(|items| !items.is_empty())?;
            Some(Value::Array([items.as_slice(), items.as_slice()].concat()))
        })
    }),
    ("one-more", |whole, path| {
        put(whole, path, |value| {
            let mut members = value.as_object()?.clone();
            members.insert("one_more".into(), json!("x"));
            Some(Value::Object(members))
        })
    }),
];

/// Another value that the format allows there, where there is one.
fn neighbour(value: &Value) -> Option<Value> {
    const WORDS: &[&[&str]] = &[
        &["done", "incomplete", "failed", "awaiting-destruction", "not-covered"],
        &["clear", "purge", "destruct"],
        &["may-be-reused", "may-go-to-contractor", "must-not-leave"],
        &["hdd", "ssd", "usb-stick", "optical"],
        &["ata", "nvme", "scsi", "usb", "mmc", "other"],
        &["full-stream", "full-constant", "sampled"],
        &[
            "random-overwrite",
            "nvme-format-user-data",
            "ata-security-erase-enhanced",
            "scsi-format-unit",
            "degauss",
        ],
        &["builtin", "custom"],
        &["nvme-format-crypto", "nvme-sanitize-block-erase"],
        &["supported", "frozen", "unknown"],
        &["stick-lost", "stick-replaced", "other"],
        &["finished", "aborted-by-operator", "nobody-went-on"],
    ];
    if let Some(number) = value.as_u64() {
        return Some(json!(number + 1));
    }
    let word = value.as_str()?;
    if let Ok(number) = word.parse::<u64>() {
        return Some(json!((number + 1).to_string()));
    }
    let list = WORDS.iter().find(|list| list.contains(&word))?;
    let place = list.iter().position(|one| *one == word)?;
    Some(json!(list[(place + 1) % list.len()]))
}

fn paths(value: &Value) -> Vec<Vec<String>> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, one)| (name.clone(), one)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, one)| (at.to_string(), one)).collect(),
        _ => Vec::new(),
    };
    let below = |(name, one): (String, &Value)| {
        let deeper =
            paths(one).into_iter().map(|path| [vec![name.clone()], path].concat()).collect::<Vec<_>>();
        [vec![vec![name.clone()]], deeper].concat()
    };
    children.into_iter().flat_map(below).collect()
}

fn pointer(path: &[String]) -> String {
    path.iter().map(|name| format!("/{name}")).collect()
}

fn put(whole: &mut Value, path: &[String], change: impl Fn(&Value) -> Option<Value>) -> bool {
    let Some(place) = whole.pointer_mut(&pointer(path)) else { return false };
    match change(place) {
        Some(changed) if changed != *place => {
            *place = changed;
            true
        }
        _ => false,
    }
}

fn remove(whole: &mut Value, path: &[String]) -> bool {
    let (last, parents) = path.split_last().unwrap();
    let parent = whole.pointer_mut(&pointer(parents)).unwrap();
    match parent {
        Value::Object(members) => members.remove(last).is_some(),
        Value::Array(items) => {
            items.remove(last.parse().unwrap());
            true
        }
        _ => false,
    }
}

/// A way to sign: the signed bytes without the domain tag, to 64 bytes.
type Sign<'a> = &'a dyn Fn(&[u8]) -> [u8; 64];

fn honest(message: &[u8]) -> [u8; 64] {
    SigningKey::from_bytes(&SEED).sign(&[DOMAIN, message].concat()).to_bytes()
}

/// Entries as a log: chained, and signed in this way.
fn signed(entries: &[Map<String, Value>], sign: Sign<'_>) -> Vec<u8> {
    let mut log = Vec::new();
    let mut prev = "0".repeat(64);
    for (seq, entry) in entries.iter().enumerate() {
        let text = |name: &str| entry.get(name).cloned().unwrap_or_default();
        let mut line =
            format!("{{\"seq\":{seq},\"prev\":\"{prev}\",\"type\":{},\"at\":{}", text("type"), text("at"));
        for (name, value) in
            entry.iter().filter(|(name, _)| !["seq", "prev", "type", "at", "sig"].contains(&name.as_str()))
        {
            line.push_str(&format!(",{}:{}", json!(name), escaped(value)));
        }
        let signature = hex::encode(sign(line.as_bytes()));
        line.push_str(&format!(",\"sig\":\"{signature}\"}}"));
        prev = hex::encode(Sha256::digest(line.as_bytes()));
        log.extend(line.into_bytes());
        log.push(b'\n');
    }
    log
}

/// JSON with the characters escaped that the format wants escaped, as far as the good log has them.
fn escaped(value: &Value) -> String {
    value.to_string().replace('\u{202e}', "\\u202e")
}

/// The good log with its first line's signature made in ways that verifiers differ about.
pub fn odd_signatures(good: &[u8]) -> Vec<Named> {
    let first = good.split(|byte| *byte == b'\n').map(serde_json::from_slice);
    let entries: Vec<Map<String, Value>> = first.map_while(Result::ok).collect();
    let keyed = |key: [u8; 32]| {
        let mut entries = entries.clone();
        entries[0].insert("public_key".into(), json!(hex::encode(key)));
        entries
    };
    let other_domain = |message: &[u8]| {
        SigningKey::from_bytes(&SEED).sign(&[b"massho-session-v1\0", message].concat()).to_bytes()
    };
    let bare = |message: &[u8]| SigningKey::from_bytes(&SEED).sign(message).to_bytes();
    let mut identity = [0; 32];
    identity[0] = 1;
    // The identity as R and 0 as S satisfy the equation for every message, if the key is of small order.
    let nothing = |_: &[u8]| {
        let mut signature = [0; 64];
        signature[0] = 1;
        signature
    };
    let beyond = |message: &[u8]| with_larger_scalar(honest(message));
    // The identity written as p + 1, and with the sign of a zero.
    let mut not_canonical = [0xff; 32];
    (not_canonical[0], not_canonical[31]) = (0xee, 0x7f);
    let mut negative_zero = identity;
    negative_zero[31] = 0x80;
    let order_eight = EIGHT_TORSION[1].compress().to_bytes();
    let mixed = Mixed::new();
    vec![
        ("re-signed-as-it-was".into(), signed(&entries, &honest)),
        ("signed-for-another-domain".into(), signed(&entries, &other_domain)),
        ("signed-without-a-domain".into(), signed(&entries, &bare)),
        ("scalar-beyond-the-order".into(), signed(&entries, &beyond)),
        ("key-is-the-identity".into(), signed(&keyed(identity), &nothing)),
        ("key-is-the-identity-not-canonical".into(), signed(&keyed(not_canonical), &nothing)),
        ("key-is-the-identity-with-a-sign".into(), signed(&keyed(negative_zero), &nothing)),
        ("key-of-order-eight".into(), signed(&keyed(order_eight), &nothing)),
        ("key-is-no-point".into(), signed(&keyed([2; 32]), &honest)),
        (
            "commitment-of-small-order".into(),
            signed(&entries, &|message| mixed.with_small_commitment(message)),
        ),
        (
            "key-of-mixed-order".into(),
            signed(&keyed(mixed.key), &|message| mixed.sign(message, Equation::OnlyTimesEight)),
        ),
        (
            "key-of-mixed-order-exact".into(),
            signed(&keyed(mixed.key), &|message| mixed.sign(message, Equation::Exact)),
        ),
    ]
}

/// The group's order, little-endian (RFC 8032 5.1).
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// The same signature with its scalar written larger by the order: a lax verifier takes both.
fn with_larger_scalar(mut signature: [u8; 64]) -> [u8; 64] {
    let mut carry = 0u16;
    for (byte, add) in signature[32..].iter_mut().zip(ORDER) {
        carry += u16::from(*byte) + u16::from(add);
        *byte = carry.to_le_bytes()[0];
        carry >>= 8;
    }
    signature
}

/// Which equation a signature is to satisfy.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Equation {
    /// The strict one.
    Exact,
    /// Only the one multiplied by the cofactor.
    OnlyTimesEight,
}

/// A key with a part of order eight, whose holder can sign so that verifiers disagree.
struct Mixed {
    secret: Scalar,
    key: [u8; 32],
}

impl Mixed {
    fn new() -> Self {
        let secret = Scalar::from_bytes_mod_order(clamp_integer([9; 32]));
        Self { secret, key: (BASE * secret + EIGHT_TORSION[1]).compress().to_bytes() }
    }

    fn sign(&self, message: &[u8], equation: Equation) -> [u8; 64] {
        for nonce in 1u64.. {
            let r = Scalar::from(nonce) * self.secret;
            let commitment = (BASE * r).compress().to_bytes();
            let k = challenge(&commitment, &self.key, message);
            let divides = k.to_bytes()[0].is_multiple_of(8);
            if divides == (equation == Equation::Exact) {
                return joined(commitment, r + k * self.secret);
            }
        }
        unreachable!("one nonce in eight does")
    }

    /// By the honest key, but with the identity as R: only who has the key can, and the strict rules refuse it.
    fn with_small_commitment(&self, message: &[u8]) -> [u8; 64] {
        let key = SigningKey::from_bytes(&SEED);
        let commitment = EIGHT_TORSION[0].compress().to_bytes();
        let k = challenge(&commitment, &key.verifying_key().to_bytes(), message);
        joined(commitment, k * key.to_scalar())
    }
}

fn challenge(commitment: &[u8; 32], key: &[u8; 32], message: &[u8]) -> Scalar {
    let hash =
        Sha512::new().chain_update(commitment).chain_update(key).chain_update(DOMAIN).chain_update(message);
    Scalar::from_bytes_mod_order_wide(&hash.finalize().into())
}

fn joined(commitment: [u8; 32], scalar: Scalar) -> [u8; 64] {
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&commitment);
    signature[32..].copy_from_slice(&scalar.to_bytes());
    signature
}
