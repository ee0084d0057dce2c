"""Gaussians where a training photo shows something of which the sparse model knows no point.

Bare ground, a roof, a wheat field: no features, no points, and MCMC's children come there late. One Gaussian stands in
each empty cell that has points beside it, as deep as the nearest of them, in the cell's colour.
"""

from __future__ import annotations

import numpy as np
from backdrop import cell_means
from dataset import Photo
from numpy.typing import NDArray

# Cells a side of each photo.
CELLS = 10
# Points whose depth a cell takes, and what they are weighted with: 1 / (squared distance in px + 1).
NEAREST = 4
# Share of the photo's width within which there must be a point: farther off, depth is guessing.
WITHIN = 0.12
# A photo that sees fewer points says nothing of depth.
LEAST_POINTS = 8
# Depths of a photo's points, 95th over 5th percentile, up to which what lies between them is taken for ground: from
# above 1.02 to 1.20 (brighton-beach, caliterra-a); around a tree 1.25 to 1.5 (monstree-12), where what shows between
# the points is far behind them: filling it cost 0.6 dB.
MOST_RELIEF = 1.22
# Nearer than this, in the normalised world, a point stands in the lens.
NEAR = 1e-3

Floats = NDArray[np.float64]


def gaps(photos: list[Photo], points: Floats, most: int, seed: int) -> tuple[Floats, Floats]:
    """Positions (n, 3) in the normalised world and colours 0 .. 1 for the empty cells of all photos, at most `most`.

    points: (m, 3) of the sparse model, in the same world.
    """
    parts = [_gaps_of(photo, points) for photo in photos]
    positions, colours = (np.concatenate(part) for part in zip(*parts, strict=True))
    if len(positions) > most:
        chosen = np.random.default_rng([seed, 8]).choice(len(positions), most, replace=False)
        positions, colours = positions[chosen], colours[chosen]
    return positions, colours


def _gaps_of(photo: Photo, points: Floats) -> tuple[Floats, Floats]:
    camera = photo.half.camera
    size = np.array([camera.width, camera.height])
    turn, shift = camera.view[:, :3].astype(np.float64), camera.view[:, 3].astype(np.float64)
    local = points @ turn.T + shift
    local = local[local[:, 2] > NEAR]
    focal, middle = np.array([camera.fx, camera.fy]), np.array([camera.cx, camera.cy])
    seen = local[:, :2] / local[:, 2:] * focal + middle
    inside = ((seen >= 0) & (seen < size)).all(axis=1)
    seen, depths = seen[inside], local[inside, 2]
    if len(depths) < LEAST_POINTS or np.percentile(depths, 95) > MOST_RELIEF * np.percentile(depths, 5):
        return np.empty((0, 3)), np.empty((0, 3))
    column, row = (seen / size * CELLS).astype(int).T
    known = np.zeros((CELLS, CELLS), dtype=bool)
    known[row, column] = True
    rows, columns = np.nonzero(~known)
    places = (np.stack([columns, rows], axis=1) + 0.5) / CELLS * size
    off, depth = _nearest(places, seen, depths)
    near = off <= WITHIN * camera.width
    depth, places = depth[near, None], places[near]
    positions = (np.hstack([(places - middle) / focal * depth, depth]) - shift) @ turn
    return positions, cell_means(photo.half.pixels, CELLS, CELLS).reshape(CELLS, CELLS, 3)[rows[near], columns[near]]


def _nearest(places: Floats, seen: Floats, depths: Floats) -> tuple[Floats, Floats]:
    """For each of `places` (n, 2): distance to the nearest of `seen` (m, 2), and depth as the nearest have it."""
    squared = ((places[:, None] - seen[None]) ** 2).sum(axis=2)
    nearest = np.argpartition(squared, NEAREST, axis=1)[:, :NEAREST]
    found = np.take_along_axis(squared, nearest, axis=1)
    weights = 1 / (found + 1)
    return np.sqrt(found.min(axis=1)), weights.sum(axis=1) / (weights / depths[nearest]).sum(axis=1)
