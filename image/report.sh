# What was built, in figures; how long it takes to start, measured in QEMU where there is one. Sourced.
# shellcheck shell=bash

report() {
    local iso="$out_dir/massho.iso" archive="$out_dir/initramfs.zst"
    printf '%s\n' "$iso"
    printf '  ISO                   %6.1f MB   sha256 %s\n' "$(megabytes "$iso")" "$(sha256sum <"$iso" | cut -c1-64)"
    printf '  initramfs             %6.1f MB   %s MB unpacked\n' "$(megabytes "$archive")" "$(du -sm "$out_dir/initramfs" | cut -f1)"
    printf '  kernel modules        %6d\n' "$(wc -l <"$out_dir/modules.list")"
    printf '  firmware files        %6d\n' "$(wc -l <"$out_dir/firmware.list")"
    report_lock
    [[ -z ${MASSHO_BOOT_TIME:-} ]] || report_boot_time
}

report_lock() {
    printf '  Debian packages         %s\n' "$(lock_state)"
    [[ $(lock_state) == locked ]] || {
        say "unlocked: the archive has other versions than image/packages/lock (<), so the image has these (>):"
        cat "$out_dir/lock.differences" >&2
    }
}

megabytes() { awk -v bytes="$(stat -c %s "$1")" 'BEGIN { print bytes / 1e6 }'; }

# Boots kernel and initramfs without a boot loader and reads the kernel's own clock off its messages.
report_boot_time() {
    command -v qemu-system-x86_64 >/dev/null || {
        say "no QEMU on this host: the start is not measured"
        return
    }
    local log="$out_dir/boot-time.log" pid waited=0
    qemu-system-x86_64 -accel tcg,thread=multi -cpu max -m 512 -machine q35 -vga std -display none -monitor none \
        -kernel "$out_dir/vmlinuz" -initrd "$archive" -append 'console=ttyS0,115200 loglevel=7' \
        -serial "file:$log" &
    pid=$!
    until grep -aq 'massho: program starts on kmscon' "$log" 2>/dev/null || ((waited++ == 120)); do sleep 1; done
    kill "$pid"
    wait "$pid" 2>/dev/null || true
    boot_second 'kernel start to /init' 'massho: init runs' "$log"
    boot_second '... to program, serial' 'massho: program starts on serial' "$log"
    boot_second '... to program, screen' 'massho: program starts on kmscon' "$log"
}

# boot_second LABEL MESSAGE LOG
boot_second() {
    local second
    second=$(sed -n "s/.*\[ *\([0-9.]*\)\] $2.*/\1/p" "$3" | head -n1)
    if [[ -n $second ]]; then
        printf '  %-23s %4.1f s    under TCG\n' "$1" "$second"
    else
        printf '  %-23s not reached within 120 s\n' "$1"
    fi
}
