# The initramfs: files of the root tree by manifest, the program, our own scripts. Sourced.
# shellcheck shell=bash

# make_initramfs PROGRAM: target/image/initramfs.zst and vmlinuz beside it
make_initramfs() {
    local program=$1 archive="$out_dir/initramfs.zst" stage="$out_dir/initramfs" key
    make_drivers
    key=$SOURCE_DATE_EPOCH-$(hash_of "$initramfs_dir" "$image_dir/initramfs.sh" "$out_dir/root.stamp" "$out_dir/tools.stamp" \
        "$out_dir/drivers.stamp" "$out_dir/font.stamp" "$out_dir/own.toml" "$program")
    fresh "$archive" "$key" && return
    say "packing the initramfs"
    rm -rf "$stage" "$archive.stamp"
    mkdir -p "$stage"
    add_base "$stage"
    add_contents "$stage"
    cp -a "$out_dir/drivers/." "$stage/"
    add_own_files "$stage" "$program"
    add_libraries "$stage"
    pack "$stage" "$archive"
    cp "$(kernel_image)" "$out_dir/vmlinuz"
    mark_fresh "$archive" "$key"
}

kernel_image() { printf '%s\n' "$out_dir"/root/boot/vmlinuz-*; }
kernel_release() { basename "$(kernel_image)" | cut -d- -f2-; }

# entries FILE: a manifest's lines without comments
entries() { sed 's/#.*//; s/[[:space:]]*$//; /^$/d' "$initramfs_dir/$1"; }

add_base() {
    local folder
    mkdir -p "$1"/{dev,etc,proc,run,sys,tmp,usr/bin,usr/sbin,usr/lib,usr/lib64,var}
    for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$1/$folder"; done
    ln -s ../run "$1/var/run"
}

# copy_in STAGE PATH: one file of the root tree, links followed
copy_in() { install -D -m "$(stat -L -c %a "$out_dir/root/$2")" "$out_dir/root/$2" "$1/$2"; }

add_contents() {
    local path applet list="$out_dir/contents.list"
    # Into a file, not a pipe: only so does a failure stop the build.
    matches "$out_dir/root" contents >"$list"
    while read -r path; do copy_in "$1" "$path"; done <"$list"
    for applet in cat chvt dd dmesg echo mkdir mkfifo mount pidof printf rm setsid sh sleep stty; do ln -s busybox "$1/usr/bin/$applet"; done
}

# matches FOLDER MANIFEST [SUFFIX]: the files under the folder that the manifest's globs name, less those that its lines
# with ! name. A glob without a match is a file that the image would silently lack.
matches() {
    local pattern found excluded=
    while read -r pattern; do
        found=$(cd "$1" && compgen -G "${pattern#!}${3:-}") ||
            die "initramfs/$2: nothing matches $pattern." "Correct the line, or add a package to image/packages/root."
        [[ $pattern != !* ]] || excluded+=$found$'\n'
    done <<<"$(entries "$2")"
    while read -r pattern; do
        [[ $pattern == !* ]] || (cd "$1" && compgen -G "$pattern${3:-}")
    done <<<"$(entries "$2")" | grep -vxF -f <(printf '%s' "$excluded")
}

add_own_files() {
    local file
    install -m 755 "$initramfs_dir/init" "$1/init"
    for file in "$initramfs_dir"/libexec/*; do
        install -D -m 755 "$file" "$1/usr/libexec/massho/$(basename "$file")"
    done
    cp -r "$initramfs_dir/etc/." "$1/etc/"
    install -D -m 644 -t "$1/usr/share/fonts/massho" "$out_dir"/font/*
    install -D -m 644 "$out_dir/own.toml" "$1/etc/massho/image.toml"
    install -m 755 "$2" "$1/usr/bin/massho"
}

# The closure of NEEDED over everything there is. Repeats until a round adds nothing.
add_libraries() {
    local library path list="$out_dir/libraries.list" added=1
    while ((added)); do
        added=0
        needed_libraries "$1" >"$list"
        while read -r library; do
            path=$(library_path "$library")
            [[ -e $1/$path ]] && continue
            copy_in "$1" "$path"
            added=1
        done <"$list"
    done
}

# Scripts among the files make readelf fail; they are no reason to stop.
needed_libraries() {
    find "$1/usr" -path "$1/usr/lib/modules" -prune -o -type f \( -perm /111 -o -name '*.so*' \) -print0 |
        { xargs -0 readelf -d 2>/dev/null || true; } | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u
}

library_path() {
    local folder
    for folder in usr/lib64 "usr/lib/$triplet" "usr/lib/$triplet/systemd"; do
        if [[ -e $out_dir/root/$folder/$1 ]]; then
            printf '%s\n' "$folder/$1"
            return
        fi
    done
    die "Something in the image needs the library $1, which the image's packages do not have." \
        "Add its package to image/packages/root, or drop what needs it."
}

# Level 15 makes a medium 1 MB larger than level 19, and unpacks faster.
# Same input, same bytes: names sorted, one date, owner root, inode numbers counted.
pack() {
    find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    (cd "$1" && find . -print0 | sort -z | tool cpio --null --create --format=newc --reproducible --owner=+0:+0 --quiet) |
        tool zstd -q -15 -T0 -f -o "$2"
}
