"""What the tests of this room share: import paths, and a small capture that the engine itself has drawn."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOM = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOM), str(ROOM.parent)]

WIDTH, HEIGHT, FOCAL = 96, 72, 90.0
PHOTOS = 13


@dataclass
class Capture:
    """A stage's input folder, and a way to start the stage on it."""

    inputs: Path
    folder: Path

    def command(self, out: Path, settings: dict[str, object]) -> list[str]:
        """The command line of a start; writes the settings file."""
        file = self.folder / f"{out.name}.json"
        file.write_text(json.dumps(settings))
        flags = ["--in", str(self.inputs), "--out", str(out), "--settings", str(file)]
        return [sys.executable, str(ROOM / "train.py"), *flags]

    def run(self, out: Path, settings: dict[str, object]) -> subprocess.CompletedProcess[str]:
        """Runs the stage to its end."""
        return subprocess.run(self.command(out, settings), capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="session")
def capture(tmp_path_factory: pytest.TempPathFactory) -> Capture:
    """13 photos of a textured ground of Gaussians, drawn by the engine, with a sparse model in COLMAP's form."""
    from cpu_engine import CpuEngine

    from engine import Camera, State

    folder = tmp_path_factory.mktemp("capture")
    inputs = folder / "in"
    (inputs / "sfm/sparse/0").mkdir(parents=True)
    (inputs / "sfm/images/sub").mkdir(parents=True)
    values = _ground()
    engine = CpuEngine(values.shape[1], 0, 2)
    engine.set(State(values, np.zeros_like(values), np.zeros_like(values)))
    poses = [_pose(i) for i in range(PHOTOS)]
    names = [f"sub/photo_{i:02d}.png" for i in range(PHOTOS)]
    for name, (turn, move) in zip(names, poses, strict=True):
        view = np.concatenate([turn, move[:, None]], axis=1).astype(np.float32)
        picture = engine.render(Camera(view, FOCAL, FOCAL, WIDTH / 2, HEIGHT / 2, WIDTH, HEIGHT), 0)
        Image.fromarray((np.clip(picture, 0, 1) * 255).round().astype(np.uint8)).save(inputs / "sfm/images" / name)
    engine.close()
    rng = np.random.default_rng(8)
    chosen = rng.choice(values.shape[1], 400, replace=False)
    write_model(inputs / "sfm/sparse/0", names, poses, values[:3, chosen].T + rng.normal(0, 0.005, (400, 3)))
    return Capture(inputs, folder)


def _ground() -> np.ndarray:
    rng = np.random.default_rng(5)
    count = 1500
    values = np.zeros((14, count), np.float32)
    values[0], values[1] = rng.uniform(-3.2, 3.2, (2, count))
    values[2] = 0.3 * np.sin(2 * values[0]) * np.cos(1.5 * values[1]) + rng.normal(0, 0.03, count)
    values[3:6] = np.log(rng.uniform(0.06, 0.16, (3, count)))
    values[6:10] = rng.normal(size=(4, count))
    values[10] = 3.0
    waves = [np.sin(a * values[0] + b * values[1]) for a, b in ((2, 1), (-1, 2), (1.5, -1))]
    values[11:14] = np.array(waves) + rng.normal(0, 0.25, (3, count))
    return values


def _pose(i: int) -> tuple[np.ndarray, np.ndarray]:
    """Looking down at the ground from a circle."""
    angle = 2 * np.pi * i / PHOTOS
    eye = np.array([0.9 * np.cos(angle), 0.9 * np.sin(angle), 3.0])
    forward = np.array([0.3 * np.cos(2 * angle), 0.2 * np.sin(angle), 0.0]) - eye
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, [0.0, 1.0, 0.0])
    right /= np.linalg.norm(right)
    turn = np.stack([right, np.cross(forward, right), forward])
    return turn, -turn @ eye


def write_model(folder: Path, names: list[str], poses: list[tuple[np.ndarray, np.ndarray]], points: np.ndarray) -> None:
    """cameras.bin, images.bin and points3D.bin; every photo observes the first 40 points exactly."""
    with (folder / "cameras.bin").open("wb") as file:
        file.write(struct.pack("<QIiQQ4d", 1, 1, 1, WIDTH, HEIGHT, FOCAL, FOCAL, WIDTH / 2, HEIGHT / 2))
    with (folder / "images.bin").open("wb") as file:
        file.write(struct.pack("<Q", len(names)))
        for number, (name, (turn, move)) in enumerate(zip(names, poses, strict=True), 1):
            file.write(struct.pack("<I7dI", number, *quaternion(turn), *move, 1) + name.encode() + b"\0")
            local = points[:40] @ turn.T + move
            pixels = FOCAL * local[:, :2] / local[:, 2:] + [WIDTH / 2, HEIGHT / 2]
            file.write(struct.pack("<Q", 41))
            for i, (x, y) in enumerate(pixels, 1):
                file.write(struct.pack("<2dq", x, y, i))
            file.write(struct.pack("<2dq", 1.0, 1.0, -1))
    with (folder / "points3D.bin").open("wb") as file:
        file.write(struct.pack("<Q", len(points)))
        for i, point in enumerate(points, 1):
            file.write(struct.pack("<Q3d3BdQ", i, *point, 128, 128, 128, 0.5, 2) + struct.pack("<4I", 1, 0, 2, 0))


def quaternion(turn: np.ndarray) -> np.ndarray:
    """(w, x, y, z) of a rotation: the eigenvector of Bar-Itzhack (2000)."""
    (a, b, c), (d, e, f), (g, h, i) = turn
    k = np.array(
        [
            [a + e + i, h - f, c - g, d - b],
            [h - f, a - e - i, b + d, c + g],
            [c - g, b + d, e - a - i, f + h],
            [d - b, c + g, f + h, i - a - e],
        ]
    )
    return np.linalg.eigh(k)[1][:, -1]
