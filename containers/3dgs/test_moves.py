"""The rounds of MCMC as lists: applied elsewhere they leave what mcmc.refine leaves in place."""

from __future__ import annotations

import mcmc
import numpy as np
import pytest
from moves import LEADING_ROWS, moves
from numpy.typing import NDArray

from engine import MEAN, OPACITY, QUAT, SCALE, Refinement, State, row_count

COUNT, ROOM = 60, 90


def some_state(seed: int = 3) -> State:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(row_count(1), ROOM)).astype(np.float32)
    values[MEAN] *= 2
    values[SCALE] = np.log(rng.uniform(0.01, 0.2, (3, ROOM)))
    values[QUAT] = rng.normal(size=(4, ROOM))
    values[OPACITY, :COUNT] = np.where(rng.random(COUNT) < 0.3, -8, rng.normal(0, 2, COUNT))
    return State(values, rng.normal(size=values.shape).astype(np.float32), rng.random(values.shape, np.float32))


def applied(state: State, target: int, refinement: Refinement) -> tuple[State, int]:
    values, first, second = (part.copy() for part in (state.values, state.first, state.second))
    done = moves(values[:LEADING_ROWS], COUNT, target, refinement)
    values[:, done.changed] = values[:, done.source]
    values[:LEADING_ROWS, done.changed] = done.leading
    for part in (first, second):
        part[:, done.changed] = 0
    return State(values, first, second), done.count


@pytest.mark.parametrize("target", [COUNT, ROOM])
@pytest.mark.parametrize("reach", [2.5, float("inf")])
def test_moves_are_what_refine_does_in_place(target: int, reach: float) -> None:
    refinement = Refinement(100, target, 0.005, 7, reach, 2.0)
    wanted = some_state()
    count = mcmc.refine(wanted, COUNT, target, refinement)
    got, got_count = applied(some_state(), target, refinement)
    assert got_count == count == target
    for a, b in zip((got.values, got.first, got.second), (wanted.values, wanted.first, wanted.second), strict=True):
        assert same(a[:, :count], b[:, :count])


def test_nothing_moves_where_all_live_and_none_are_added() -> None:
    state = some_state()
    state.values[OPACITY] = 2
    done = moves(state.values[:LEADING_ROWS], COUNT, COUNT, Refinement(100, COUNT, 0.005, 7))
    assert done.changed.size == 0 and done.count == COUNT


def same(a: NDArray[np.float32], b: NDArray[np.float32]) -> bool:
    return bool(np.array_equal(a, b))
