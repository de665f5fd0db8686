#!/usr/bin/env python3
"""A second verifier, by FORMAT.md alone: bytes, chain, signatures, close. verify.py LOG... [KEY]
Given the organisation's public key, 64 hexadecimal digits, it checks the credential too (not days and revocations)."""
import hashlib, json, re, sys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SUFFIX = re.compile(rb',"sig":"([0-9a-f]{128})"}\Z')
HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
FRAME = re.compile(r'\{"seq":(0|[1-9]\d*),"prev":"([0-9a-f]{64})","type":"([a-z-]+)","at":\{')
P, Y8 = 2**255 - 19, 0x5fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826

def insist(holds, otherwise):
    if not holds: raise ValueError(otherwise)

def check(key, domain, text, signature):
    heights = {int.from_bytes(point, "little") % 2**255 % P for point in (bytes.fromhex(key), signature[:32])}
    insist(not heights & {0, 1, P - 1, Y8, P - Y8}, "a point is of small order")
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, domain + b"\0" + text)

def once(pairs):
    insist(len({name for name, _ in pairs}) == len(pairs), "a member stands twice")
    return dict(pairs)

def whole(text):
    insist(re.fullmatch(r"0|[1-9]\d{0,9}", text) and int(text) < 2**32, f"{text} is no small whole number")
    return int(text)

def signed(line, key, domain, name, begins):
    text, suffix = line.decode("utf-8"), SUFFIX.search(line)
    insist(not HIDDEN.search(text) and suffix and re.match(begins, text), f"{name} is not one of massho's")
    members = json.loads(text, object_pairs_hook=once, parse_int=whole, parse_float=whole, parse_constant=whole)
    check(key or members["public_key"], domain, line[: suffix.start()], bytes.fromhex(suffix[1].decode()))
    return members

def verify(log, root):
    key, head, closed, (*lines, tail) = None, "0" * 64, False, log.split(b"\n")
    for number, line in enumerate(lines):
        entry, name = signed(line, key, b"massho-log-entry-v1", "the line", FRAME), f"line {number + 1}"
        belongs = entry["seq"] == number and entry["prev"] == head and (entry["type"] == "open") == (number == 0)
        insist(belongs and not closed, f"{name} does not belong there")
        insist(number or entry["format"] in ("massho-log/1", "massho-log/2", "massho-log/3"), "the format is unknown")
        key = key or entry["public_key"]
        if number == 0 and root:
            given, stick, before = entry["credential"], entry["stick"], entry["stick"]["previous"] or {"head": head}
            office = signed(given["certificate"].encode(), root, b"massho-stick-v1", "it", '{"format":"massho-stick/1",')
            claim = (entry["session"], key, str(stick["session_counter"]), before["head"], "")
            check(office["public_key"], b"massho-session-v1", "\n".join(claim).encode(), bytes.fromhex(given["signature"]))
        head, closed = hashlib.sha256(line).hexdigest(), entry["type"] == "close"
    insist(closed and not tail, "the session is not closed")
    return head

bad, (*logs, root) = 0, sys.argv[1:] if re.fullmatch("[0-9a-f]{64}", sys.argv[-1]) else [*sys.argv[1:], None]
for log in logs:
    try:
        print(log, verify(open(log, "rb").read(), root))
    except (InvalidSignature, ValueError, KeyError, TypeError) as fault:
        bad = print(log, "-", type(fault).__name__, fault) or 1
sys.exit(bad)
