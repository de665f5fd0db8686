"""sbom.py OUT: what is in the image, as SPDX 2.3, and all licences' texts.

Reads from the image's output folder which files of which Debian packages got into the initramfs and onto the medium,
and from cargo and rustc which crates and which standard library the program is made of. Writes massho.spdx.json and
licences.txt.
"""

import hashlib
import html
import json
import os
import re
import sys
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import quote

# Copied onto the medium itself, out of the tools tree.
BOOT_LOADERS = ["shim-signed", "grub-efi-amd64-signed", "grub-efi-ia32-bin", "grub-pc-bin"]
# Whose outlines the screen's font is made of.
FONTS = ["fonts-vlgothic", "fonts-dejavu-core", "fonts-dejavu-mono"]
# Where Debian's copyright files send their readers for the text of a licence; a full stop may end the sentence.
COMMON = re.compile(r"/usr/share/common-licenses/([A-Za-z0-9.+-]*[A-Za-z0-9+])")
# As Debian itself has the file; one copyright file of its packages spells it otherwise.
MISSPELT = {"GPL2": "GPL-2"}
LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice|unlicense)", re.IGNORECASE)


def debian_packages(out):
    """The packages of which something is in the image: (tree, name, version, architecture, sha256)."""
    stage = out / "initramfs"
    # Modules and firmware are compressed there.
    inside = {str(path.relative_to(stage)).removesuffix(".zst") for path in stage.rglob("*")
              if path.is_file() and not path.is_symlink()}
    used = {("root", name) for name in FONTS + ["linux-image-amd64"]}
    used |= {("tools", name) for name in BOOT_LOADERS}
    for line in (out / "root/usr/share/massho/files").read_text().splitlines():
        name, path = line.split(" ", 1)
        # The package has the kernel's modules compressed, too.
        if path in inside or path.removesuffix(".xz") in inside or path.startswith("usr/boot/vmlinuz"):
            used.add(("root", name))
    for tree in ("root", "tools"):
        for line in (out / tree / "usr/share/massho/packages").read_text().splitlines():
            name, version, architecture, sha256 = line.split()
            if (tree, name) in used:
                yield tree, name, version, architecture, sha256


def crates(out):
    """The crates of the program: (name, version, licence, folder)."""
    about = json.loads((out / "crates.json").read_text())
    folders = {(p["name"], p["version"]): Path(p["manifest_path"]).parent for p in about["packages"]}
    for line in sorted(set((out / "crates.list").read_text().splitlines())):
        package, _, licence = line.partition("|")
        name, version = package.split(" ")[:2]
        version = version.removeprefix("v")
        yield name, version, licence, folders[name, version]


def rust_version(out):
    """The compiler's version, which is its standard library's."""
    return re.search(r"^release: (\S+)$", (out / "rustc.txt").read_text(), re.MULTILINE).group(1)


def spdx(out, epoch, image):
    created = datetime.fromtimestamp(epoch, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    packages, relations = [], []

    def add(reference, **about):
        packages.append({"SPDXID": reference, "filesAnalyzed": False, "copyrightText": "NOASSERTION",
                         "licenseConcluded": "NOASSERTION", **about})
        if reference != "SPDXRef-image":
            relations.append({"spdxElementId": "SPDXRef-image", "relationshipType": "CONTAINS",
                              "relatedSpdxElement": reference})

    def purl(locator):
        return [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": locator}]

    add("SPDXRef-image", name="massho", versionInfo=image["version"], downloadLocation="NOASSERTION",
        licenseDeclared="NOASSERTION", sourceInfo=f"built from commit {image['commit']}")
    for tree, name, version, architecture, sha256 in sorted(debian_packages(out)):
        add(f"SPDXRef-deb-{tree}-{re.sub('[^A-Za-z0-9.-]', '-', name)}", name=name, versionInfo=version,
            supplier="Organization: Debian", downloadLocation="NOASSERTION", licenseDeclared="NOASSERTION",
            checksums=[{"algorithm": "SHA256", "checksumValue": sha256}],
            externalRefs=purl(f"pkg:deb/debian/{quote(name)}@{quote(version, safe='')}?arch={architecture}"))
    for name, version, licence, _ in crates(out):
        add(f"SPDXRef-crate-{name.replace('_', '-')}-{version.replace('+', '-')}", name=name, versionInfo=version,
            downloadLocation="NOASSERTION", licenseDeclared=licence.replace("/", " OR ") or "NOASSERTION",
            externalRefs=purl(f"pkg:cargo/{name}@{quote(version, safe='')}"))
    rust = rust_version(out)
    add("SPDXRef-rust-std", name="rust-std", versionInfo=rust, downloadLocation="NOASSERTION",
        licenseDeclared="MIT OR Apache-2.0", externalRefs=purl(f"pkg:generic/rust-std@{rust}"))
    listed = json.dumps(packages, sort_keys=True).encode()
    return {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "massho image",
            "documentNamespace": f"urn:massho:sbom:{hashlib.sha256(listed).hexdigest()}",
            "creationInfo": {"created": created, "creators": ["Tool: massho image build"]},
            "documentDescribes": ["SPDXRef-image"], "packages": packages, "relationships": relations}


def licences(out):
    """Every notice once, with all that it holds for."""
    holders = {}

    def take(holder, path):
        text = path.read_text(encoding="utf-8", errors="replace").strip()
        if text and holder not in holders.setdefault(text, []):
            holders[text].append(holder)

    for tree, name, version, *_ in sorted(debian_packages(out)):
        path = out / tree / "usr/share/doc" / name / "copyright"
        if path.exists():
            take(f"{name} {version} (Debian)", path)
    for name, version, licence, folder in crates(out):
        for path in sorted(folder.iterdir()):
            if path.is_file() and LICENCE_FILE.search(path.name):
                take(f"{name} {version} ({licence})", path)
    notice = out / "rust-copyright.html"
    if notice.exists():
        text = html.unescape(re.sub(r"<[^>]*>", "", notice.read_text(encoding="utf-8")))
        holders.setdefault(re.sub(r"\n\s*\n+", "\n\n", text).strip(), []).append(f"rust-std {rust_version(out)}")
    for name in sorted({name for text in holders for name in COMMON.findall(text)}):
        take(f"/usr/share/common-licenses/{name}", out / "root/usr/share/common-licenses" / MISSPELT.get(name, name))
    rule = "=" * 78
    return "".join(f"{rule}\n{chr(10).join(names)}\n{rule}\n\n{text}\n\n" for text, names in holders.items())


def main():
    out = Path(sys.argv[1])
    image = dict(re.findall(r'^(\w+) = "(.*)"$', (out / "image.toml").read_text().split("[debian]")[0], re.MULTILINE))
    document = spdx(out, int(os.environ["SOURCE_DATE_EPOCH"]), image)
    (out / "massho.spdx.json").write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    (out / "licences.txt").write_text(licences(out), encoding="utf-8")


main()
