"""For tests: what an engine on torch must have in common with the CPU engine, whatever draws for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from cpu_engine import CpuEngine
from numpy.typing import NDArray

from engine import MEAN, OPACITY, QUAT, SCALE, SH, Camera, Motion, Refinement, State, row_count

Open = Callable[[int, int], Any]  # (cap, degree) -> an engine on torch
WIDTH, HEIGHT, DEGREE, COUNT = 48, 36, 1, 40


def camera() -> Camera:
    """One that sees all of `gaussians`."""
    view = np.concatenate([np.eye(3), [[0.05], [-0.1], [2.2]]], axis=1).astype(np.float32)
    return Camera(view, 44.0, 45.0, WIDTH / 2 + 0.7, HEIGHT / 2 - 1.1, WIDTH, HEIGHT)


def gaussians(seed: int = 1, degree: int = DEGREE) -> NDArray[np.float32]:
    """COUNT of them in a box of 1.6, half transparent."""
    rng = np.random.default_rng(seed)
    values = rng.normal(0, 0.3, (row_count(degree), COUNT))
    values[MEAN] = rng.uniform(-0.8, 0.8, (3, COUNT))
    values[SCALE] = np.log(rng.uniform(0.05, 0.3, (3, COUNT)))
    values[QUAT] = rng.normal(size=(4, COUNT))
    values[OPACITY] = rng.normal(0.0, 1.0, COUNT)
    values[SH : SH + 3] = rng.uniform(-0.5, 1.5, (3, COUNT))
    return values.astype(np.float32)


def photo(seed: int = 2) -> NDArray[np.uint8]:
    """The same Gaussians in another state: something that training can approach."""
    engine = CpuEngine(COUNT, DEGREE, 2)
    engine.set(fresh(gaussians() + np.random.default_rng(seed).normal(0, 0.1, gaussians().shape).astype(np.float32)))
    picture = engine.render(camera(), DEGREE)
    engine.close()
    return np.ascontiguousarray((np.clip(picture, 0, 1) * 255).round().astype(np.uint8).transpose(2, 0, 1))


def fresh(values: NDArray[np.float32]) -> State:
    """A state before its first step."""
    return State(values, np.zeros_like(values), np.zeros_like(values))


def motion(iteration: int, noise: float = 0.0) -> Motion:
    """One step with all regularisers."""
    return Motion(iteration, DEGREE, 1e-3, 1e-2, 1e-3, 5e-2, 5e-3, 5e-4, 0.01, 0.01, noise, 7)


def both(open_engine: Open, values: NDArray[np.float32], degree: int = DEGREE, cap: int = COUNT) -> tuple[Any, Any]:
    """The engine on torch and the CPU engine, in the same state."""
    engines = open_engine(cap, degree), CpuEngine(cap, degree, 2)
    for engine in engines:
        engine.set(fresh(values))
    return engines


def relative(a: NDArray[np.floating], b: NDArray[np.floating]) -> float:
    """Length of the difference in lengths of `b`."""
    return float(np.linalg.norm(a - b) / (np.linalg.norm(b) + 1e-12))


def pictures_agree(open_engine: Open, tolerance: float) -> None:
    """With every degree of harmonics."""
    for degree in range(4):
        one, other = both(open_engine, gaussians(degree=degree), degree)
        assert np.abs(one.render(camera(), degree) - other.render(camera(), degree)).max() < tolerance


def gradients_agree(open_engine: Open, tolerance: float) -> None:
    """Figures absolutely, gradients in lengths of the CPU engine's."""
    one, other = both(open_engine, gaussians())
    report, got = one.gradient(camera(), photo(), DEGREE)
    wanted_report, _, wanted = other.gradient(camera(), photo(), DEGREE)
    for name in ("loss", "l1", "ssim"):
        assert abs(getattr(report, name) - getattr(wanted_report, name)) < tolerance
    for rows in (MEAN, SCALE, QUAT, slice(OPACITY, OPACITY + 1), slice(SH, None)):
        assert relative(got[rows], wanted[rows]) < tolerance


def one_step_agrees(open_engine: Open, tolerance: float) -> None:
    """Adam on both sides, with regularisers; where the gradient is not close to nothing, for its sign decides there."""
    one, other = both(open_engine, gaussians())
    _, _, gradient = other.gradient(camera(), photo(), DEGREE)
    for engine in (one, other):
        engine.step(camera(), photo(), motion(0))
    clear = np.abs(gradient) > 1e-5
    assert clear.mean() > 0.5
    assert np.abs(one.get().values - other.get().values)[clear].max() < tolerance
    assert relative(one.get().first, other.get().first) < 1e-3


def fifty_steps_agree(open_engine: Open) -> None:
    """Errors grow with each step, so the pictures are compared, not the parameters."""
    one, other = both(open_engine, gaussians())
    wanted = photo()
    losses = [[engine.step(camera(), wanted, motion(i)).loss for i in range(50)] for engine in (one, other)]
    assert losses[1][-1] < 0.7 * losses[1][0]  # it does learn, or nothing would be compared
    assert np.abs(np.array(losses[0]) - losses[1]).max() < 0.02 * losses[1][0]
    assert np.abs(one.render(camera(), DEGREE) - other.render(camera(), DEGREE)).mean() < 2e-3


def noise_is_the_same(open_engine: Open) -> None:
    """The same numbers, not only the same distribution."""
    values = gaussians()
    values[MEAN] = np.array([0, 0, -50])[:, None]  # behind the camera: only noise moves them
    values[OPACITY, ::2] = -7
    one, other = both(open_engine, values)
    for engine in (one, other):
        engine.step(camera(), photo(), motion(3, noise=10.0))
    got, wanted = (engine.get().values[MEAN].astype(np.float64) - values[MEAN] for engine in (one, other))
    assert np.abs(wanted).max() > 1e-3
    assert np.abs(got - wanted).max() < 1e-5 * np.abs(wanted).max() + 1e-5


def refining_is_the_same(open_engine: Open) -> None:
    """Bit by bit: the same code decides."""
    values = gaussians()
    values[OPACITY, :9] = -9
    one, other = both(open_engine, values, cap=COUNT + 20)
    for engine in (one, other):
        # Moments that are not zero, the same on both sides.
        engine.set(State(values, np.abs(values), np.abs(values)))
        assert engine.refine(Refinement(100, COUNT + 12, 0.005, 7, breeds=3.0)) == COUNT + 12 == engine.count
    got, wanted = one.get(), other.get()
    assert np.array_equal(got.values, wanted.values)
    assert np.array_equal(got.first, wanted.first) and np.array_equal(got.second, wanted.second)


def checkpoints_pass_from_one_to_the_other(open_engine: Open) -> None:
    """Nothing of a state is lost on the way."""
    one, other = both(open_engine, gaussians())
    one.step(camera(), photo(), motion(0))
    other.set(one.get())
    assert relative(other.render(camera(), DEGREE), one.render(camera(), DEGREE)) < 1e-3
    again = open_engine(COUNT, DEGREE)
    again.set(other.get())
    for got, wanted in zip(_parts(again.get()), _parts(one.get()), strict=True):
        assert np.array_equal(got, wanted)


def _parts(state: State) -> tuple[NDArray[np.float32], ...]:
    return state.values, state.first, state.second
