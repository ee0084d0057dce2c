"""Captures for the tests: small input folders made of real photos, and the stage as a process."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

CONTAINERS = Path(__file__).resolve().parent.parent
CAPTURES = CONTAINERS.parent.parent / "shared" / "captures"
sys.path.insert(0, str(CONTAINERS))


def capture_photos(name: str) -> list[Path]:
    folder = CAPTURES / name / "images"
    if not folder.is_dir():
        pytest.skip(f"the capture {name} is not on this machine")
    return sorted(folder.iterdir())


class Input:
    """An input folder under construction."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.entries: list[dict[str, Any]] = []
        (folder / "manifest").mkdir(parents=True)
        (folder / "photos").mkdir()

    def add(self, file: str, data: bytes, width_px: int, height_px: int, **extra: Any) -> None:
        name = hashlib.sha256(data).hexdigest() + ".jpg"
        (self.folder / "photos" / name).write_bytes(data)
        entry = {"file": file, "object": name, "widthPx": width_px, "heightPx": height_px, "camera": "Test",
                 "focalPx": None, "orientation": 1, "gps": None, "use": True}  # fmt: skip
        self.entries.append(entry | extra)

    def add_file(self, file: str, path: Path, **extra: Any) -> None:
        with Image.open(path) as image:
            self.add(file, path.read_bytes(), *image.size, **extra)

    def write(self, pairs: list[tuple[str, str]] | None = None) -> Path:
        document = {"version": 1, "photos": self.entries, "pairs": pairs}
        (self.folder / "manifest" / "manifest.json").write_text(json.dumps(document))
        return self.folder


@pytest.fixture
def new_input(tmp_path: Path) -> Input:
    return Input(tmp_path / "in")


Start = Callable[..., "subprocess.Popen[str]"]


def start_sfm(inputs: Path, out: Path, settings: dict[str, Any] | None = None, **env: str) -> subprocess.Popen[str]:
    path = inputs.parent / "settings.json"
    path.write_text(json.dumps({"maxImageSizePx": 640, "maxFeatures": 1500} | (settings or {})))
    command = [sys.executable, str(CONTAINERS / "sfm" / "sfm.py"), "--in", str(inputs), "--out", str(out)]
    return subprocess.Popen(
        [*command, "--settings", str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=os.environ | env,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> int:
    try:
        _, stderr = process.communicate(timeout=300)
    finally:
        process.kill()
    print(stderr)
    return process.returncode


def lines_of(out: Path) -> list[dict[str, Any]]:
    path = out / "progress.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def wait_for(out: Path, step: str, done: int, within_s: float = 60) -> None:
    """Waits until `step` has counted `done`."""
    end = time.monotonic() + within_s
    while not any(line["step"] == step and line["done"] >= done for line in lines_of(out)):
        assert time.monotonic() < end, f"the stage did not reach {step} {done}"
        time.sleep(0.05)


def load(path: Path) -> Any:
    return json.loads(path.read_text())
