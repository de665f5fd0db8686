# The versions of Debian's packages that this image was made with, and their hashes. Sourced.
#
# Debian's archive keeps one version of a package, two at times: a lock of exact versions would break at its next update.
# So the locked version is taken where the archive still has it, the current one where not, and an image with one
# package of another version or hash says of itself that it is unlocked.
# shellcheck shell=bash

# TREE NAME VERSION ARCHITECTURE SHA256, sorted
lock_file="$image_dir/packages/lock"

locked_lines() { [[ ! -e $lock_file || -n ${MASSHO_RENEW_LOCK:-} ]] || sed -n "s/^$1 //p" "$lock_file"; }

# hash_of_lock TREE
hash_of_lock() { locked_lines "$1" | sha256sum | cut -c1-16; }

# pin_locked TREE: apt's preferences; a version that the archive does not have is passed over
pin_locked() {
    locked_lines "$1" | awk '{ printf "Package: %s\nPin: version %s\nPin-Priority: 1001\n\n", $1, $2 }'
}

# Writes the lock anew from the trees as they are, which are what it names from then on.
renew_lock() {
    local tree
    {
        echo '# Made by just lock: TREE NAME VERSION ARCHITECTURE SHA256'
        for tree in root sysroot tools; do sed "s/^/$tree /" "$out_dir/$tree/usr/share/massho/packages"; done | sort
    } >"$lock_file"
    say "$(grep -vc '^#' "$lock_file") packages are locked"
    unset MASSHO_RENEW_LOCK
    for tree in root sysroot tools; do mark_fresh "$out_dir/$tree" "$(tree_key "$tree")"; done
}

# What differs between the lock and the trees, as a diff's lines: < locked, > in the image.
lock_differences() {
    local tree
    for tree in root sysroot tools; do
        diff <(sed -n "s/^$tree //p" "$lock_file" 2>/dev/null | sort) \
            <(sort "$out_dir/$tree/usr/share/massho/packages") | sed -n "s/^[<>]/& $tree/p" || true
    done
}

lock_state() { [[ -s $out_dir/lock.differences ]] && echo unlocked || echo locked; }

compare_lock() { lock_differences >"$out_dir/lock.differences"; }
