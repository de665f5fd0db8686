# The hybrid ISO: BIOS from CD and stick, UEFI from CD and stick. Sourced.
# shellcheck shell=bash

# What GRUB needs to read this medium and show the menu; the signed UEFI one has it all built in.
common_modules=(iso9660 part_msdos fat search search_fs_file normal configfile linux echo test true serial terminal
    all_video video video_fb sleep reboot halt)

make_iso() {
    local iso="$out_dir/massho.iso" stage="$out_dir/iso" key marker
    key=$SOURCE_DATE_EPOCH-$(hash_of "$image_dir/grub" "$image_dir/boot-partition" "$image_dir/iso.sh" \
        "$image_dir/manifest.py" "$out_dir/initramfs.zst" "$out_dir/vmlinuz" "$out_dir/image.toml" \
        "$out_dir/licences.txt" "$out_dir/massho.spdx.json" "$out_dir/tools.stamp")
    fresh "$iso" "$key" && return
    say "writing the ISO"
    rm -rf "$stage" "$iso" "$iso.stamp"
    mkdir -p "$stage"/{.disk,boot/grub,massho}
    cp "$out_dir/vmlinuz" "$out_dir/initramfs.zst" "$stage/boot/"
    sed "s|@IMAGE@|$(image_name)|" "$image_dir/grub/grub.cfg" >"$stage/boot/grub/grub.cfg"
    # By image.toml the program knows any massho boot stick, of whatever version.
    cp "$out_dir/image.toml" "$out_dir/massho.spdx.json" "$out_dir/licences.txt" "$stage/massho/"
    # For everyone to see that no network driver is among them.
    sed 's/\.xz$//' "$out_dir/modules.list" >"$stage/massho/modules.list"
    # The boot menu names it; partition 3, where it also is, does not exist on a CD or a stick with the files copied to it.
    cp "$image_dir/boot-partition/massho-start.txt" "$stage/"
    # The signed GRUB looks for this one.
    echo massho >"$stage/.disk/info"
    # Not by the key above, in which this folder's path is.
    marker=$(image_name)
    marker=.disk/massho-${marker:0:16}
    touch "$stage/$marker"
    sed "s|@MARKER@|/$marker|" "$image_dir/grub/find-medium.cfg" >"$out_dir/find-medium.cfg"
    make_bios_grub "$stage/boot/grub/bios.img"
    make_esp "$out_dir/esp.img"
    make_boot_partition "$out_dir/boot-partition.img"
    # For those who copy the files onto a FAT stick instead of writing the image.
    cp -r "$out_dir/esp/EFI" "$stage/"
    find "$stage" "$out_dir/esp.img" "$out_dir/boot-partition.img" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    write_iso "$stage" "$out_dir/esp.img" "$out_dir/boot-partition.img" "$iso"
    (($(stat -c %s "$iso") <= size_limit * 1000000)) ||
        die "The image is larger than $size_limit MB." "Take something out of initramfs/modules or initramfs/contents."
    python "$image_dir/manifest.py" "$out_dir"
    (cd "$out_dir" && sha256sum massho.iso massho.manifest.json >SHA256SUMS)
    mark_fresh "$iso" "$key"
}

make_bios_grub() {
    local modules="$out_dir/tools/usr/lib/grub/i386-pc"
    tool grub-mkimage --format=i386-pc-eltorito --directory="$modules" --prefix=/boot/grub \
        --config="$out_dir/find-medium.cfg" --output="$1" biosdisk vbe "${common_modules[@]}"
}

# For the few PCs whose UEFI is a 32-bit one though their processor is not. Not signed: they are older than the key.
make_ia32_grub() {
    tool grub-mkimage --format=i386-efi --directory="$out_dir/tools/usr/lib/grub/i386-efi" --prefix=/boot/grub \
        --config="$out_dir/find-medium.cfg" --output="$1" efi_gop efi_uga "${common_modules[@]}"
}

# The EFI system partition: Debian's shim, signed by Microsoft's key; its GRUB, signed by Debian's.
make_esp() {
    local lib="$out_dir/tools/usr/lib" esp="$out_dir/esp"
    rm -rf "$esp" "$1"
    mkdir -p "$esp"/{EFI/BOOT,boot/grub}
    cp "$lib/shim/shimx64.efi.signed" "$esp/EFI/BOOT/BOOTX64.EFI"
    cp "$lib/shim/mmx64.efi.signed" "$esp/EFI/BOOT/mmx64.efi"
    cp "$lib/grub/x86_64-efi-signed/gcdx64.efi.signed" "$esp/EFI/BOOT/grubx64.efi"
    make_ia32_grub "$esp/EFI/BOOT/BOOTIA32.EFI"
    # GRUB prefers this to searching all media for a Debian one, which could be somebody else's.
    cp "$out_dir/find-medium.cfg" "$esp/boot/grub/grub.cfg"
    find "$esp" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    make_fat "$1" 8M MASSHO_EFI "$esp"
}

# The partition that Windows shows, where the office puts its public key. It is the last thing on the medium, so that
# all before it stays as it was released.
make_boot_partition() {
    local stage="$out_dir/boot-partition"
    rm -rf "$stage" "$1"
    mkdir -p "$stage/massho"
    cp "$image_dir"/boot-partition/* "$stage/"
    cp "$out_dir/image.toml" "$stage/massho/"
    find "$stage" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    make_fat "$1" 4M MASSHO "$stage"
}

# make_fat IMAGE SIZE LABEL FOLDER
make_fat() {
    local entry
    truncate -s "$2" "$1"
    tool mkfs.fat --invariant -F 16 -s 1 -n "$3" "$1" >/dev/null
    for entry in "$4"/*; do
        MTOOLS_SKIP_CHECK=1 tool mcopy -s -m -Q -i "$1" "$entry" ::/
    done
}

# One file that firmware takes for a CD and, written to a stick, for a disk with an MBR: partition 1 is the ISO
# itself, partition 2 the EFI system partition, partition 3 the office's. No GPT, because some old BIOSes refuse to boot from it.
write_iso() {
    local date
    date=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y%m%d%H%M%S00)
    tool xorriso -report_about WARNING -as mkisofs -r -V MASSHO --modification-date="$date" \
        -partition_offset 16 -iso_mbr_part_type 0x17 --mbr-force-bootable \
        --grub2-mbr "$out_dir/tools/usr/lib/grub/i386-pc/boot_hybrid.img" \
        -append_partition 2 0xef "$2" -append_partition 3 0x0c "$3" -no-pad \
        -c boot/boot.cat \
        -b boot/grub/bios.img -no-emul-boot -boot-load-size 4 -boot-info-table --grub2-boot-info \
        -eltorito-alt-boot -e --interval:appended_partition_2:all:: -no-emul-boot \
        -o "$4" "$1" 2>"$out_dir/xorriso.log" || {
        cat "$out_dir/xorriso.log" >&2
        die "xorriso could not write the ISO." "Its messages are above; is the disk full?"
    }
    # The disk's signature in the MBR: Windows writes one of its own where it is zero, and the stick would no longer be
    # what was released.
    printf '%b' "$(image_name | sed 's/\(..\)\(..\)\(..\)\(..\).*/\\x\1\\x\2\\x\3\\x\4/')" |
        dd of="$4" bs=1 seek=440 conv=notrunc status=none
}
