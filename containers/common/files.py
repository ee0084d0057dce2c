"""Files that are either whole or absent."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Marks a file that is being written; a killed stage leaves such files and the next start sweeps them.
PART_MARK = ".part"


@contextmanager
def replace_atomically(path: Path) -> Iterator[Path]:
    """Yields a temporary path (same folder, same suffix); at the end it is fsynced and renamed to `path`.

    When the block raises, the temporary file is removed and `path` stays what it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.stem}.{os.getpid()}{PART_MARK}{path.suffix}")
    try:
        yield temporary
        sync_file(temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_json(path: Path, document: Any) -> None:
    """Writes `document` as one compact JSON line, whole or not at all."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"
    with replace_atomically(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def sync_file(path: Path) -> None:
    """Forces the bytes of `path` to the disk; a disk that is full says so here at the latest."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Forces a rename in `path` to the disk. Windows cannot open folders and needs no such call."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep_parts(folder: Path) -> None:
    """Removes the temporary files that a killed attempt left anywhere below `folder`."""
    for leftover in folder.rglob(f".*{PART_MARK}*"):
        if leftover.is_file():
            leftover.unlink(missing_ok=True)


def fingerprint(path: Path) -> dict[str, int | str]:
    """The size in bytes and the sha256 (hex) of a file, as `outcome.json` lists them."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}
