# The three trees of Debian 13 packages under target/image. Sourced.
#   sysroot  what the program is linked against
#   root     what the image is made of
#   tools    what makes the image, at Debian 13's versions whatever the host is
# shellcheck shell=bash

# kmscon is in backports only; nothing else may come from there.
backports='Package: kmscon libtsm*\nPin: release n=%s-backports\nPin-Priority: 700\n'

# Never part of any image, and most of the bulk. Of the documentation only the files named copyright are kept. The
# Python packages come with fonttools, which does without them here.
unwanted=(./dev ./proc ./sys './usr/share/doc/*/[!c]*' './usr/share/doc/*/c[!o]*' ./usr/share/man ./usr/share/info
    ./usr/share/locale ./usr/share/bug ./usr/share/lintian ./var './usr/lib/python3/dist-packages/lxml*'
    './usr/lib/python3/dist-packages/mpmath*' './usr/lib/python3/dist-packages/numpy*'
    './usr/lib/python3/dist-packages/scipy*' './usr/lib/python3/dist-packages/sympy*')

# packages_of TREE: the list's names, comma-separated.
packages_of() { sed 's/#.*//' "$image_dir/packages/$1" | xargs | tr ' ' ,; }

# tree_key NAME: what a tree is made of; another archive may have other versions.
tree_key() {
    printf '%s-%s-%s\n' "$(hash_of "$image_dir/packages/$1" "$image_dir"/{trees,mirror,lock,unpacked}.sh)" \
        "$(hash_of_lock "$1")" "$(sha256sum <<<"${MASSHO_MIRROR:-} ${MASSHO_SECURITY_MIRROR:-}" | cut -c1-16)"
}

make_tree() {
    local name=$1 tree="$out_dir/$1" key
    key=$(tree_key "$name")
    # A new lock is made of what the archive has now, and not of what it had when the tree was made.
    [[ -n ${MASSHO_RENEW_LOCK:-} ]] || ! fresh "$tree" "$key" || return 0
    say "unpacking Debian packages: $name"
    rm -rf "$tree" "$tree.stamp"
    mkdir "$tree"
    pin_locked "$name" >"$out_dir/$name.pins"
    unpack_packages "$name" | tar -x -C "$tree" --no-same-owner "${unwanted[@]/#/--exclude=}"
    link_merged_folders "$tree"
    mark_fresh "$tree" "$key"
}

# As a tar stream, because mmdebstrap without root makes files of foreign owners that the caller could not delete.
# No maintainer script runs; apt checks every package's signature chain.
unpack_packages() {
    local options=() lines=()
    # Nothing is run in the tree, so nothing of a chroot is needed; without root the default would ask for user ids.
    ((EUID == 0)) || options+=(--mode=chrootless)
    mapfile -t -O ${#options[@]} options < <(proxy_options)
    mapfile -t lines < <(sources)
    ((${#lines[@]})) || exit 1
    # shellcheck disable=SC2016 # $1 is mmdebstrap's
    mmdebstrap --quiet --variant=extract --architectures=amd64 --format=tar \
        --include="$(packages_of "$1")" \
        --setup-hook='mkdir -p "$1/etc/apt/preferences.d"' \
        --setup-hook="printf '$(printf "$backports" "$suite")' >\"\$1/etc/apt/preferences.d/backports\"" \
        --setup-hook="cp '$out_dir/$1.pins' \"\$1/etc/apt/preferences.d/locked\"" \
        --extract-hook="'$image_dir/unpacked.sh' \"\$1\"" \
        "${options[@]}" "$suite" - "${lines[@]}"
}

# Made by base-files' maintainer script otherwise; the dynamic loader's own path goes through one of them.
link_merged_folders() {
    local folder
    for folder in bin sbin lib lib64; do
        [[ -e $1/$folder || ! -d $1/usr/$folder ]] || ln -s "usr/$folder" "$1/$folder"
    done
}

make_trees() {
    local name
    for name in sysroot root tools; do make_tree "$name"; done
}

# package_version TREE PACKAGE
package_version() { awk -v name="$2" '$1 == name { print $2 }' "$out_dir/$1/usr/share/massho/packages"; }
