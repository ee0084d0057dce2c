"""What a round of MCMC changes, as lists: an engine whose memory is elsewhere applies them there."""

from __future__ import annotations

from dataclasses import dataclass

import mcmc
import numpy as np
from numpy.typing import NDArray

from engine import OPACITY, Refinement, State

LEADING_ROWS = OPACITY + 1  # mcmc.refine reads and changes positions, shapes and opacities; the rest is only copied


@dataclass(frozen=True)
class Moves:
    """Gaussians `changed` become copies of `source` (as they were before), with `leading` as their first rows."""

    changed: NDArray[np.int64]
    source: NDArray[np.int64]
    leading: NDArray[np.float32]
    count: int


def moves(leading: NDArray[np.float32], count: int, target: int, refinement: Refinement) -> Moves:
    """`mcmc.refine` on the first LEADING_ROWS rows of `count` Gaussians, with room for `target`."""
    size = max(count, target)
    values = np.zeros((LEADING_ROWS + 1, size), np.float32)
    values[:LEADING_ROWS, :count] = leading[:, :count]
    # One row more holds each Gaussian's number, bit for bit: copied along, it tells afterwards who came from where.
    values[-1] = np.arange(size, dtype=np.int32).view(np.float32)
    # refine clears the moments of what it changes, so a moment of one marks what stayed.
    stayed, none = np.ones((1, size), np.float32), np.zeros((0, size), np.float32)
    grown = mcmc.refine(State(values, stayed, none), count, target, refinement)
    changed = np.flatnonzero(stayed[0] == 0)
    source = values[-1, changed].copy().view(np.int32).astype(np.int64)
    return Moves(changed, source, values[:LEADING_ROWS, changed], grown)
