# Shared by the scripts of this folder; sourced, not run.
# shellcheck shell=bash

set -euo pipefail
shopt -s inherit_errexit

# Sorting, globbing and dates must not depend on who builds.
export LC_ALL=C TZ=UTC
umask 022

# On Debian an ordinary user's PATH has no sbin, where mmdebstrap and apt's helpers look for dpkg's tools.
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

image_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repo_dir=$(dirname "$image_dir")
initramfs_dir="$repo_dir/initramfs"
out_dir="${CARGO_TARGET_DIR:-$repo_dir/target}/image"
mkdir -p "$out_dir"
out_dir=$(cd "$out_dir" && pwd)

triplet=x86_64-linux-gnu

say() { printf 'image: %s\n' "$*" >&2; }

# die WHAT WHAT-TO-DO
die() {
    printf 'image: %s\n       %s\n' "$1" "$2" >&2
    exit 1
}

# One date for everything inside the image: the last commit's, so that the same source gives the same file.
# Outside of a commit it is a constant: FAT knows no date before 1980, so not zero.
source_date() {
    git -C "$repo_dir" log -1 --format=%ct 2>/dev/null || echo 1767225600
}
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(source_date)}
export SOURCE_DATE_EPOCH

# hash_of FILE-OR-FOLDER...: one digest over names, modes and contents.
hash_of() {
    {
        find "$@" -printf '%P %y %m %l\n' | sort
        find "$@" -type f -print0 | sort -z | xargs -0 sha256sum
    } | sha256sum | cut -c1-64
}

# A step is skipped if its product was made from the same inputs; the stamp is written last, so that an
# interrupted step runs again.
fresh() { [[ -e $1 && -f $1.stamp && $(<"$1.stamp") == "$2" ]]; }
mark_fresh() { printf '%s\n' "$2" >"$1.stamp"; }

# tool NAME ARGS...: runs Debian 13's own program out of the tools tree through that tree's dynamic loader, so
# that neither root nor the host's versions of these programs come into it.
tool() {
    local name=$1 tree="$out_dir/tools" program
    shift
    program="$tree/usr/bin/$name"
    [[ -e $program ]] || program="$tree/usr/sbin/$name"
    "$tree/usr/lib64/ld-linux-x86-64.so.2" --argv0 "$name" \
        --library-path "$tree/usr/lib/$triplet" "$program" "$@"
}

# The most that the image may be, in millions of bytes.
size_limit=100
