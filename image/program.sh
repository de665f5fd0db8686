# The program, linked against the image's libraries, and what the image says of itself. Sourced.
# shellcheck shell=bash

target=x86_64-unknown-linux-gnu
built_program="$out_dir/cargo/$target/release/massho"

# Its own target folder: the flags differ from a developer's build, and would make each undo the other.
build_program() {
    local sysroot="$out_dir/sysroot" link=
    # gcc takes a sysroot apart at its blanks, finds nothing there, and links with the host's libraries without a word.
    if [[ $sysroot == *[[:space:]]* ]]; then
        link=$(mktemp -d)
        ln -s "$sysroot" "$link/sysroot"
        sysroot="$link/sysroot"
    fi
    local flags=("-Clink-arg=--sysroot=$sysroot"
        # Paths of this host would make the program differ from one checkout to the next.
        "--remap-path-prefix=$repo_dir=/massho" "--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo")
    say "building the program"
    # Of cargo's ways to be given flags, this one wins over all others, and takes paths with spaces.
    (
        cd "$repo_dir"
        PKG_CONFIG_SYSROOT_DIR="$sysroot" \
            PKG_CONFIG_LIBDIR="$sysroot/usr/lib/$triplet/pkgconfig:$sysroot/usr/share/pkgconfig" \
            PKG_CONFIG_ALLOW_CROSS=1 \
            CARGO_ENCODED_RUSTFLAGS="$(IFS=$'\x1f' && printf '%s' "${flags[*]}")" \
            CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER=gcc \
            CFLAGS_x86_64_unknown_linux_gnu="--sysroot=$sysroot" \
            cargo build --quiet --locked --release --package massho --target "$target" --target-dir "$out_dir/cargo"
    ) || die "The program was not built." "Mend what cargo reports above."
    [[ -z $link ]] || rm -r "$link"
}

# What the appliance reports of itself, and what marks a medium as a massho boot stick.
write_image_toml() {
    local version commit
    version=$(sed -n '/^\[workspace.package\]/,/^\[/ s/^version *= *"\(.*\)"/\1/p' "$repo_dir/Cargo.toml")
    commit=$(git -C "$repo_dir" describe --always --dirty --abbrev=12 2>/dev/null || echo unknown)
    {
        printf 'version = "%s"\ncommit = "%s"\n' "$version" "$commit"
        printf '# Whether every Debian package is the one that image/packages/lock names.\n'
        printf 'packages = "%s"\n\n# Versions of the Debian packages.\n[debian]\n' "$(lock_state)"
        printf '"linux-image-amd64" = "%s"\n' "$(package_version root linux-image-amd64)"
        local package
        for package in udev kmscon busybox libc6; do
            printf '%s = "%s"\n' "$package" "$(package_version root "$package")"
        done
        for package in shim-signed grub-efi-amd64-signed grub-efi-ia32-bin grub-pc-bin; do
            printf '"%s" = "%s"\n' "$package" "$(package_version tools "$package")"
        done
    } >"$out_dir/own.toml"
}
