#!/usr/bin/env bash
# qemu.sh: unpacks a QEMU that has vfio-user (10.1 or newer) under target/lab/qemu, whatever QEMU the host has. It comes
# from Debian's backports, is run out of that folder through the folder's own dynamic loader, and is kept until this
# file changes. Prints the folder.
. "$(dirname "$0")/../../image/lib.sh"
. "$image_dir/mirror.sh"
. "$image_dir/trees.sh"

lab_dir="$(dirname "$out_dir")/lab"
tree="$lab_dir/qemu"
packages=qemu-system-x86,qemu-block-extra,seabios,ovmf

# Only what is QEMU's own comes from backports.
preferences="Package: qemu-* seabios\nPin: release n=$suite-backports\nPin-Priority: 700\n"

# Documentation, foreign languages, and the firmware and modules of machines that the lab does not have.
bulk=(./dev ./proc ./sys ./var ./etc ./usr/share/man ./usr/share/info ./usr/share/locale ./usr/share/icons
    './usr/share/doc/*/[!c]*' ./usr/share/lintian ./usr/lib/udev ./usr/lib/systemd)

unpack_qemu() {
    local options=() lines=()
    ((EUID == 0)) || options+=(--mode=chrootless)
    mapfile -t -O ${#options[@]} options < <(proxy_options)
    mapfile -t lines < <(sources)
    ((${#lines[@]})) || exit 1
    # shellcheck disable=SC2016 # $1 is mmdebstrap's
    mmdebstrap --quiet --variant=extract --architectures=amd64 --format=tar --include="$packages" \
        --setup-hook='mkdir -p "$1/etc/apt/preferences.d"' \
        --setup-hook="printf '$preferences' >\"\$1/etc/apt/preferences.d/qemu\"" \
        "${options[@]}" "$suite" - "${lines[@]}"
}

# Runs the tree's program as `lab::backport` does: what does not start is not worth a stamp.
version() {
    "$1/usr/lib64/ld-linux-x86-64.so.2" --library-path "$(libraries "$1")" "$1/usr/bin/qemu-system-x86_64" --version |
        sed -n '1s/.*version \([0-9.]*\).*/\1/p'
}

# Some libraries lie one folder deeper, where the tree's ld.so.conf would have pointed.
libraries() { printf '%s\n' "$1/usr/lib/$triplet:$1/usr/lib/$triplet/pulseaudio"; }

mkdir -p "$lab_dir"
exec 9>"$lab_dir/.qemu.lock"
flock 9
key=$(hash_of "$repo_dir/crates/lab/qemu.sh")
if ! fresh "$tree" "$key"; then
    "$image_dir/host-packages.sh" >&2
    say "unpacking QEMU from $suite-backports"
    rm -rf "$tree" "$tree.stamp" "$tree.part"
    mkdir "$tree.part"
    unpack_qemu | tar -x -C "$tree.part" --no-same-owner "${bulk[@]/#/--exclude=}"
    link_merged_folders "$tree.part"
    found=$(version "$tree.part")
    [[ -n $found ]] || die "The unpacked QEMU does not start." "Remove $tree.part and try again; see the message above."
    sort -CV <<<"10.1"$'\n'"$found" || die "QEMU $found has no vfio-user; 10.1 is needed." \
        "Look whether the mirror still has $suite-backports."
    mv "$tree.part" "$tree"
    mark_fresh "$tree" "$key"
    say "QEMU $found is in $tree"
fi
printf '%s\n' "$tree"
