#!/usr/bin/env python3
"""A second verifier, by FORMAT.md alone: bytes, chain, signatures, close (steps 1 to 6; not the meaning)."""
import hashlib, json, re, sys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

DOMAIN, SUFFIX = b"massho-log-entry-v1\0", re.compile(rb',"sig":"([0-9a-f]{128})"}\Z')
HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
FRAME = re.compile(r'\{"seq":(0|[1-9]\d*),"prev":"([0-9a-f]{64})","type":"([a-z]+)","at":\{')


class Fault(Exception):
    pass


def once(pairs):
    if len({name for name, _ in pairs}) < len(pairs):
        raise Fault("a member stands twice")
    return dict(pairs)


def integer(text):
    if not 0 <= int(text) < 2**32:
        raise Fault("a number is too large or negative")
    return int(text)


def refuse(text):
    raise Fault("a number is no integer")


def verify(log):
    *lines, tail = log.split(b"\n")
    key, head, closed = None, "0" * 64, False
    for number, line in enumerate(lines):
        if closed:
            raise Fault(f"line {number + 1} stands after close")
        text, suffix = line.decode("utf-8"), SUFFIX.search(line)
        frame = FRAME.match(text)
        if HIDDEN.search(text) or not suffix or not frame:
            raise Fault(f"line {number + 1} is not an entry")
        entry = json.loads(text, object_pairs_hook=once, parse_int=integer, parse_float=refuse, parse_constant=refuse)
        if key is None:
            if entry["type"] != "open" or entry["format"] != "massho-log/1":
                raise Fault("the first entry is not one of massho-log/1")
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(entry["public_key"]))
        key.verify(bytes.fromhex(suffix[1].decode()), DOMAIN + line[: suffix.start()])
        if entry["seq"] != number or entry["prev"] != head:
            raise Fault(f"line {number + 1} is missing its predecessor")
        head, closed = hashlib.sha256(line).hexdigest(), entry["type"] == "close"
    if tail or not closed:
        raise Fault("the session is not closed")
    return head


try:
    print(verify(open(sys.argv[1], "rb").read()))
except (Fault, InvalidSignature, ValueError, KeyError) as fault:
    sys.exit(f"{sys.argv[1]}: {type(fault).__name__} {fault}")
