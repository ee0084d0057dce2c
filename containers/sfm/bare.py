"""Image files without their metadata, pixels untouched: what COLMAP's reader never sees cannot abort it."""

from __future__ import annotations

import struct

JPEG_START, PNG_START = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"

# APP14 (Adobe) says how colours are coded, so it stays; the other APPn and comments go.
DROPPED_MARKERS = {0xFE, *(0xE0 + n for n in range(16) if n != 14)}
START_OF_SCAN = 0xDA

# The chunks without which a PNG has other pixels.
KEPT_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}


def bare_jpeg(data: bytes) -> bytes:
    """Copies a JPEG segment by segment up to the first scan, leaving metadata out. Raises ValueError if it is none."""
    if not data.startswith(JPEG_START):
        raise ValueError("not a JPEG")
    kept, at = [JPEG_START], 2
    while True:
        if at + 4 > len(data) or data[at] != 0xFF:
            raise ValueError("a damaged JPEG header")
        if data[at + 1] == 0xFF:  # A fill byte.
            at += 1
            continue
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        if data[at + 1] == START_OF_SCAN:
            return b"".join([*kept, data[at:]])
        if data[at + 1] not in DROPPED_MARKERS:
            kept.append(data[at:end])
        at = end


def bare_png(data: bytes) -> bytes:
    """Copies a PNG chunk by chunk, leaving metadata out. Raises ValueError if it is none."""
    if not data.startswith(PNG_START):
        raise ValueError("not a PNG")
    kept, at = [PNG_START], len(PNG_START)
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind in KEPT_CHUNKS:
            kept.append(data[at : at + 12 + length])
        at += 12 + length
    return b"".join(kept)
