#!/usr/bin/env bash
# Makes target/lab/guest/{vmlinuz,initramfs.zst}: a plain Debian 13 with the tools that people use on drives, to try the
# lab's drives with. Built by the image's own functions, from a manifest of its own; nothing of it is in the image.
# A second run with nothing changed takes a second.
guest_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=/dev/null
. "$guest_dir/../../../image/lib.sh"
for part in mirror lock trees drivers initramfs; do
    # shellcheck source=/dev/null
    . "$image_dir/$part.sh"
done

# The guest is nobody's release: whatever versions the archive has will do.
# shellcheck disable=SC2034 # the functions of lock.sh read it
lock_file=/dev/null
# The functions of the image's build find their manifests in $initramfs_dir and leave their products in $out_dir.
out_dir="${CARGO_TARGET_DIR:-$repo_dir/target}/lab/guest"
initramfs_dir=$guest_dir
mkdir -p "$out_dir"
out_dir=$(cd "$out_dir" && pwd)

# Each applet under its own name, except where the real program is there.
add_applets() {
    local applet
    for applet in $(tool busybox --list); do
        [[ -e $1/usr/bin/$applet || -e $1/usr/sbin/$applet ]] || ln -s busybox "$1/usr/bin/$applet"
    done
}

make_guest() {
    local archive="$out_dir/initramfs.zst" stage="$out_dir/initramfs" key
    key=$(hash_of "$guest_dir" "$image_dir/drivers.sh" "$image_dir/initramfs.sh" "$out_dir/root.stamp")
    fresh "$archive" "$key" && return
    say "packing the lab's guest"
    rm -rf "$stage" "$archive.stamp"
    mkdir -p "$stage"
    add_base "$stage"
    add_files "$stage"
    add_modules "$stage"
    add_module_index "$stage"
    install -m 755 "$guest_dir/init" "$stage/init"
    printf 'root:x:0:0::/:/bin/sh\n' >"$stage/etc/passwd"
    add_libraries "$stage"
    add_applets "$stage"
    pack "$stage" "$archive"
    cp "$(kernel_image)" "$out_dir/vmlinuz"
    mark_fresh "$archive" "$key"
}

add_files() {
    local path list="$out_dir/contents.list"
    matches "$out_dir/root" contents >"$list"
    while read -r path; do copy_in "$1" "$path"; done <"$list"
}

exec {lock}>"$out_dir/.lock"
flock "$lock"

# One tree holds what the guest is made of and what makes it.
ln -sfn root "$out_dir/tools"
packages_of() { entries packages | xargs | tr ' ' ,; }
key=$(hash_of "$guest_dir/packages")
if ! [[ -f $out_dir/packages.stamp && $(<"$out_dir/packages.stamp") == "$key" ]]; then
    rm -f "$out_dir/root.stamp"
fi
make_tree root
printf '%s\n' "$key" >"$out_dir/packages.stamp"
make_guest
