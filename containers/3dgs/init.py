"""The first Gaussians: one at each point of the sparse model, some in the gaps between them, and a backdrop."""

from __future__ import annotations

import numpy as np
from backdrop import backdrop
from colmap_reader import Points
from common.failure import StageFailure
from dataset import Dataset
from gaps import gaps
from numpy.typing import NDArray
from settings import TrainSettings

from engine import MEAN, OPACITY, QUAT, SCALE, SH, State, row_count

SH0 = 0.28209479177387814
LEAST_POINTS = 10
NEIGHBOURS = 3

# More of a backdrop than the sparse model warrants hides what is there. Held-out dB: brighton-beach (1,275 points) 19.3
# without, 19.3 with 127, 18.9 with 500; caliterra-a (3,795) 30.4 without, 32.3 with 380.
POINTS_A_BACK = 10

# The same holds for gaps, and they begin faint: what is not needed there is relocated before it has children.
# Held-out dB without gaps and with (single runs): the sample 31.9 and 32.4, with two other choices of held-out photos
# 34.5 and 34.8, 32.6 and 32.9; brighton-beach 19.2 and 19.1.
POINTS_A_GAP = 20
GAP_OPACITY = 0.1


def first_state(points: Points, data: Dataset, settings: TrainSettings) -> State:
    """The sparse points, the gaps between them and the backdrop, at most `cap` together.

    Points are `init_scale` times as large as the distance to their neighbours; where they are too many, those with the
    longest tracks stay. Raises StageFailure 65 for fewer than 10 points.
    """
    if len(points.positions) < LEAST_POINTS:
        raise StageFailure(
            65,
            "run/few-points",
            f"The sparse model has {len(points.positions)} points.",
            "Photograph with more overlap, then run sfm again.",
        )
    rng = np.random.default_rng([settings.seed, 0])
    positions = (points.positions - data.world.centre) / data.world.scale
    backs = min(settings.backdrop, settings.cap // 4, len(positions) // POINTS_A_BACK)
    far, far_colours = backdrop(data.train, positions, backs) if backs else (np.empty((0, 3)), np.empty((0, 3)))
    most = min(settings.cap // 4, len(positions) // POINTS_A_GAP)
    between, between_colours = gaps(data.train, positions, most, settings.seed)
    room = max(settings.cap - len(far) - len(between), 1)
    order = np.sort(np.lexsort((rng.random(len(points.tracks)), -points.tracks))[:room])
    positions = positions[order]
    sizes = [neighbour_distance(positions) * settings.init_scale]
    if len(far):
        sizes.append(neighbour_distance(far))
    if len(between):
        sizes.append(neighbour_distance(between) * settings.init_scale)
    return _state(
        np.concatenate([positions, far, between]),
        np.concatenate(sizes),
        np.concatenate([points.colours[order] / 255, far_colours, between_colours]),
        np.repeat([settings.init_opacity, GAP_OPACITY], [len(positions) + len(far), len(between)]),
        settings,
        rng,
    )


def _state(
    positions: NDArray[np.float64],
    sizes: NDArray[np.float64],
    colours: NDArray[np.float64],
    opacities: NDArray[np.float64],
    settings: TrainSettings,
    rng: np.random.Generator,
) -> State:
    count = min(len(positions), settings.cap)
    values = np.zeros((row_count(settings.sh_degree), count), np.float32)
    values[MEAN] = positions[:count].T
    values[SCALE] = np.log(sizes[:count])
    values[QUAT] = rng.normal(size=(4, count))
    values[QUAT] /= np.linalg.norm(values[QUAT], axis=0)
    values[OPACITY] = np.log(opacities / (1 - opacities))[:count]
    values[SH : SH + 3] = ((colours[:count] - 0.5) / SH0).T
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
        block = single[start : start + 512]
        distance = squares[start : start + 512, None] + squares[None] - 2 * (block @ single.T)
        nearest = np.partition(distance, wanted - 1, axis=1)[:, :wanted]
        near[start : start + 512] = np.maximum(nearest, 0).sum(axis=1) / max(wanted - 1, 1)
    return np.maximum(np.sqrt(near), 1e-6)
