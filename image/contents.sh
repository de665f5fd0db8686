# What the image is called, and what is in it. Sourced.
# shellcheck shell=bash

# The name of this very image: a hash of all that runs. The boot loader gives it to the kernel, whose options stand in
# every log, and the medium carries it in image.toml, by which the program finds the stick that it was started from.
name_image() {
    local name
    name=$(cat "$out_dir/vmlinuz" "$out_dir/initramfs.zst" | sha256sum | cut -c1-32)
    {
        printf 'image = "%s"\n' "$name"
        cat "$out_dir/own.toml"
    } >"$out_dir/image.toml"
}

image_name() { sed -n 's/^image = "\(.*\)"/\1/p' "$out_dir/image.toml"; }

# target/image/massho.spdx.json and licences.txt
list_contents() {
    local list="$out_dir/licences.txt" key
    rustc -vV >"$out_dir/rustc.txt"
    key=$SOURCE_DATE_EPOCH-$(hash_of "$image_dir"/sbom{,-check}.py "$image_dir/contents.sh" "$out_dir/image.toml" \
        "$repo_dir/Cargo.lock" "$out_dir/rustc.txt" "$out_dir/initramfs.zst.stamp")
    fresh "$list" "$key" && return
    say "listing what is in it"
    (
        cd "$repo_dir"
        cargo tree --quiet --locked --package massho --edges normal --target "$target" --prefix none --no-dedupe \
            --format '{p}|{l}' >"$out_dir/crates.list"
        cargo metadata --quiet --locked --format-version 1 --filter-platform "$target" >"$out_dir/crates.json"
    )
    copy_rust_notice
    python "$image_dir/sbom.py" "$out_dir"
    python "$image_dir/sbom-check.py" "$out_dir" ||
        die "The list of what is in the image lacks what is named above." "Look at image/sbom.py, or add its package."
    mark_fresh "$list" "$key"
}

# The notices of Rust's standard library, where the toolchain brings them: rustup's does.
copy_rust_notice() {
    local notice
    notice="$(rustc --print sysroot)/share/doc/rust/COPYRIGHT-library.html"
    rm -f "$out_dir/rust-copyright.html"
    if [[ -e $notice ]]; then
        cp "$notice" "$out_dir/rust-copyright.html"
    else
        say "this Rust comes without the notices of its standard library, so licences.txt has none"
    fi
}
