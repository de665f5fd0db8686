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

# matches FOLDER MANIFEST [SUFFIX]: the files under the folder that the manifest's globs name. A glob without a match
# is a file that the image would silently lack.
matches() {
    local pattern
    while read -r pattern; do
        (cd "$1" && compgen -G "$pattern${3:-}") ||
            die "initramfs/$2: nothing matches $pattern." "Correct the line, or add a package to image/packages/root."
    done <<<"$(entries "$2")"
}

# make_drivers: target/image/drivers, the kernel's modules and their firmware.
# Each file is compressed by itself, though the archive would be 8 MB smaller otherwise: the kernel unpacks all of the
# archive before it starts anything, and a PC needs few of these files.
make_drivers() {
    local drivers="$out_dir/drivers" key
    key=$(hash_of "$initramfs_dir/modules" "$image_dir/initramfs.sh" "$out_dir/root.stamp" "$out_dir/tools.stamp")
    fresh "$drivers" "$key" && return
    say "compressing the drivers"
    rm -rf "$drivers" "$drivers.stamp"
    mkdir "$drivers"
    add_modules "$drivers"
    add_firmware "$drivers"
    refuse_unwanted "$drivers"
    compress_each "$drivers"
    add_module_index "$drivers"
    mark_fresh "$drivers" "$key"
}

add_modules() {
    local release tree path list="$out_dir/modules.list"
    release=$(kernel_release)
    tree="$out_dir/root/usr/lib/modules/$release"
    [[ -e $tree/modules.dep ]] || tool depmod -b "$out_dir/root" "$release"
    matches "$tree/kernel" modules .ko.xz >"$list.asked"
    with_dependencies "$tree/modules.dep" "$list.asked" >"$list"
    while read -r path; do
        mkdir -p "$1/usr/lib/modules/$release/$(dirname "$path")"
        tool xz -dc "$tree/$path" >"$1/usr/lib/modules/$release/${path%.xz}"
    done <"$list"
}

# Every file that a graphics driver of the image names. Not only those that some PC is known to load: with one of them
# missing a driver may end where it has already taken the firmware's picture away.
add_firmware() {
    local module name path list="$out_dir/firmware.list"
    find "$1/usr/lib/modules" -path '*/kernel/drivers/gpu/*' -name '*.ko' | sort | while read -r module; do
        tool modinfo -F firmware "$module" | while read -r name; do
            # A name may be a glob.
            (cd "$out_dir/root" && compgen -G "usr/lib/firmware/$name") ||
                die "The driver $(basename "$module" .ko) names the firmware $name, which the image's packages do not have." \
                    "Add its package to image/packages/root, or take the driver out of initramfs/modules."
        done
    done | sort -u >"$list"
    while read -r path; do add_firmware_file "$1" "$path"; done <"$list"
}

# Many of them are links to others, and stay so.
add_firmware_file() {
    local file
    file=$(realpath -e --relative-to="$out_dir/root" "$out_dir/root/$2")
    copy_in "$1" "$file"
    [[ $file == "$2" ]] || {
        mkdir -p "$(dirname "$1/$2")"
        ln -sr "$1/$file" "$1/$2"
    }
}

# The kernel's loader of firmware, and kmod, take files with zstd's suffix for those without.
compress_each() {
    local link
    find "$1" -type f -print0 | xargs -0 "$out_dir/tools/usr/lib64/ld-linux-x86-64.so.2" \
        --library-path "$out_dir/tools/usr/lib/$triplet" "$out_dir/tools/usr/bin/zstd" -q -19 -T0 --rm
    find "$1" -type l | while read -r link; do
        ln -s "$(readlink "$link").zst" "$link.zst"
        rm "$link"
    done
}

# modprobe's index of what is there.
add_module_index() {
    local release index
    release=$(kernel_release)
    index="$1/usr/lib/modules/$release"
    cp "$out_dir/root/usr/lib/modules/$release"/modules.{order,builtin,builtin.modinfo} "$index/"
    # depmod looks in lib alone, which the drivers' folder does not have.
    if [[ -e $1/lib ]]; then
        tool depmod -b "$1" "$release"
    else
        ln -s usr/lib "$1/lib"
        tool depmod -b "$1" "$release"
        rm "$1/lib"
    fi
    # Text forms that kmod reads only where the binary ones are missing.
    rm "$index"/modules.{alias,dep,symbols,builtin,builtin.modinfo,order}
}

# with_dependencies MODULES.DEP FILE: the file's modules and all that they depend on, relative to the module tree
with_dependencies() {
    awk '
        NR == FNR { path = $1; sub(/:$/, "", path); $1 = ""; needs[path] = $0; next }
        { add("kernel/" $1) }
        function add(path, parts, n, i) {
            if (path in wanted) return
            wanted[path]
            n = split(needs[path], parts, " ")
            for (i = 1; i <= n; i++) add(parts[i])
        }
        END { for (path in wanted) print path }' "$1" "$2" | sort
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

# The image must not be able to reach a network, nothing may attach storage from elsewhere, and of USB devices none but
# storage and keyboards may find a driver.
refuse_unwanted() {
    local found
    # Graphics drivers link against the cores of HDMI's remote control; without their drivers these bind to nothing.
    found=$(find "$1/usr/lib/modules" -type f \( -path '*/kernel/net/*' -o -path '*/kernel/drivers/net/*' \
        -o -name 'nvme-fabrics.ko' -o -name 'nvme-tcp.ko' -o -name 'iscsi*.ko' -o -path '*/kernel/drivers/md/*' \
        -o -path '*/kernel/sound/*' -o -path '*/kernel/drivers/media/*' ! -name cec.ko ! -name rc-core.ko \
        -o -path '*/kernel/drivers/bluetooth/*' -o -path '*/kernel/drivers/usb/class/*' \
        -o -path '*/kernel/drivers/usb/serial/*' -o -path '*/kernel/drivers/usb/gadget/*' \
        -o -path '*/kernel/drivers/usb/usbip/*' -o -path '*/kernel/drivers/firewire/*' \))
    [[ -z $found ]] || die "Modules that must not be in the image: $(xargs -n1 basename <<<"$found" | xargs)." \
        "Take out of initramfs/modules what depends on them."
}

# Level 15 makes a medium 1 MB larger than level 19, and unpacks faster.
# Same input, same bytes: names sorted, one date, owner root, inode numbers counted.
pack() {
    find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    (cd "$1" && find . -print0 | sort -z | tool cpio --null --create --format=newc --reproducible --owner=+0:+0 --quiet) |
        tool zstd -q -15 -T0 -f -o "$2"
}
