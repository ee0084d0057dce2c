"""For which GPUs a library holds machine code: read from the fat binaries in it, without a driver or NVIDIA's tools."""

from __future__ import annotations

import struct
from pathlib import Path

# A container's first words (magic, version, length of the header, length of what follows) and an entry's (kind,
# version, lengths of header, content and packed content, a word, minor and major of the format, architecture). NVIDIA
# documents neither; the image's checks hold what is read so against cuobjdump's list.
CONTAINER, ENTRY = struct.Struct("<IHHQ"), struct.Struct("<HHIQIIHHI")
MAGIC, MACHINE_CODE = struct.pack("<IHH", 0xBA55ED50, 1, CONTAINER.size), 2


def architectures(library: Path) -> list[int]:
    """The architectures, 75 for compute capability 7.5, in order."""
    data = library.read_bytes()
    found: set[int] = set()
    at = data.find(MAGIC)
    while at >= 0:
        found |= _of_container(data, at)
        at = data.find(MAGIC, at + CONTAINER.size)
    return sorted(found)


def _of_container(data: bytes, at: int) -> set[int]:
    found = set()
    end = at + CONTAINER.size + CONTAINER.unpack_from(data, at)[3]
    at += CONTAINER.size
    while at + ENTRY.size <= min(end, len(data)):
        kind, _, header, content, *_, architecture = ENTRY.unpack_from(data, at)
        if kind == MACHINE_CODE:
            found.add(architecture)
        at += max(header + content, ENTRY.size)
    return found


def runs(architectures: list[int], major: int, minor: int) -> bool:
    """Whether a GPU of this capability runs code of one of `architectures`: of its own major number, and none newer."""
    return any(10 * major <= each <= 10 * major + minor for each in architectures)
