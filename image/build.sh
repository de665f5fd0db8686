#!/usr/bin/env bash
# Makes target/image/massho.iso. Needs no root; image/host-packages.sh installs what it needs on the host.
# A second run with nothing changed takes seconds.
#
#   MASSHO_MIRROR, MASSHO_SECURITY_MIRROR  Debian archives to use instead of the host's own; may be snapshots
#   MASSHO_RENEW_LOCK=1                    takes the current packages, and writes image/packages/lock anew
#   MASSHO_BOOT_TIME=1                     also measures the start, in QEMU
#   MASSHO_PROGRAM                         for tests: an executable to put in the program's place
. "$(dirname "$0")/lib.sh"
for part in mirror lock trees font program contents drivers initramfs iso report; do
    # shellcheck source=/dev/null
    . "$image_dir/$part.sh"
done

# Two builds at a time would mix their files.
exec {lock}>"$out_dir/.lock"
flock "$lock"

make_trees
[[ -z ${MASSHO_RENEW_LOCK:-} ]] || renew_lock
compare_lock
write_image_toml
if [[ -n ${MASSHO_PROGRAM:-} ]]; then
    program=$(realpath "$MASSHO_PROGRAM")
else
    build_program
    program=$built_program
fi
make_font
make_initramfs "$program"
name_image
list_contents
make_iso
report
