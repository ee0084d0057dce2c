"""The C++ engine against its slow clear twin, and the twin against finite differences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import reference
from build_native import best_build, build, builds, default_folder
from cpu_engine import CpuEngine
from numpy.typing import NDArray

from engine import MEAN, OPACITY, QUAT, SCALE, SH, Camera, Motion, State, row_count

LIBRARIES = [name for name in builds() if name != "v3" or best_build() == "v3"]


def camera(width: int = 37, height: int = 29) -> Camera:
    turn = reference.rotation(np.array([0.98, 0.1, -0.15, 0.05])).astype(np.float64)
    view = np.concatenate([turn, [[0.05], [-0.1], [2.0]]], axis=1).astype(np.float32)
    return Camera(view, 34.0, 35.0, width / 2 + 0.7, height / 2 - 1.1, width, height)


def some_gaussians(count: int, degree: int, seed: int = 1, opacity: float = 0.0) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    values = rng.normal(0, 0.3, (row_count(degree), count))
    values[MEAN] = rng.uniform(-0.8, 0.8, (3, count))
    values[SCALE] = np.log(rng.uniform(0.05, 0.4, (3, count)))
    values[QUAT] = rng.normal(size=(4, count))
    values[OPACITY] = rng.normal(opacity, 1.0, count)
    values[SH : SH + 3] = rng.uniform(-0.5, 1.5, (3, count))
    return values.astype(np.float32)


def some_photo(view: Camera, seed: int = 2) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 255, (3, view.height, view.width), dtype=np.uint8)


def start(values: NDArray[np.float32], degree: int, threads: int = 2, name: str | None = None) -> CpuEngine:
    name = name or best_build()
    build(default_folder(), [name])
    library = next(default_folder().glob(f"splat-{name}.*"))
    engine = CpuEngine(values.shape[1] + 5, degree, threads, Path(library))
    engine.set(State(values, np.zeros_like(values), np.zeros_like(values)))
    return engine


def motion(iteration: int = 0, degree: int = 1, noise: float = 0.0) -> Motion:
    return Motion(iteration, degree, 1e-3, 1e-2, 1e-3, 5e-2, 5e-3, 5e-4, 0.01, 0.01, noise, 7)


def relative(a: NDArray[np.floating], b: NDArray[np.floating]) -> float:
    return float(np.linalg.norm(a - b) / (np.linalg.norm(b) + 1e-12))


@pytest.fixture(params=LIBRARIES)
def name(request: pytest.FixtureRequest) -> Iterator[str]:
    yield request.param


@pytest.mark.parametrize("degree", [0, 1, 2, 3])
def test_the_picture_is_the_twins(name: str, degree: int) -> None:
    values = some_gaussians(40, degree)
    picture = start(values, degree, name=name).render(camera(), degree)
    assert np.abs(picture - reference.render(values.astype(np.float64), camera(), degree)).max() < 2e-5


def test_a_gaussian_partly_outside_uses_the_frustum_clamp_of_the_twin() -> None:
    values = some_gaussians(12, 1, seed=5)
    values[0] += 1.4
    values[1] -= 1.0
    picture = start(values, 1).render(camera(), 1)
    assert np.abs(picture - reference.render(values.astype(np.float64), camera(), 1)).max() < 2e-5


@pytest.mark.parametrize("degree", [1, 3])
def test_gradients_are_the_twins(name: str, degree: int) -> None:
    view = camera(19, 18)
    values = some_gaussians(6, degree, seed=3)
    values[0, 0] += 1.2  # one under the frustum clamp
    photo = some_photo(view)
    report, _, by_parameter = start(values, degree, name=name).gradient(view, photo, degree)
    exact = values.astype(np.float64)
    wanted = reference.gradient(lambda v: reference.loss(reference.render(v, view, degree), photo), exact)
    assert abs(report.loss - reference.loss(reference.render(exact, view, degree), photo)) < 1e-6
    for rows in (MEAN, SCALE, QUAT, slice(OPACITY, OPACITY + 1), slice(SH, None)):
        assert relative(by_parameter[rows], wanted[rows]) < 2e-4


def test_gradient_by_the_picture_is_the_twins(name: str) -> None:
    view = camera(23, 14)
    values = some_gaussians(10, 0)
    photo = some_photo(view)
    engine = start(values, 0, name=name)
    _, by_picture, _ = engine.gradient(view, photo, 0)
    picture = engine.render(view, 0).astype(np.float64)
    wanted = reference.gradient(lambda p: reference.loss(p, photo), picture)
    assert relative(by_picture.transpose(1, 2, 0), wanted) < 1e-4


def test_the_twins_gradient_agrees_with_finite_differences() -> None:
    view = camera(17, 13)
    values = some_gaussians(3, 2, seed=4).astype(np.float64)
    photo = some_photo(view)

    def loss(v: NDArray[np.float64]) -> float:
        # The squared error is smooth where L1 has kinks that a finite step crosses.
        return float(((reference.render(v, view, 2) - photo.transpose(1, 2, 0) / 255) ** 2).mean().real)

    def complex_loss(v: NDArray[np.complex128]) -> np.complex128:
        return ((reference.render(v, view, 2) - photo.transpose(1, 2, 0) / 255) ** 2).mean()

    by_steps = np.empty_like(values)
    for index in np.ndindex(values.shape):
        up, down = values.copy(), values.copy()
        up[index] += 1e-6
        down[index] -= 1e-6
        by_steps[index] = (loss(up) - loss(down)) / 2e-6
    # alpha < 1/255 is a jump; a step of 1e-6 rarely crosses it, so nearly all must agree closely.
    exact = reference.gradient(complex_loss, values)
    assert np.median(np.abs(by_steps - exact)) < 1e-9
    assert relative(by_steps, exact) < 1e-3


def test_blocks_and_borders_of_the_loss_leave_no_seam() -> None:
    view = camera(300, 150)  # more than two blocks across and down, no multiple of anything
    values = some_gaussians(60, 0)
    photo = some_photo(view)
    engine = start(values, 0)
    report, by_picture, _ = engine.gradient(view, photo, 0)
    picture = engine.render(view, 0).astype(np.float64)
    assert abs(report.loss - reference.loss(picture, photo)) < 1e-6
    rng = np.random.default_rng(0)
    for c, y, x in [
        (0, 0, 0),
        (1, 149, 299),
        (2, 63, 127),
        (0, 64, 128),
        *zip(*(rng.integers(0, n, 20) for n in (3, 150, 300)), strict=True),
    ]:
        moved = picture.astype(np.complex128)
        moved[y, x, c] += 1j * reference.STEP
        wanted = reference.loss(moved, photo).imag / reference.STEP
        assert abs(by_picture[c, y, x] - wanted) < 1e-4 * abs(wanted) + 1e-9


def test_the_number_of_threads_changes_nothing() -> None:
    view = camera(100, 80)
    values = some_gaussians(3000, 1)
    results = []
    for threads in (1, 2, 3):
        engine = start(values, 1, threads)
        for i in range(4):
            engine.step(view, some_photo(view), motion(i, noise=100.0))
        results.append(engine.get())
    for other in results[1:]:
        for a, b in zip(
            (results[0].values, results[0].first, results[0].second),
            (other.values, other.first, other.second),
            strict=True,
        ):
            assert np.array_equal(a, b)


def test_one_step_is_adam_on_the_gradient_of_loss_and_regularisers() -> None:
    view = camera()
    values = some_gaussians(30, 1)
    photo = some_photo(view)
    engine = start(values, 1)
    _, _, gradient = engine.gradient(view, photo, 1)
    engine.step(view, photo, motion())
    moved = engine.get()
    seen = np.abs(gradient).sum(axis=0) > 0
    opacity = 1 / (1 + np.exp(-values[OPACITY]))
    gradient = gradient.copy()
    gradient[OPACITY] += 0.01 / 30 * opacity * (1 - opacity)
    gradient[SCALE] += 0.01 / 90 * np.exp(values[SCALE])
    rates = np.repeat([1e-3, 1e-2, 1e-3, 5e-2, 5e-3, 5e-4], [3, 3, 4, 1, 3, 9])[:, None]
    wanted = values - rates * gradient / np.sqrt(gradient**2 + 1e-15)
    assert np.abs(moved.values - wanted)[:, seen].max() < 2e-6
    assert np.array_equal(moved.values[:, ~seen], values[:, ~seen])
    assert np.allclose(moved.first[:, seen], 0.1 * gradient[:, seen], rtol=1e-4, atol=1e-12)


def test_noise_is_normal_along_the_covariance_and_spares_opaque_gaussians() -> None:
    values = some_gaussians(4000, 0)
    values[QUAT] = np.array([1, 0, 0, 0])[:, None]
    values[SCALE] = np.log([[0.1], [0.2], [0.4]])
    values[MEAN] = np.array([0, 0, -50])[:, None]  # behind the camera: only noise moves them
    values[OPACITY, :2000], values[OPACITY, 2000:] = -9.0, 3.0
    engine = start(values, 0)
    engine.step(camera(), some_photo(camera()), motion(degree=0, noise=10.0))
    moved = engine.get().values[MEAN].astype(np.float64) - values[MEAN]
    assert np.abs(moved[:, 2000:]).max() == 0
    share = 1 / (1 + np.exp(100 * (1 / (1 + np.exp(9.0)) - 0.005)))
    normal = moved[:, :2000] / (10 * share * np.array([[0.01], [0.04], [0.16]]))
    assert np.abs(normal.mean(axis=1)).max() < 0.1
    assert np.abs(normal.std(axis=1) - 1).max() < 0.05
    assert np.abs(np.corrcoef(normal) - np.eye(3)).max() < 0.08


def test_hostile_gaussians_neither_crash_nor_poison_the_picture() -> None:
    values = some_gaussians(8, 1)
    values[SCALE, 0], values[SCALE, 1], values[QUAT, 2], values[OPACITY, 3] = 60, -60, 0, 80
    values[MEAN, 4] = 1e20
    picture = start(values, 1).render(camera(), 1)
    assert np.isfinite(picture).all()


def test_an_empty_scene_is_black() -> None:
    engine = start(some_gaussians(3, 0), 0)
    empty = np.zeros((row_count(0), 0), np.float32)
    engine.set(State(empty, empty, empty))
    assert not engine.render(camera(), 0).any()
