# The kernel's modules and their firmware. Sourced.
# shellcheck shell=bash

# make_drivers: target/image/drivers, the kernel's modules and their firmware.
# Each file is compressed by itself, though the archive would be 8 MB smaller otherwise: the kernel unpacks all of the
# archive before it starts anything, and a PC needs few of these files.
make_drivers() {
    local drivers="$out_dir/drivers" key
    key=$(hash_of "$initramfs_dir"/{modules,module-folders,firmware-missing} "$image_dir"/{drivers,initramfs}.sh \
        "$out_dir/root.stamp" "$out_dir/tools.stamp")
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

# Every file that a driver of the image names, and not only those that some PC is known to load: with one of them
# missing a graphics driver may end where it has already taken the firmware's picture away, and a drive's adapter shows
# no drive.
add_firmware() {
    local module name path list="$out_dir/firmware.list" missing="$out_dir/firmware.missing"
    : >"$missing"
    find "$1/usr/lib/modules" -name '*.ko' | sort | while read -r module; do
        tool modinfo -F firmware "$module" | while read -r name; do
            # A name may be a glob.
            (cd "$out_dir/root" && compgen -G "usr/lib/firmware/$name") || printf '%s\n' "$name" >>"$missing"
        done
    done | sort -u >"$list"
    compare_missing "$missing"
    while read -r path; do add_firmware_file "$1" "$path"; done <"$list"
}

# compare_missing FILE: fails unless the firmware that is not there is the one that initramfs/firmware-missing names
compare_missing() {
    local different
    different=$(diff <(entries firmware-missing | sort) <(sort -u "$1") | sed -n 's/^[<>] //p' || true)
    [[ -z $different ]] || die "Debian lacks other firmware than initramfs/firmware-missing says: $(xargs <<<"$different")." \
        "Add its package to image/packages/root, or take its driver out of initramfs/modules."
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

# The image must not be able to reach a network, nothing may attach storage from elsewhere, and of USB devices none but
# storage and keyboards may find a driver. So modules come from the named folders only; none may call what makes a
# network interface, a socket or a transport to storage elsewhere; and none may offer itself to other devices.
refuse_unwanted() {
    local found
    # In lines of their own: a list that could not be made must stop the build.
    found=$(modules_from_elsewhere)
    refuse "modules from folders that initramfs/module-folders does not name" "$found"
    found=$(modules_that_call "$1" "$network_calls")
    refuse "modules that could reach a network" "$found"
    found=$(modules_for_unwanted_devices "$1")
    refuse "modules for network adapters or for USB devices that are neither storage nor keyboard" "$found"
}

# refuse WHAT FOUND
refuse() {
    [[ -z $2 ]] || die "These must not be in the image, $1: $(xargs <<<"$2")." \
        "Take out of initramfs/modules what is or needs them."
}

modules_from_elsewhere() {
    local allowed="$out_dir/modules.allowed"
    matches "$out_dir/root/usr/lib/modules/$(kernel_release)/kernel" module-folders .ko.xz |
        sed 's|^|kernel/|' >"$allowed"
    grep -vxF -f "$allowed" "$out_dir/modules.list" || true
}

# What a driver needs to show a network interface (wired, wireless, Bluetooth), to send packets by those of others, or
# to bring storage from elsewhere: iSCSI, Fibre Channel, InfiniBand.
network_calls='register_netdev.*|alloc_netdev_.*|alloc_etherdev_.*|ether_setup|dev_add_pack|__dev_queue_xmit'
network_calls+='|sock_create.*|sockfd_lookup|kernel_connect|kernel_sendmsg|wiphy_.*|ieee80211_.*|hci_.*_dev|usbnet_.*'
network_calls+='|iscsi_.*|fc_remote_port_.*|fcoe_.*|srp_.*|ib_.*|rdma_.*|nvmf_.*'

# modules_that_call FOLDER CALLS
modules_that_call() {
    local module name calls
    find "$1/usr/lib/modules" -name '*.ko' | sort | while read -r module; do
        name=$(basename "$module" .ko)
        calls=$(nm --undefined-only "$module" | awk -v calls="^($2)\$" '$2 ~ calls { print $2 }')
        # Hyper-V's virtual drives may sit behind a Fibre Channel that the host has, not this kernel.
        [[ $name != hv_storvsc ]] || calls=$(sed '/^fc_/d' <<<"$calls")
        [[ -z $calls ]] || printf '%s(%s)\n' "$name" "$(xargs <<<"$calls")"
    done
}

# Modules by the devices they offer themselves to: classes 03, 08 and 09 of USB are input, storage and hubs; 02 of PCI
# is the network. Readers of cards, and bridges and hubs with quirks, are known by their makers' numbers.
modules_for_unwanted_devices() {
    local module name
    find "$1/usr/lib/modules" -name '*.ko' | sort | while read -r module; do
        name=$(basename "$module" .ko)
        tool modinfo -F alias "$module" | while read -r alias; do
            case $name:$alias in
            *:usb:*ic0[389]isc* | *:usb:*dc09dsc*) ;;
            usbcore:usb:* | rtsx_usb:usb:* | ums-*:usb:* | uas:usb:* | usb-storage:usb:* | vub300:usb:* | ushc:usb:*) ;;
            *:usb:* | *:pci:*bc02sc*) printf '%s\n' "$name" ;;
            esac
        done
    done | sort -u
}
