#!/usr/bin/env bash
# How long the start takes, in the same QEMU and by the kernel's own clock: a bare busybox /init, which is the least that
# this kernel can do, and the appliance's first screen, the PC's own one. A JSON line per figure.
. "$(dirname "$0")/lib.sh"

# The image's initramfs for one, the smallest there can be for the other.
bare="$out_dir/bare"
rm -rf "$bare"
mkdir -p "$bare"/{bin,dev,proc}
cp "$out_dir/root/usr/bin/busybox" "$bare/bin/"
for path in lib64/ld-linux-x86-64.so.2 "lib/$triplet/libc.so.6" "lib/$triplet/libresolv.so.2"; do
    install -D "$out_dir/root/usr/$path" "$bare/$path"
done
cat >"$bare/init" <<'INIT'
#!/bin/busybox sh
/bin/busybox mount -t devtmpfs dev /dev
echo "<6>massho: bare init runs" >/dev/kmsg
while :; do /bin/busybox sleep 60; done
INIT
chmod +x "$bare/init"
(cd "$bare" && find . -print0 | sort -z | tool cpio --null --create --format=newc --quiet) | tool zstd -q -19 -f -o "$out_dir/bare.zst"

# kernel_seconds INITRAMFS MESSAGE: boots, and prints the second at which the kernel's log has the message
kernel_seconds() {
    local log="$out_dir/bench.log" second
    for _ in 1 2 3; do
        boot "$1" "$2" "$log"
        second=$(sed -n "s/.*\[ *\([0-9.]*\)\] $2.*/\1/p" "$log" | head -n1)
        [[ -z $second ]] || break
        # Emulated CPUs trip now and then over a kernel that patches its own code while it starts.
        grep -aq 'Kernel panic' "$log" || break
    done
    [[ -n $second ]] || die "The start did not come to \"$2\" within 120 seconds." "See $log."
    printf '%s\n' "$second"
}

# boot INITRAMFS MESSAGE LOG: until the message, or a panic, is in the log
boot() {
    local pid waited=0
    rm -f "$3"
    qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m 512 -machine q35 -vga std -display none -monitor none \
        -nic none -kernel "$out_dir/vmlinuz" -initrd "$1" -append 'console=tty0 console=ttyS0,115200 loglevel=7' \
        -serial "file:$3" 2>"$3.qemu" &
    pid=$!
    until grep -aqE "$2|Kernel panic" "$3" 2>/dev/null || ((waited++ == 600)); do sleep 0.2; done
    kill "$pid" || true
    wait "$pid" || true
}

# The best of five, the two by turns: what disturbs a run only makes it longer.
bare_runs=() screen_runs=()
for _ in 1 2 3 4 5; do
    bare_runs+=("$(kernel_seconds "$out_dir/bare.zst" 'massho: bare init runs')")
    screen_runs+=("$(kernel_seconds "$out_dir/initramfs.zst" 'massho: first screen on kmscon')")
done
best() { printf '%s\n' "$@" | sort -n | head -n1; }
bare_seconds=$(best "${bare_runs[@]}")
screen_seconds=$(best "${screen_runs[@]}")
awk -v bare="$bare_seconds" -v screen="$screen_seconds" 'BEGIN {
    printf "{\"name\":\"start-bare-init\",\"value\":%.2f,\"unit\":\"s\",\"against\":null,\"ratio\":null}\n", bare
    printf "{\"name\":\"start-first-screen\",\"value\":%.2f,\"unit\":\"s\",\"against\":\"start-bare-init\",\"ratio\":%.2f}\n", screen, screen / bare
}'
