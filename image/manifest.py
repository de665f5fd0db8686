"""manifest.py OUT: the release manifest, by which a boot stick is compared with the image that was released.

Writes massho.manifest.json. `fixed` is all that lies before the organisation's partition: nothing there ever changes,
but for four bytes that Windows may write (`disk_signature`). `files` are what a stick has that the files were copied to.
"""

import hashlib
import json
import re
import struct
import sys
from pathlib import Path

ORGANISATION_TYPE = 0x0C
DISK_SIGNATURE = slice(440, 444)


def main():
    out = Path(sys.argv[1])
    image = (out / "massho.iso").read_bytes()
    # MBR: four entries of 16 bytes from 446; the type at 4, first sector and count as 32 bits at 8 and 12.
    entries = [image[at:at + 16] for at in range(446, 510, 16)]
    (organisation,) = [entry for entry in entries if entry[4] == ORGANISATION_TYPE]
    first, count = struct.unpack_from("<II", organisation, 8)
    about = dict(re.findall(r'^(\w+) = "(.*)"$', (out / "image.toml").read_text().split("[debian]")[0], re.MULTILINE))
    stage = out / "iso"
    manifest = {
        "format": "massho-image/1",
        **{name: about[name] for name in ("version", "commit", "packages", "image")},
        "file": {"len": len(image), "sha256": hashlib.sha256(image).hexdigest()},
        "fixed": {"len": first * 512, "sha256": hashlib.sha256(image[:first * 512]).hexdigest(),
                  "disk_signature": image[DISK_SIGNATURE].hex()},
        "partition": {"first": first * 512, "len": count * 512},
        "files": [{"path": path.relative_to(stage).as_posix(), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
                  for path in sorted(stage.rglob("*")) if path.is_file()],
    }
    (out / "massho.manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")


main()
