"""A backdrop of far Gaussians in the photos' colours, behind everything that the sparse model knows.

Where no training photo looks, a scene without one shows black: held-out border photos of caliterra-a lose 1.5 and 4 dB.
Skies have no points in a sparse model either, and Gaussians travel there too slowly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from dataset import Photo
from numpy.typing import NDArray

from engine import Camera

# Radius of the backdrop in distances of the sparse points (95th percentile) from the centre. 3 and 6 measured equal.
FAR = 3.0


def radius_of(points: NDArray[np.float64]) -> float:
    """Radius of the backdrop around the centre of the normalised world. points: (m, 3)."""
    return FAR * float(np.percentile(np.linalg.norm(points, axis=1), 95))


# Share of the backdrop's radius within which Gaussians have children. Relocation draws by opacity, and the backdrop is
# opaque: its children were the scene's loss. Held-out dB with and without them: brighton-beach 18.80, 19.26 (19.32
# without a backdrop), caliterra-a 32.16, 32.32 (30.4).
BREEDS = 0.5


@dataclass(frozen=True)
class Zones:
    """Distances from the normalised world's centre: a Gaussian beyond `reach` is dead, beyond `breeds` childless."""

    reach: float = float("inf")
    breeds: float = float("inf")


def zones_of(points: NDArray[np.float64]) -> Zones:
    """The zones of a capture: the backdrop has room to move, what left that room shows nothing."""
    radius = radius_of(points)
    return Zones(2 * radius, BREEDS * radius)


def backdrop(
    photos: list[Photo], points: NDArray[np.float64], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """About `count` positions (n, 3) on a sphere, one behind each cell of a grid over each photo, and colours 0 .. 1.

    points: (m, 3) of the sparse model, in the same normalised world as the cameras.
    """
    radius = radius_of(points)
    parts = [
        _behind(photo.half.camera, photo.half.pixels, max(1, round(count / len(photos))), radius) for photo in photos
    ]
    positions, colours = (np.concatenate(part) for part in zip(*parts, strict=True))
    return positions, colours


def _behind(
    camera: Camera, pixels: NDArray[np.uint8], count: int, radius: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rows = max(1, round((count * camera.height / camera.width) ** 0.5))
    columns = max(1, round(count / rows))
    y, x = np.mgrid[0:rows, 0:columns]
    x, y = (x.ravel() + 0.5) / columns * camera.width, (y.ravel() + 0.5) / rows * camera.height
    turn = camera.view[:, :3].astype(np.float64)
    eye = -turn.T @ camera.view[:, 3]
    rays = np.stack([(x - camera.cx) / camera.fx, (y - camera.cy) / camera.fy, np.ones_like(x)], axis=1) @ turn
    rays /= np.linalg.norm(rays, axis=1, keepdims=True)
    along = rays @ eye
    distance = np.sqrt(np.maximum(along**2 - (eye @ eye - radius**2), 0)) - along
    return eye + rays * distance[:, None], cell_means(pixels, rows, columns)


def cell_means(pixels: NDArray[np.uint8], rows: int, columns: int) -> NDArray[np.float64]:
    """(rows x columns, 3) mean colours of a grid of cells, row by row."""
    cells = [block for band in np.array_split(pixels, rows, axis=1) for block in np.array_split(band, columns, axis=2)]
    return np.array([cell.mean(axis=(1, 2)) / 255 if cell.size else np.full(3, 0.5) for cell in cells])
