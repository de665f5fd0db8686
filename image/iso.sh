# The hybrid ISO: BIOS from CD and stick, UEFI from CD and stick. Sourced.
# shellcheck shell=bash

# What GRUB needs to read this medium and show the menu in BIOS; the signed UEFI one has it all built in.
bios_modules=(biosdisk iso9660 part_msdos fat search search_fs_file normal configfile linux echo test true serial
    terminal all_video vbe video video_fb sleep reboot halt)

make_iso() {
    local iso="$out_dir/massho.iso" stage="$out_dir/iso" key id
    key=$SOURCE_DATE_EPOCH-$(hash_of "$image_dir/grub" "$image_dir/iso.sh" "$out_dir/initramfs.zst" "$out_dir/vmlinuz" \
        "$out_dir/image.toml" "$out_dir/tools.stamp")
    fresh "$iso" "$key" && return
    say "writing the ISO"
    rm -rf "$stage" "$iso" "$iso.stamp"
    mkdir -p "$stage"/{.disk,boot/grub,massho}
    cp "$out_dir/vmlinuz" "$out_dir/initramfs.zst" "$stage/boot/"
    cp "$image_dir/grub/grub.cfg" "$stage/boot/grub/"
    # By this file the program knows any massho boot stick, of whatever version.
    cp "$out_dir/image.toml" "$stage/massho/"
    # The signed GRUB looks for this one.
    echo massho >"$stage/.disk/info"
    id=${key##*-}
    id=${id:0:16}
    touch "$stage/.disk/massho-$id"
    sed "s|@MARKER@|/.disk/massho-$id|" "$image_dir/grub/find-medium.cfg" >"$out_dir/find-medium.cfg"
    make_bios_grub "$stage/boot/grub/bios.img"
    make_esp "$out_dir/esp.img"
    # For those who copy the files onto a FAT stick instead of writing the image.
    cp -r "$out_dir/esp/EFI" "$stage/"
    find "$stage" "$out_dir/esp.img" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    write_iso "$stage" "$out_dir/esp.img" "$iso"
    mark_fresh "$iso" "$key"
}

make_bios_grub() {
    local modules="$out_dir/tools/usr/lib/grub/i386-pc"
    tool grub-mkimage --format=i386-pc-eltorito --directory="$modules" --prefix=/boot/grub \
        --config="$out_dir/find-medium.cfg" --output="$1" "${bios_modules[@]}"
}

# The EFI system partition: Debian's shim, signed by Microsoft's key; its GRUB, signed by Debian's.
make_esp() {
    local lib="$out_dir/tools/usr/lib" esp="$out_dir/esp" folder
    rm -rf "$esp" "$1"
    mkdir -p "$esp"/{EFI/BOOT,boot/grub}
    cp "$lib/shim/shimx64.efi.signed" "$esp/EFI/BOOT/BOOTX64.EFI"
    cp "$lib/shim/mmx64.efi.signed" "$esp/EFI/BOOT/mmx64.efi"
    cp "$lib/grub/x86_64-efi-signed/gcdx64.efi.signed" "$esp/EFI/BOOT/grubx64.efi"
    # GRUB prefers this to searching all media for a Debian one, which could be somebody else's.
    cp "$out_dir/find-medium.cfg" "$esp/boot/grub/grub.cfg"
    find "$esp" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    truncate -s 8M "$1"
    tool mkfs.fat --invariant -F 16 -s 1 -n MASSHO_EFI "$1" >/dev/null
    for folder in EFI boot; do
        MTOOLS_SKIP_CHECK=1 tool mcopy -s -m -Q -i "$1" "$esp/$folder" ::/
    done
}

# One file that firmware takes for a CD and, written to a stick, for a disk with an MBR: partition 1 is the ISO
# itself, partition 2 the EFI system partition. No GPT, because some old BIOSes refuse to boot from it.
write_iso() {
    local date
    date=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y%m%d%H%M%S00)
    tool xorriso -report_about WARNING -as mkisofs -r -V MASSHO --modification-date="$date" \
        -partition_offset 16 -iso_mbr_part_type 0x17 --mbr-force-bootable \
        --grub2-mbr "$out_dir/tools/usr/lib/grub/i386-pc/boot_hybrid.img" \
        -append_partition 2 0xef "$2" \
        -c boot/boot.cat \
        -b boot/grub/bios.img -no-emul-boot -boot-load-size 4 -boot-info-table --grub2-boot-info \
        -eltorito-alt-boot -e --interval:appended_partition_2:all:: -no-emul-boot \
        -o "$3" "$1" 2>"$out_dir/xorriso.log" || {
        cat "$out_dir/xorriso.log" >&2
        die "xorriso could not write the ISO." "Its messages are above; is the disk full?"
    }
}
