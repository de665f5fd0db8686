set shell := ["bash", "-euo", "pipefail", "-c"]

# What is there to do
default:
    @just --list --unsorted

# Boot the image on a virtual PC with the wizard in this terminal; `just demo auto` drives it by itself and judges
demo mode="": (_packages "demo") image _office
    cargo run --quiet --release -p lab --bin massho-lab -- demo {{mode}}

# Everything CI runs: format, lints, unit tests, properties, screens, the viewer in Chromium, and the image booted in QEMU
test: (_packages "test") check image bindings-check
    cargo test --quiet --workspace --exclude massho-tests --test viewer -- --ignored
    cargo test --quiet --workspace {{booted}} -- --test-threads=1

# The tests that boot PCs. Named, and not chosen by package, because cargo would build half the libraries again for a package
booted := "--test boots --test cuts --test erasing --test exfat --test firmware --test jobs --test matrix --test peers \
    --test prepared --test rescue --test rows --test screens --test shapes --test sticks --test walk --test written"

# The quick part of it
check: (_packages "check") _deny
    cargo fmt --all --check
    cargo clippy --quiet --workspace --all-targets -- -D warnings
    cargo test --quiet --workspace --exclude massho-tests
    cargo test --quiet --workspace --test arrows --test clerk

# What `just test` has no time for: ten thousand random sequences on every screen, every screen read in English too, every
# flipped bit of a log, every cut of the results stick with more tears and by a guest's own FAT driver, 32 rows of the matrix
# and drives of unusual shapes in the booted image, four firmwares by CD and by stick with little memory and with much, other
# graphics cards, a boot stick written in a guest, the lab's NVMe drives in a plain guest, the demo's two classes by BIOS and
# by UEFI, and the image built twice
test-long: test _office
    cargo test --quiet --release -p wizard -- --ignored
    cargo test --quiet --workspace --test changes -- --ignored --nocapture
    cargo test --quiet --workspace --test boots --test cuts --test rows --test screens --test shapes --test walk --test written -- \
        --ignored --test-threads=1 --nocapture
    cargo test --quiet --workspace --test nvme -- --ignored
    for firmware in bios uefi; do for boot in cd usb; do \
        cargo run --quiet --release -p lab --bin massho-lab -- demo auto --firmware $firmware --boot $boot; \
    done; done
    image/again.sh

# target/image/massho.iso
image: (_packages "image")
    image/build.sh

# Take the archive's current Debian packages for the image, and write image/packages/lock anew
lock: (_packages "image")
    MASSHO_RENEW_LOCK=1 image/build.sh

# Write a boot stick and read it back: `just stick /dev/DISK [--org-key FILE]`. Everything on DISK is lost
[positional-arguments]
stick disk *arguments: (_may_write disk) image
    cargo build --quiet --release -p ledger -p lab
    as=(); [[ -w $1 ]] || as=(sudo); \
        "${as[@]}" target/release/massho-ledger boot write target/image/massho.iso "$@"

# A JSON line per figure: overwrite and verification against dd and nwipe, CPU time, memory; a ledger of 100,000 records;
# the image's start, the memory that it leaves of 512 MB, its size; fails where one of the image's breaks its limit
bench: (_packages "bench") image
    cargo run --quiet --release -p sanitize --example bench
    RUSTFLAGS='--cfg chacha20_backend="sse2"' cargo run --quiet --release --target-dir target/sse2 \
        -p sanitize --example bench -- portable
    cargo run --quiet --release -p ledger --example bench-ledger
    image/bench.sh

# Virtual drives for anyone's tools: `just lab up DRIVES.toml`, `just lab run 'COMMAND'` in a plain Debian, `just lab down`
[positional-arguments]
lab *arguments: (_packages "lab")
    cargo run --quiet --release -p lab --bin massho-lab -- "$@"

# Make crates/nvme-cli-sys/src/bindings.rs anew from the headers of the image's own packages
bindings: (_packages "check") image
    cargo run --quiet -p nvme-cli-sys --example regenerate -- target/image/sysroot

# Fail if the bindings are not what those headers give
bindings-check: (_packages "check") image
    cargo run --quiet -p nvme-cli-sys --example regenerate -- target/image/sysroot --check

# Whether the disk can be written, said before the long part
[positional-arguments]
_may_write disk:
    @[[ -e $1 ]] || { echo "There is no $1. lsblk lists the disks." >&2; exit 1; }
    @[[ -w $1 ]] || command -v sudo >/dev/null || { echo "Only root may write $1, and there is no sudo." >&2; exit 1; }
    @[[ -w $1 ]] || echo "Only root may write $1: sudo may ask for your password when the image is built." >&2

# The office's program, for this PC
_office:
    cargo build --quiet --release -p ledger -p lab

# The licences and sources of what comes from outside. The list of advisories would need a network, so it is left out.
_deny:
    command -v cargo-deny >/dev/null || cargo install --locked --quiet cargo-deny
    cargo fetch --locked --quiet
    cargo deny --log-level error --all-features --offline check licenses bans sources

# Debian packages for a purpose, installed where they are missing
_packages purpose:
    image/host-packages.sh {{ if purpose == "image" { "" } else if purpose == "check" { "libudev-dev libclang-dev pkg-config python3-cryptography fonts-vlgothic poppler-utils" } else if purpose == "demo" { "libudev-dev pkg-config qemu-system-x86 ovmf" } else if purpose == "lab" { "pkg-config" } else if purpose == "test" { "libudev-dev libclang-dev pkg-config qemu-system-x86 ovmf ovmf-ia32 exfatprogs chromium fonts-vlgothic poppler-utils" } else { "libudev-dev pkg-config nwipe qemu-system-x86" } }}
