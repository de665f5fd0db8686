#!/bin/sh
# unpacked.sh ROOT: run by mmdebstrap while the packages it unpacked are still there. Leaves in ROOT/usr/share/massho
#   packages  NAME VERSION ARCHITECTURE SHA256 of each
#   files     NAME PATH for each file of each
set -eu
list="$1/usr/share/massho"
mkdir -p "$list"
cd "$1/var/cache/apt/archives"
for deb in *.deb; do
    name=${deb%%_*}
    hash=$(sha256sum "$deb")
    dpkg-deb --show --showformat="\${Package} \${Version} \${Architecture} ${hash%% *}\n" "$deb" >>"$list/packages"
    dpkg-deb --fsys-tarfile "$deb" | tar -t | sed -n "/\/$/! s|^\.\(/usr\)\{0,1\}/|$name usr/|p" >>"$list/files"
done
