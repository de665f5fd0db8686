"""sbom-check.py OUT: fails unless massho.spdx.json and licences.txt name what must be in every image, with licences."""

import json
import re
import sys
from pathlib import Path

# A package by the beginning of its name, for each thing that the image cannot be without.
EVERY_IMAGE = ["busybox", "kmscon", "linux-image-6", "systemd", "udev", "libudev1", "libc6", "firmware-intel-graphics",
               "shim-signed", "grub-efi-amd64-signed", "grub-pc-bin", "fonts-vlgothic", "rust-std", "massho", "ratatui",
               "ed25519-dalek"]


def problems(out):
    document = json.loads((out / "massho.spdx.json").read_text())
    texts = (out / "licences.txt").read_text(encoding="utf-8")
    packages = document["packages"]
    names = [package["name"] for package in packages]
    for wanted in EVERY_IMAGE:
        if not any(name.startswith(wanted) for name in names):
            yield f"{wanted} is not listed"
    references = [package["SPDXID"] for package in packages]
    if len(set(references)) != len(references):
        yield "two packages have one SPDXID"
    contained = {relation["relatedSpdxElement"] for relation in document["relationships"]}
    for package in packages:
        reference, name, version = package["SPDXID"], package["name"], package["versionInfo"]
        if reference != "SPDXRef-image" and reference not in contained:
            yield f"{name} is not said to be in the image"
        if reference.startswith("SPDXRef-deb-"):
            # Which licences hold for a Debian package is told by its copyright file.
            if f"{name} {version} (Debian)" not in texts:
                yield f"the notices of {name} are not in licences.txt"
            if not re.fullmatch("[0-9a-f]{64}", package["checksums"][0]["checksumValue"]):
                yield f"{name} has no checksum"
        elif reference.startswith(("SPDXRef-crate-", "SPDXRef-rust-")) and package["licenseDeclared"] == "NOASSERTION":
            yield f"the crate {name} has no licence"
    for line in (out / "crates.list").read_text().splitlines():
        name, version = line.split("|")[0].split(" ")[:2]
        if (name, version.removeprefix("v")) not in {(p["name"], p["versionInfo"]) for p in packages}:
            yield f"the crate {name} {version} is not listed"
    for name in sorted(set(re.findall(r"/usr/share/common-licenses/([A-Za-z0-9.+-]*[A-Za-z0-9+])", texts))):
        # As a holder it stands in a line of its own.
        if not re.search(rf"^/usr/share/common-licenses/{re.escape(name)}$", texts, re.MULTILINE):
            yield f"the text of {name}, to which a notice refers, is not in licences.txt"


def main():
    found = sorted(set(problems(Path(sys.argv[1]))))
    sys.exit("".join(f"massho.spdx.json, licences.txt: {problem}\n" for problem in found) or 0)


main()
