#!/usr/bin/env bash
# Builds the image of this commit a second time, in another folder, as another user where root runs this, and under
# another umask; fails unless it comes out the same, byte for byte.
. "$(dirname "$0")/lib.sh"

[[ -e $out_dir/massho.iso ]] || die "There is no image to compare with." "Run just image first."
[[ -z $(git -C "$repo_dir" status --porcelain) ]] ||
    die "The tree has changes that are not committed, so there is no commit to build a second time." "Commit them first."
grep -qxF "commit = \"$(git -C "$repo_dir" describe --always --abbrev=12)\"" "$out_dir/image.toml" ||
    die "The image that is there was built from another commit than the present one." "Run just image first."

elsewhere=$(mktemp -d)
trap 'rm -rf "$elsewhere"' EXIT
git clone --quiet "$repo_dir" "$elsewhere/a folder"
# Fetched once: what is compared is what is made of it.
cargo=${CARGO_HOME:-$HOME/.cargo}
rustup=${RUSTUP_HOME:-$HOME/.rustup}
mkdir -p "$elsewhere"/{cargo,rustup,bin,tmp}
[[ ! -d $cargo/registry ]] || cp -r "$cargo/registry" "$elsewhere/cargo/"
[[ ! -e $cargo/config.toml ]] || cp "$cargo/config.toml" "$elsewhere/cargo/"
# build RUSTUP-HOME PATH: in the other folder
build=(bash -c 'umask 077 && export RUSTUP_HOME=$1 PATH=$2 && cd "$3" && image/build.sh' bash)
another=(env -u CARGO_TARGET_DIR HOME="$elsewhere" CARGO_HOME="$elsewhere/cargo" TMPDIR="$elsewhere/tmp")
if ((EUID == 0)) && id nobody >/dev/null 2>&1; then
    chown -R nobody: "$elsewhere"
    # The toolchain may lie in a home that only root can enter. In a namespace of its own it is also where another user
    # can reach it, and nothing of that is left when the build has ended.
    say "as the user nobody"
    unshare --mount --propagation private bash -euo pipefail -c '
        rustup=$1 bin=$2 elsewhere=$3
        shift 3
        [[ ! -d $rustup ]] || mount --bind "$rustup" "$elsewhere/rustup"
        mount --bind "$bin" "$elsewhere/bin"
        exec setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups -- "$@"
    ' bash "$rustup" "$(dirname "$(command -v cargo)")" "$elsewhere" \
        "${another[@]}" "${build[@]}" "$elsewhere/rustup" "$elsewhere/bin:$PATH" "$elsewhere/a folder"
else
    say "as the same user: only root can become another one"
    "${another[@]}" "${build[@]}" "$rustup" "$PATH" "$elsewhere/a folder"
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
