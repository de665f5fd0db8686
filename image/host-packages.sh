#!/usr/bin/env bash
# host-packages.sh [PACKAGE...]: installs the few Debian packages that building the image needs on the host, and
# those named. Quick when nothing is missing.
. "$(dirname "$0")/lib.sh"

needed=(mmdebstrap debian-archive-keyring gcc binutils libc6-dev pkg-config "$@")

missing=()
for package in "${needed[@]}"; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=
    [[ $status == installed ]] || missing+=("$package")
done
((${#missing[@]})) || exit 0

as_root=()
if ((EUID != 0)); then
    command -v sudo >/dev/null || die "These packages are missing: ${missing[*]}." \
        "Run as root: apt-get install ${missing[*]}"
    as_root=(sudo)
fi
say "installing on this host: ${missing[*]}"
"${as_root[@]}" apt-get update
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
