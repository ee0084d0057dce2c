"""The photos as the trainer sees them: cameras in a normalised world, pixels as planar uint8, whole and half size."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from colmap_reader import Intrinsics, Model, View
from common.failure import StageFailure
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from engine import Camera

# The furthest camera stands at 1 / 1.1 of the unit sphere, so that learning rates mean the same for every capture.
MARGIN = 1.1

# Stands in metrics.json, so that anyone can make the very pictures that the scene was compared with.
RESIZE_RULE = (
    "Pillow convert('RGB'), then resize((widthPx, heightPx), LANCZOS) of the undistorted photo; the long side becomes "
    "longSidePx, the other is rounded to the nearest px, at least 1; photos are never enlarged"
)


@dataclass(frozen=True)
class World:
    """normalised = (world - centre) / scale."""

    centre: NDArray[np.float64]
    scale: float


@dataclass(frozen=True)
class Shot:
    """One photo at one size: pixels (3, height, width) uint8."""

    camera: Camera
    pixels: NDArray[np.uint8]


@dataclass(frozen=True)
class Photo:
    """A photo, whole and at half size."""

    name: str
    whole: Shot
    half: Shot


@dataclass(frozen=True)
class Dataset:
    """Photos to train on and photos held out, both by name."""

    world: World
    train: list[Photo]
    held_out: list[Photo]


def split(names: list[str], every: int) -> tuple[list[str], list[str]]:
    """(train, held out): of the sorted names every `every`-th from the first is held out (the field's rule)."""
    ordered = sorted(names)
    held = ordered[::every] if every > 0 and len(ordered) > every // 2 else []
    return [name for name in ordered if name not in set(held)], held


def training_size(width: int, height: int, long_side: int) -> tuple[int, int]:
    """Size in px by RESIZE_RULE."""
    share = min(1.0, long_side / max(width, height))
    return max(1, round(width * share)), max(1, round(height * share))


def world_of(views: list[View]) -> World:
    """Centre of the cameras and their spread."""
    centres = np.array([-view.rotation.T @ view.translation for view in views])
    centre = centres.mean(axis=0)
    spread = np.linalg.norm(centres - centre, axis=1).max() * MARGIN
    return World(centre, float(spread) if spread > 1e-9 else 1.0)


def load(
    model: Model, images: Path, long_side: int, hold_out_every: int, threads: int, progress: Callable[[int, int], None]
) -> Dataset:
    """Reads the photos of `model` below `images`. Raises StageFailure 65 where one cannot be read."""
    world = world_of(model.views)
    train, held = split([view.name for view in model.views], hold_out_every)
    photos: dict[str, Photo] = {}
    progress(0, len(model.views))
    with ThreadPoolExecutor(threads) as pool:
        for photo in pool.map(lambda view: _photo(view, world, images, long_side), model.views):
            photos[photo.name] = photo
            progress(len(photos), len(model.views))
    return Dataset(world, [photos[name] for name in train], [photos[name] for name in held])


def read_photo(path: Path, long_side: int) -> Image.Image:
    """The photo at `path` by RESIZE_RULE. Raises StageFailure 65."""
    try:
        with Image.open(path) as image:
            size = training_size(image.width, image.height, long_side)
            return image.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise StageFailure(
            65,
            "run/photo-unreadable",
            f"The undistorted photo {path.name} cannot be read: {error}.",
            "Run the stage sfm again.",
        ) from error


def planar(image: Image.Image) -> NDArray[np.uint8]:
    """(3, height, width) of an RGB image."""
    return np.ascontiguousarray(np.asarray(image).transpose(2, 0, 1))


def _photo(view: View, world: World, images: Path, long_side: int) -> Photo:
    whole = read_photo(images / view.name, long_side)
    half_size = max(1, round(whole.width / 2)), max(1, round(whole.height / 2))
    half = whole.resize(half_size, Image.Resampling.LANCZOS)
    return Photo(view.name, _shot(view, world, whole), _shot(view, world, half))


def _shot(view: View, world: World, image: Image.Image) -> Shot:
    return Shot(
        camera_of(view.camera, view.rotation, view.translation, world, image.width, image.height), planar(image)
    )


def camera_of(
    lens: Intrinsics,
    rotation: NDArray[np.float64],
    translation: NDArray[np.float64],
    world: World,
    width: int,
    height: int,
) -> Camera:
    """The camera of a photo resized to width x height, in the normalised world."""
    moved = (rotation @ world.centre + translation) / world.scale
    x, y = width / lens.width, height / lens.height
    view = np.concatenate([rotation, moved[:, None]], axis=1).astype(np.float32)
    return Camera(view, lens.fx * x, lens.fy * y, lens.cx * x, lens.cy * y, width, height)
