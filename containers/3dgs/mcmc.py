"""Relocation and growth of "3D Gaussian Splatting as Markov Chain Monte Carlo" (Kheradmand et al., NeurIPS 2024)."""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import NDArray

from engine import MEAN, OPACITY, SCALE, Refinement, State

# More copies than this at one place are treated as this many: the sum alternates and loses digits (51 as in the
# paper's code).
MAX_COPIES = 51

Floats = NDArray[np.float64]


def shared(opacity: Floats, copies: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Opacity of each of `copies` Gaussians that together look like one of `opacity`, and the factor of their scale.

    Equation 9: o' = 1 - (1 - o)^(1/N); the scale's factor is
    o / sum_{i=1..N} sum_{k=0..i-1} C(i-1, k) (-1)^k o'^(k+1) / sqrt(k+1).
    """
    copies = np.minimum(copies, MAX_COPIES)
    new = -np.expm1(np.log1p(-opacity) / copies)
    total = np.zeros_like(opacity)
    for n in np.unique(copies):
        chosen = copies == n
        k = np.arange(n)
        # Summed over i first: sum_{i=k+1..N} C(i-1, k) = C(N, k+1).
        weights = np.array([comb(int(n), j + 1) * (-1.0) ** j for j in range(n)]) / np.sqrt(k + 1)
        total[chosen] = (new[chosen, None] ** (k + 1)) @ weights
    return new, opacity / total


def refine(state: State, count: int, target: int, refinement: Refinement) -> int:
    """Moves dead Gaussians onto living ones and adds new ones up to `target`, in place; returns the new count.

    state: arrays (rows, at least target), of which the first `count` columns are in use. Which living Gaussian
    receives is drawn in proportion to opacity, among those within `breeds`. Adam's moments of all that changed are
    cleared.
    """
    rng = np.random.default_rng([refinement.seed, refinement.iteration])
    opacity = _opacity(state, count)
    lives = (opacity > refinement.min_opacity) & within(state.values[:, :count], refinement.reach)
    dead, alive = np.flatnonzero(~lives), np.flatnonzero(lives)
    if alive.size and dead.size:
        _copy(state, alive[_draw(rng, state, alive, dead.size, refinement)], dead, refinement.min_opacity)
    if target > count:
        every = np.arange(count)
        _copy(
            state,
            _draw(rng, state, every, target - count, refinement),
            np.arange(count, target),
            refinement.min_opacity,
        )
    return max(count, target)


def _draw(
    rng: np.random.Generator, state: State, among: NDArray[np.int64], many: int, refinement: Refinement
) -> NDArray[np.int64]:
    """`many` indices into `among`, in proportion to opacity, of Gaussians that may have children (all, if none may)."""
    values = state.values[:, among]
    weights = 1 / (1 + np.exp(-values[OPACITY].astype(np.float64)))
    near = within(values, refinement.breeds)
    if near.any():
        weights = weights * near
    return rng.choice(among.size, many, p=weights / weights.sum())


def within(values: NDArray[np.float32], reach: float) -> NDArray[np.bool_]:
    """Which Gaussians of `values` (rows, n) stand no farther than `reach` from the world's centre.

    The noise is as large as the Gaussian, so large faint ones wander off: 18 km, where the cameras spanned 40 m.
    """
    return np.linalg.norm(values[MEAN].astype(np.float64), axis=0) <= reach


def _opacity(state: State, count: int) -> Floats:
    return 1 / (1 + np.exp(-state.values[OPACITY, :count].astype(np.float64)))


def _copy(state: State, source: NDArray[np.int64], to: NDArray[np.int64], min_opacity: float) -> None:
    places, copies = np.unique(source, return_counts=True)
    opacity = 1 / (1 + np.exp(-state.values[OPACITY, places].astype(np.float64)))
    new, factor = shared(opacity, copies + 1)
    new = np.clip(new, min_opacity, 1 - 1e-7)
    state.values[OPACITY, places] = np.log(new / (1 - new))
    state.values[SCALE, places] += np.log(factor)
    state.values[:, to] = state.values[:, source]
    for moments in (state.first, state.second):
        moments[:, places] = 0
        moments[:, to] = 0
