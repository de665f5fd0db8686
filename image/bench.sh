#!/usr/bin/env bash
# How long the start takes, in the same QEMU and by the kernel's own clock: a bare busybox /init, which is the least
# that this kernel can do, and the appliance's first screen, the PC's own one; what memory is left by then, by the
# program's own look at /proc/meminfo, in a PC with 512 MB; and how large the image is. A JSON line per figure; where
# there is a limit it says so, and whether the figure keeps it. Exit status 1: one does not.
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
    screen_runs+=("$(kernel_seconds "$out_dir/initramfs.zst" 'massho: first screen on kmscon, .* available')")
done
best() { printf '%s\n' "$@" | sort -n | head -n1; }
bare_seconds=$(best "${bare_runs[@]}")
screen_seconds=$(best "${screen_runs[@]}")

broken=0
# figure NAME VALUE UNIT [LIMIT [AGAINST RATIO]]: a LIMIT with < is the most that the figure may be (the ratio, where
# there is one), with > the least
figure() {
    local limit=null ok=null against=null ratio=null measured=$2
    [[ -z ${5:-} ]] || { against="\"$5\"" ratio=$6 measured=$6; }
    if [[ -n ${4:-} ]]; then
        limit="\"$4\"" ok=true
        awk -v measured="$measured" -v limit="${4#[<>]}" -v most="$([[ $4 == '<'* ]] && echo 1 || echo 0)" \
            'BEGIN { exit !(most ? measured <= limit : measured >= limit) }' || { ok=false broken=1; }
    fi
    printf '{"name":"%s","value":%s,"unit":"%s","against":%s,"ratio":%s,"limit":%s,"ok":%s}\n' \
        "$1" "$2" "$3" "$against" "$ratio" "$limit" "$ok"
}

megabytes_of() { awk -v bytes="$(stat -c %s "$1")" 'BEGIN { printf "%.1f", bytes / 1e6 }'; }
ratio=$(awk -v bare="$bare_seconds" -v screen="$screen_seconds" 'BEGIN { printf "%.2f", screen / bare }')
# The first screen came in 512 MB, or this line would not be reached. What is left has to do for the most that a
# prepared stick's passphrase may take, 128 MiB.
available=$(sed -n 's/.*massho: first screen on kmscon, \([0-9]*\) kB of .*/\1/p' "$out_dir/bench.log" | head -n1)
[[ -n $available ]] || die "The program did not say how much memory is left." "See $out_dir/bench.log."

figure start-bare-init "$(printf %.2f "$bare_seconds")" s
figure start-first-screen "$(printf %.2f "$screen_seconds")" s '<3' start-bare-init "$ratio"
figure memory-left-of-512-MB "$(awk -v kilobytes="$available" 'BEGIN { printf "%.0f", kilobytes * 1024 / 1e6 }')" MB '>135'
figure image-size "$(megabytes_of "$out_dir/massho.iso")" MB "<$size_limit"
figure initramfs-size "$(megabytes_of "$out_dir/initramfs.zst")" MB
figure modules "$(wc -l <"$out_dir/modules.list")" modules
exit "$broken"
