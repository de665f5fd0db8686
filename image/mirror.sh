# Where Debian's packages come from: wherever the host's own apt gets them. Sourced.
# shellcheck shell=bash

suite=trixie
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# host_mirror PATTERN: the first archive of the host's apt configuration that matches. The address is all that is
# matched, because a host whose lists were never fetched knows no labels yet.
host_mirror() {
    local uri
    while read -r uri; do
        # Cloud images name a file that holds the addresses.
        [[ $uri == mirror+file:* ]] && uri=$(awk '/^[a-z]/ {print $1; exit}' "${uri#mirror+file:}")
        uri="${uri%/}/"
        if [[ $uri =~ $1 ]]; then
            printf '%s\n' "$uri"
            return
        fi
    done < <(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | awk '!seen[$0]++')
}

main_mirror() {
    local uri=${MASSHO_MIRROR:-$(host_mirror '/debian/$')}
    [[ -n $uri ]] || die "No Debian mirror in this host's apt configuration." \
        "Set MASSHO_MIRROR to the address of one (it ends in /debian/)."
    printf '%s\n' "$uri"
}

security_mirror() { printf '%s\n' "${MASSHO_SECURITY_MIRROR:-$(host_mirror '/debian-security/$')}"; }

# The archives as apt sources. Backports is there for kmscon alone (see trees.sh), non-free-firmware for what graphics
# chips load.
sources() {
    local main security part
    # A snapshot of an archive is old by its own account; its signatures count all the same.
    local old=' check-valid-until=no' main_is security_is
    main_is="signed-by=$keyring${MASSHO_MIRROR:+$old}"
    security_is="signed-by=$keyring${MASSHO_SECURITY_MIRROR:+$old}"
    main=$(main_mirror)
    security=$(security_mirror)
    for part in "$suite main non-free-firmware" "$suite-updates main non-free-firmware" "$suite-backports main"; do
        printf 'deb [%s] %s %s\n' "$main_is" "$main" "$part"
    done
    if [[ -n $security ]]; then
        printf 'deb [%s] %s %s-security main non-free-firmware\n' "$security_is" "$security" "$suite"
    else
        say "No security archive in this host's apt configuration: building without its updates."
    fi
}

# mmdebstrap's apt does not read the host's configuration, a proxy included.
proxy_options() {
    local proxy=
    eval "$(apt-config shell proxy Acquire::http::Proxy)"
    [[ -z $proxy ]] || printf '%s\n' "--aptopt=Acquire::http::Proxy \"$proxy\";"
}
