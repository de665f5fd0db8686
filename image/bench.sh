#!/usr/bin/env bash
# How long the start takes, in the same QEMU and by the kernel's own clock: a bare busybox /init, which is the least that
# this kernel can do, and the appliance's first screen. A JSON line per figure.
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
    local log="$out_dir/bench.log" pid waited=0 second
    rm -f "$log"
    qemu-system-x86_64 -accel tcg,thread=multi -cpu max -smp 2 -m 512 -machine q35 -vga std -display none -monitor none \
        -nic none -kernel "$out_dir/vmlinuz" -initrd "$1" -append 'console=tty0 console=ttyS0,115200 loglevel=7' \
        -serial "file:$log" &
    pid=$!
    until grep -aq "$2" "$log" 2>/dev/null || ((waited++ == 600)); do sleep 0.2; done
    kill "$pid"
    wait "$pid" 2>/dev/null || true
    second=$(sed -n "s/.*\[ *\([0-9.]*\)\] $2.*/\1/p" "$log" | head -n1)
    [[ -n $second ]] || die "The start did not come to \"$2\" within 120 seconds." "See $log."
    printf '%s\n' "$second"
}

# The best of three: what disturbs a run only makes it longer.
best() { for _ in 1 2 3; do kernel_seconds "$@"; done | sort -n | head -n1; }

bare_seconds=$(best "$out_dir/bare.zst" 'massho: bare init runs')
screen_seconds=$(best "$out_dir/initramfs.zst" 'massho: first screen')
awk -v bare="$bare_seconds" -v screen="$screen_seconds" 'BEGIN {
    printf "{\"name\":\"start-bare-init\",\"value\":%.2f,\"unit\":\"s\",\"against\":null,\"ratio\":null}\n", bare
    printf "{\"name\":\"start-first-screen\",\"value\":%.2f,\"unit\":\"s\",\"against\":\"start-bare-init\",\"ratio\":%.2f}\n", screen, screen / bare
}'
