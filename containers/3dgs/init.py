"""The first Gaussians: one at each point of the sparse model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from colmap_reader import Points
from common.failure import StageFailure
from dataset import World
from engine import MEAN, OPACITY, QUAT, SCALE, SH, State, row_count

SH0 = 0.28209479177387814
LEAST_POINTS = 10
NEIGHBOURS = 3


def first_state(points: Points, world: World, cap: int, degree: int, opacity: float, scale: float, seed: int) -> State:
    """One Gaussian a point, `scale` times as large as the root mean square distance to its 3 neighbours, in its colour.

    With more points than the cap those with the longest tracks stay. Raises StageFailure 65 for fewer than 10 points.
    """
    if len(points.positions) < LEAST_POINTS:
        raise StageFailure(65, "run/few-points", f"The sparse model has {len(points.positions)} points.",
                           "Photograph with more overlap, then run sfm again.")
    rng = np.random.default_rng([seed, 0])
    order = np.lexsort((rng.random(len(points.tracks)), -points.tracks))[:cap]
    order.sort()
    positions = (points.positions[order] - world.centre) / world.scale
    values = np.zeros((row_count(degree), len(order)), np.float32)
    values[MEAN] = positions.T
    values[SCALE] = np.log(neighbour_distance(positions) * scale)
    values[QUAT] = rng.normal(size=(4, len(order)))
    values[QUAT] /= np.linalg.norm(values[QUAT], axis=0)
    values[OPACITY] = np.log(opacity / (1 - opacity))
    values[SH:SH + 3] = ((points.colours[order] / 255 - 0.5) / SH0).T
    return State(values, np.zeros_like(values), np.zeros_like(values))


def neighbour_distance(positions: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) root mean square distance to the 3 nearest others, at least 1e-6. positions: (n, 3).

    Exact, by blocks of all pairs: 20,000 points take about 2 s, and no package for trees is needed.
    """
    near = np.empty(len(positions))
    single = positions.astype(np.float32)
    squares = (single * single).sum(axis=1)
    wanted = min(NEIGHBOURS + 1, len(positions))
    for start in range(0, len(positions), 512):
        block = single[start:start + 512]
        distance = squares[start:start + 512, None] + squares[None] - 2 * (block @ single.T)
        nearest = np.partition(distance, wanted - 1, axis=1)[:, :wanted]
        near[start:start + 512] = np.maximum(nearest, 0).sum(axis=1) / max(wanted - 1, 1)
    return np.maximum(np.sqrt(near), 1e-6)
