//! The rooms of the house and the arrows between them. An arrow that is not here fails.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Every room, and the rooms it may use. The code runs in one direction: udev, inventory, policy, wizard, sanitize,
/// record, stick, and later ledger.
const ARROWS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("protocol", &["model"]),
    ("nvme-cli-sys", &[]),
    ("transport", &["model", "protocol", "nvme-cli-sys"]),
    ("exfat", &[]),
    ("lists", &[]),
    ("inventory", &["model", "protocol", "transport", "exfat"]),
    // A confirmation is made of typed digits or of a job list whose signatures were checked, and of nothing else.
    ("policy", &["model", "record"]),
    ("sanitize", &["model", "policy", "protocol", "transport", "inventory"]),
    ("record", &["model"]),
    ("stick", &["model", "protocol", "transport", "record"]),
    ("wizard", &["model", "policy", "lists"]),
    (
        "massho",
        &[
            "model",
            "policy",
            "protocol",
            "transport",
            "inventory",
            "sanitize",
            "record",
            "stick",
            "wizard",
            "lists",
        ],
    ),
    ("ledger", &["record", "model", "policy", "protocol", "exfat", "lists"]),
    ("lab-drives", &[]),
    ("lab", &["lab-drives"]),
    (
        "massho-tests",
        &["lab", "lab-drives", "model", "policy", "protocol", "transport", "inventory", "sanitize", "wizard"],
    ),
];

/// Libraries that a room must not reach by any path, because its purity is what makes it trustworthy.
const PURE: &[&str] = &["model", "protocol", "policy", "record", "lists", "wizard"];
const IMPURE: &[&str] = &["nix", "rustix", "udev", "crossterm", "crossbeam-channel"];

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Every dependency, of tests too: name of the package, names of what it uses.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = metadata();
    let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap();
    packages
        .iter()
        .map(|package| {
            (name(package), package["dependencies"].as_array().unwrap().iter().map(name).collect())
        })
        .collect()
}

/// What a graph has that the table has not.
fn forbidden(graph: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let rooms: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let mut found = Vec::new();
    for (room, uses) in graph {
        let Some(allowed) = rooms.get(room.as_str()) else {
            found.push(format!("{room} is no room of this house"));
            continue;
        };
        for used in uses.iter().filter(|used| rooms.contains_key(used.as_str())) {
            if !allowed.contains(&used.as_str()) {
                found.push(format!("{room} -> {used}"));
            }
        }
        for library in uses.iter().filter(|_| PURE.contains(&room.as_str())) {
            if IMPURE.contains(&library.as_str()) {
                found.push(format!("{room} -> {library}"));
            }
        }
    }
    found
}

#[test]
fn no_arrow_that_the_design_forbids() {
    assert_eq!(forbidden(&dependencies()), Vec::<String>::new());
}

#[test]
fn a_forbidden_arrow_is_found() {
    let mut graph = dependencies();
    graph.get_mut("wizard").unwrap().insert("sanitize".into());
    graph.get_mut("ledger").unwrap().insert("transport".into());
    graph.get_mut("policy").unwrap().insert("rustix".into());
    graph.insert("cellar".into(), BTreeSet::new());
    let expected =
        ["cellar is no room of this house", "ledger -> transport", "policy -> rustix", "wizard -> sanitize"];
    assert_eq!(forbidden(&graph), expected);
}

#[test]
fn every_room_of_the_table_is_there() {
    let graph = dependencies();
    for (room, _) in ARROWS {
        assert!(graph.contains_key(*room), "{room}");
    }
}

#[test]
fn unsafe_code_stands_in_one_room_only() {
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let mut found = BTreeSet::new();
    let mut folders = vec![crates.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|suffix| suffix == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                if text.lines().any(|line| {
                    line.contains("allow(unsafe_code)") || line.trim_start().starts_with("unsafe ")
                }) {
                    found.insert(path.strip_prefix(&crates).unwrap().display().to_string());
                }
            }
        }
    }
    let allowed: BTreeSet<String> =
        ["transport/src/ioctl.rs", "transport/src/lib.rs"].map(str::to_owned).into();
    assert_eq!(found, allowed);
}

/// `just test` names the tests that boot PCs one by one: one that it does not name would never run.
#[test]
fn every_test_of_this_package_is_named_in_the_justfile() {
    let recipes = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../justfile")).unwrap();
    let named: BTreeSet<&str> =
        recipes.split("--test ").skip(1).filter_map(|rest| rest.split_whitespace().next()).collect();
    let tests = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests")).unwrap();
    for test in tests {
        let path = test.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let named = named.iter().any(|named| named.trim_matches(['"', '\\']) == name);
        assert!(named, "the justfile does not run {name}");
    }
}
