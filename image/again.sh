#!/usr/bin/env bash
# Builds the image of this commit a second time, in another folder, as another user where that is possible, and under
# another umask; fails unless it comes out the same, byte for byte.
. "$(dirname "$0")/lib.sh"

[[ -e $out_dir/massho.iso ]] || die "There is no image to compare with." "Run just image first."
[[ -z $(git -C "$repo_dir" status --porcelain) ]] ||
    die "The tree has changes that are not committed, so there is no commit to build a second time." "Commit them first."

elsewhere=$(mktemp -d)
trap 'rm -rf "$elsewhere"' EXIT
git clone --quiet "$repo_dir" "$elsewhere/a folder"
# Fetched once: what is compared is what is made of it.
cargo=${CARGO_HOME:-$HOME/.cargo}
build=(env -u CARGO_TARGET_DIR HOME="$elsewhere" CARGO_HOME="$elsewhere/cargo" RUSTUP_HOME="${RUSTUP_HOME:-$HOME/.rustup}"
    PATH="$PATH" bash -c 'umask 077 && cd "$1" && image/build.sh' bash "$elsewhere/a folder")
mkdir "$elsewhere/cargo"
[[ ! -d $cargo/registry ]] || cp -r "$cargo/registry" "$elsewhere/cargo/"
[[ ! -e $cargo/config.toml ]] || cp "$cargo/config.toml" "$elsewhere/cargo/"
if ((EUID == 0)) && id nobody >/dev/null 2>&1 && runuser -u nobody -- "$(command -v cargo)" --version >/dev/null 2>&1; then
    chown -R nobody "$elsewhere"
    runuser -u nobody -- "${build[@]}"
else
    say "as the same user: another one cannot run cargo here"
    "${build[@]}"
fi
again="$elsewhere/a folder/target/image/massho.iso"
if ! cmp "$out_dir/massho.iso" "$again"; then
    for part in iso initramfs; do
        diff -rq --no-dereference "$out_dir/$part" "$elsewhere/a folder/target/image/$part" >&2 || true
    done
    mv "$elsewhere/a folder/target/image/initramfs/usr/bin/massho" "$out_dir/massho.again"
    die "The second build differs from the first, in the files named above." \
        "Its program is target/image/massho.again; the first one's is target/image/initramfs/usr/bin/massho."
fi
say "two builds, the same: sha256 $(sha256sum <"$again" | cut -c1-64)"
