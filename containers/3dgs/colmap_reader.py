"""Reads a COLMAP model in its binary form: cameras.bin, images.bin, points3D.bin (undistorted: PINHOLE cameras)."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

import numpy as np
from common.failure import StageFailure
from numpy.typing import NDArray

# Model numbers and parameter counts as in COLMAP's src/colmap/sensor/models.h.
SIMPLE_PINHOLE, PINHOLE = 0, 1
PARAMETERS = {SIMPLE_PINHOLE: 3, PINHOLE: 4}
NAME_LIMIT = 4096
OBSERVATION = np.dtype([("xy", "<f8", 2), ("point", "<i8")])

Part = TypeVar("Part")


@dataclass(frozen=True)
class Intrinsics:
    """A pinhole in px: the picture's size, focal lengths, principal point (pixel centres at + 0.5)."""

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float


@dataclass(frozen=True)
class View:
    """A registered photo. rotation (3, 3) and translation (3,): world to camera.

    pixels (n, 2) and seen (n,): where each observed point was found, and its number; empty unless asked for.
    """

    name: str
    camera: Intrinsics
    rotation: NDArray[np.float64]
    translation: NDArray[np.float64]
    pixels: NDArray[np.float64]
    seen: NDArray[np.int64]


@dataclass(frozen=True)
class Points:
    """numbers (n,), positions (n, 3) in the world, colours (n, 3) uint8, errors (n,) px,
    tracks (n,): number of photos that see the point.
    """

    numbers: NDArray[np.int64]
    positions: NDArray[np.float64]
    colours: NDArray[np.uint8]
    errors: NDArray[np.float64]
    tracks: NDArray[np.int64]


@dataclass(frozen=True)
class Model:
    """A sparse model; views by name."""

    views: list[View]
    points: Points


def read_model(folder: Path, with_observations: bool = False) -> Model:
    """Reads the model in `folder`. Raises StageFailure 65 where it is absent, broken or distorted."""
    try:
        cameras = _read(folder / "cameras.bin", _cameras)
        views = _read(folder / "images.bin", lambda file: _views(file, cameras, with_observations))
        points = _read(folder / "points3D.bin", _points)
    except (OSError, struct.error, KeyError, ValueError, UnicodeDecodeError) as error:
        raise StageFailure(
            65, "run/model-broken", f"The sparse model cannot be read: {error}.", "Run the stage sfm again."
        ) from error
    return Model(sorted(views, key=lambda view: view.name), points)


def _read(path: Path, parse: Callable[[BinaryIO], Part]) -> Part:
    with path.open("rb") as file:
        return parse(file)


def _take(file: BinaryIO, layout: str) -> tuple[float, ...]:
    return struct.unpack("<" + layout, file.read(struct.calcsize("<" + layout)))


def _skip(file: BinaryIO, count: float, size: int) -> None:
    file.seek(int(count) * size, 1)


def _cameras(file: BinaryIO) -> dict[int, Intrinsics]:
    cameras = {}
    for _ in range(int(_take(file, "Q")[0])):
        number, kind, width, height = map(int, _take(file, "IiQQ"))
        if kind not in PARAMETERS:
            raise ValueError(f"camera {number} has the distorted model {kind}, only pinholes can be trained on")
        values = _take(file, "d" * PARAMETERS[kind])
        fx, fy, cx, cy = (values[0], *values) if kind == SIMPLE_PINHOLE else values
        cameras[number] = Intrinsics(width, height, fx, fy, cx, cy)
    return cameras


def _views(file: BinaryIO, cameras: dict[int, Intrinsics], with_observations: bool) -> list[View]:
    views = []
    for _ in range(int(_take(file, "Q")[0])):
        _, qw, qx, qy, qz, tx, ty, tz, camera = _take(file, "I7dI")
        name = _name(file)
        count = int(_take(file, "Q")[0])
        raw = file.read(count * OBSERVATION.itemsize)
        if len(raw) != count * OBSERVATION.itemsize:
            raise ValueError("images.bin ends too early")
        found = np.frombuffer(raw if with_observations else b"", OBSERVATION)
        found = found[found["point"] != -1]
        turn, move = rotation((qw, qx, qy, qz)), np.array([tx, ty, tz])
        views.append(View(name, cameras[int(camera)], turn, move, found["xy"], found["point"]))
    return views


def _name(file: BinaryIO) -> str:
    raw = bytearray()
    while (byte := file.read(1)) != b"\0":
        if not byte or len(raw) > NAME_LIMIT:
            raise ValueError("a photo's name does not end")
        raw += byte
    return raw.decode("utf-8")


def _points(file: BinaryIO) -> Points:
    numbers, positions, colours, errors, tracks = [], [], [], [], []
    for _ in range(int(_take(file, "Q")[0])):
        number, x, y, z, red, green, blue, error, length = _take(file, "Q3d3BdQ")
        _skip(file, length, 8)
        numbers.append(number)
        positions.append((x, y, z))
        colours.append((red, green, blue))
        errors.append(error)
        tracks.append(length)
    return Points(
        np.array(numbers, np.int64),
        np.array(positions, np.float64).reshape(-1, 3),
        np.array(colours, np.uint8).reshape(-1, 3),
        np.array(errors, np.float64),
        np.array(tracks, np.int64),
    )


def rotation(quaternion: tuple[float, float, float, float]) -> NDArray[np.float64]:
    """(3, 3) from a quaternion (w, x, y, z), as COLMAP stores it."""
    w, x, y, z = np.asarray(quaternion) / np.linalg.norm(quaternion)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )
