"""The trainer's parts: MCMC's formula, ply, checkpoints, names, sizes, schedule, figures."""

from __future__ import annotations

from math import comb
from pathlib import Path

import numpy as np
import pytest
from checkpoint import Checkpoint, clear, newest, save
from colmap_reader import read_model
from common.failure import StageFailure
from dataset import World, split, training_size
from evaluate import render_names
from init import neighbour_distance
from mcmc import refine, shared, within
from ply import properties, read_ply, write_ply
from quality import explained, psnr, ssim
from schedule import Schedule
from settings import TrainSettings
from trainer import visible

from engine import MEAN, OPACITY, QUAT, SCALE, SH, Refinement, State, row_count


def some_state(count: int, degree: int = 1, seed: int = 0) -> State:
    rng = np.random.default_rng(seed)
    return State(*(rng.normal(size=(row_count(degree), count)).astype(np.float32) for _ in range(3)))


@pytest.mark.parametrize("copies", [1, 2, 3, 7])
def test_relocation_follows_equation_9(copies: int) -> None:
    opacity = np.array([0.05, 0.5, 0.95])
    new, factor = shared(opacity, np.full(3, copies))
    assert np.allclose(1 - (1 - new) ** copies, opacity)
    for o, n, f in zip(opacity, new, factor, strict=True):
        terms = [
            comb(i - 1, k) * (-1) ** k * n ** (k + 1) / np.sqrt(k + 1) for i in range(1, copies + 1) for k in range(i)
        ]
        assert f == pytest.approx(o / sum(terms))


def test_copies_together_weigh_as_much_on_a_ray_as_the_one_before() -> None:
    # What the formula is for: the integral over a 1D cross-section of the blended copies equals the original's.
    opacity, copies = 0.8, 4
    (new,), (factor,) = shared(np.array([opacity]), np.array([copies]))
    x = np.linspace(-12, 12, 20001)
    before = opacity * np.exp(-(x**2) / 2)
    after = 1 - (1 - new * np.exp(-(x**2) / (2 * factor**2))) ** copies
    assert after.sum() == pytest.approx(before.sum(), rel=1e-3)


def test_refinement_moves_the_dead_grows_to_the_target_and_clears_moments() -> None:
    state = some_state(60)
    state.values[OPACITY, :40] = 2.0
    state.values[OPACITY, :10] = -8.0  # dead
    before = state.values.copy()
    count = refine(state, 40, 50, Refinement(100, 50, 0.005, 1))
    assert count == 50
    opacity = 1 / (1 + np.exp(-state.values[OPACITY, :50]))
    assert (opacity > 0.005).all()
    living = {tuple(column) for column in before[MEAN, 10:40].T}
    assert all(tuple(state.values[MEAN, i]) in living for i in (*range(10), *range(40, 50)))
    assert not state.first[:, :10].any() and not state.second[:, 40:50].any()
    assert np.array_equal(state.values[:, 50:], before[:, 50:])


def test_gaussians_that_wandered_out_of_reach_are_relocated_and_never_reach_the_scene() -> None:
    state = some_state(50)
    state.values[OPACITY] = 2.0
    state.values[MEAN] = np.clip(state.values[MEAN], -1, 1)
    state.values[0, :3] = 450.0  # seen on a capture with GPS: 18 km from cameras that spanned 40 m
    assert visible(state, 10.0).count == 47
    refine(state, 50, 50, Refinement(100, 50, 0.005, 1, reach=10.0))
    assert within(state.values, 10.0).all()
    state.values[OPACITY, :5] = -7.0  # fainter than 1/255
    assert visible(state, 10.0).count == 45


def test_far_gaussians_live_but_have_no_children() -> None:
    state = some_state(90)
    state.values[OPACITY] = 2.0
    state.values[MEAN] = np.clip(state.values[MEAN], -1, 1)
    state.values[0, :30] = 5.0  # a backdrop
    state.values[OPACITY, 30:40] = -8.0  # dead
    refine(state, 60, 90, Refinement(100, 90, 0.005, 1, reach=10.0, breeds=3.0))
    assert (~within(state.values, 3.0)).sum() == 30
    assert np.array_equal(state.values[0, :30], np.full(30, 5.0, np.float32))


def test_refinement_depends_on_seed_and_iteration_only() -> None:
    a, b, c = some_state(60), some_state(60), some_state(60)
    for state, iteration in ((a, 100), (b, 100), (c, 150)):
        refine(state, 30, 60, Refinement(iteration, 60, 0.005, 1))
    assert np.array_equal(a.values, b.values) and not np.array_equal(a.values, c.values)


def test_a_ply_without_harmonics_has_colour_alone(tmp_path: Path) -> None:
    state = some_state(5, 0)
    write_ply(tmp_path / "scene.ply", state, World(np.zeros(3), 1.0), 0)
    columns = read_ply(tmp_path / "scene.ply")
    assert list(columns) == properties(0) and not any(name.startswith("f_rest") for name in columns)
    assert np.allclose(columns["f_dc_2"], state.values[SH + 2])


def test_ply_keeps_everything_and_stands_in_the_models_world(tmp_path: Path) -> None:
    state, world = some_state(7, 2), World(np.array([10.0, -4.0, 2.5]), 3.0)
    size = write_ply(tmp_path / "scene.ply", state, world, 2)
    columns = read_ply(tmp_path / "scene.ply")
    assert list(columns) == properties(2) and size == (tmp_path / "scene.ply").stat().st_size
    values = state.values
    assert np.allclose(columns["y"], values[1] * 3 - 4, atol=1e-5)
    assert np.allclose(columns["scale_2"], values[SCALE][2] + np.log(3), atol=1e-5)
    assert np.allclose(columns["opacity"], values[OPACITY])
    assert np.allclose(columns["f_dc_1"], values[SH + 1])
    # f_rest lists red's 8 coefficients, then green's: coefficient 3 of green is entry 8 + 2.
    assert np.allclose(columns["f_rest_10"], values[SH + 3 * 3 + 1])
    lengths = sum(columns[f"rot_{i}"] ** 2 for i in range(4))
    assert np.allclose(lengths, 1, atol=1e-6)
    assert np.allclose(columns["rot_0"] * np.linalg.norm(values[QUAT], axis=0), values[QUAT][0], atol=1e-6)


def test_the_newest_whole_checkpoint_of_this_run_is_found(tmp_path: Path) -> None:
    for iteration in (100, 200, 300):
        save(tmp_path, Checkpoint(iteration, some_state(5), {"loss": []}, 1.0, 2.0, 5), "mark")
    assert [path.name for path in sorted(tmp_path.glob("*.npz"))] == ["000200.npz", "000300.npz"]
    (tmp_path / "000400.npz").write_bytes((tmp_path / "000300.npz").read_bytes()[:900])  # cut off by a crash
    found = newest(tmp_path, "mark")
    assert found is not None and found.iteration == 300
    assert np.array_equal(found.state.second, some_state(5).second)
    assert newest(tmp_path, "another") is None
    assert clear(tmp_path) == 3 and not list(tmp_path.iterdir())


def test_renders_are_named_like_photos_and_never_collide() -> None:
    assert render_names(["sub/DJI_0001.JPG", "a.png"]) == {
        "sub/DJI_0001.JPG": "heldout/sub/DJI_0001.png",
        "a.png": "heldout/a.png",
    }
    assert set(render_names(["a.jpg", "a.png"]).values()) == {"heldout/a.jpg.png", "heldout/a.png.png"}


def test_every_eighth_photo_by_name_is_held_out() -> None:
    names = [f"{i:02d}.jpg" for i in range(20)][::-1]
    train, held = split(names, 8)
    assert held == ["00.jpg", "08.jpg", "16.jpg"] and len(train) == 17
    assert split(names, 0) == (sorted(names), [])


def test_photos_are_never_enlarged() -> None:
    assert training_size(4000, 3000, 480) == (480, 360)
    assert training_size(300, 400, 480) == (300, 400)


def test_the_schedule_depends_on_the_iteration_alone_and_uses_each_photo_once_an_epoch() -> None:
    settings = TrainSettings(iterations=1000, sh_degree=3, half_size_share=0.65)
    one, other = Schedule(settings, 7, 100), Schedule(settings, 7, 100)
    order = [one.photo(i) for i in range(28)]
    assert [other.photo(i) for i in reversed(range(28))] == order[::-1]
    assert all(sorted(order[e : e + 7]) == list(range(7)) for e in (0, 7, 14, 21))
    assert [one.degree(i) for i in (0, 170, 340, 999)] == [0, 1, 2, 3]
    assert one.is_half_size(649) and not one.is_half_size(650)
    last = one.refinement(849)
    assert last is not None and last.count == settings.cap
    assert one.refinement(899) is None and one.motion(950).noise == 0
    rates = [(m.scale, m.quat, m.opacity, m.sh0) for m in (one.motion(0), one.motion(850), one.motion(1000))]
    assert rates[0] == pytest.approx(rates[1]) and np.allclose(rates[2], np.array(rates[0]) / 10)


def test_figures_of_known_pictures() -> None:
    a = np.random.default_rng(1).random((20, 30, 3))
    assert psnr(a, a) == 100 and ssim(a, a) == pytest.approx(1)
    assert psnr(np.zeros((4, 4, 3)), np.full((4, 4, 3), 0.1)) == pytest.approx(20)
    flat = np.full((40, 40, 3), 0.5)
    # Far from the border both are flat: SSIM is the luminance term alone.
    assert ssim(flat[:, :], flat * 0.8) < 1
    assert ssim(a, 1 - a) < 0.1


def test_the_variance_explained_is_one_for_the_photo_and_nothing_for_its_mean_colour() -> None:
    photo = np.random.default_rng(5).random((12, 16, 3))
    flat = np.broadcast_to(photo.mean(axis=(0, 1)), photo.shape)
    assert explained(photo, photo) == 1
    assert explained(flat, photo) == pytest.approx(0)
    assert explained((photo + flat) / 2, photo) == pytest.approx(0.75)
    assert explained(1 - photo, photo) < 0


def test_neighbour_distances_are_the_slow_ones() -> None:
    points = np.random.default_rng(3).normal(size=(700, 3))
    every = np.sort(np.linalg.norm(points[:, None] - points[None], axis=2), axis=1)
    assert np.allclose(neighbour_distance(points), np.sqrt((every[:, 1:4] ** 2).mean(axis=1)), rtol=1e-2)


def test_a_broken_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StageFailure) as refusal:
        read_model(tmp_path)
    assert refusal.value.exit_code == 65
    (tmp_path / "cameras.bin").write_bytes(b"\x01\0\0\0\0\0\0\0" + b"\x01\0\0\0\x02\0\0\0")
    with pytest.raises(StageFailure):
        read_model(tmp_path)


@pytest.mark.parametrize("wrong", [{"hold_out_every": 1}, {"preview_at": "soon"}, {"iterations": 0}, {"sh_degree": 4}])
def test_impossible_settings_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"must|would|list"):
        TrainSettings(**wrong)  # type: ignore[arg-type]
