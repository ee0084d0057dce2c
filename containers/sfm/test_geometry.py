"""Similarity, GPS, up and the usable rule on made-up geometry."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pycolmap
import pytest

from sfm.capture import Gps
from sfm.gps import check_gps, to_local
from sfm.similarity import Similarity, fit, fit_robustly
from sfm.upright import covered, find_up, upright_similarity
from sfm.usable import shared_points, usable_images


def rotation(seed: int) -> np.ndarray:
    q, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    return q * np.sign(np.linalg.det(q))


def fixes(local: np.ndarray) -> list[Gps]:
    """GPS around 46.8 N of local east, north, up metres, by the slopes of `to_local` itself (tested on its own)."""
    at = Gps(46.8, -92.0, 200.0)
    slope = to_local([Gps(46.8 + 1e-4, -92.0, 200.0), Gps(46.8, -92.0 + 1e-4, 200.0)], at)
    return [Gps(46.8 + n / slope[0, 1] * 1e-4, -92.0 + e / slope[1, 0] * 1e-4, 200.0 + u) for e, n, u in local]


def test_fit_finds_the_similarity_that_made_the_points() -> None:
    points = np.random.default_rng(1).normal(size=(10, 3))
    made = Similarity(2.5, rotation(3), np.array([1.0, -2.0, 3.0]))
    found = fit(points, made.apply(points))
    assert found.scale == pytest.approx(2.5)
    np.testing.assert_allclose(found.rotation, made.rotation, atol=1e-9)


def test_a_robust_fit_ignores_outliers() -> None:
    random = np.random.default_rng(2)
    points = random.normal(size=(20, 3))
    target = Similarity(3.0, rotation(4), np.zeros(3)).apply(points)
    target[:5] += random.normal(size=(5, 3)) * 50
    found, inliers = fit_robustly(points, target, seed=0)
    assert found.scale == pytest.approx(3.0) and inliers.sum() == 15


def test_a_degree_of_latitude_is_111_km() -> None:
    east, north, up = to_local([Gps(46.01, 7.0, 0.0)], Gps(46.0, 7.0, 0.0))[0]
    assert north == pytest.approx(1111.5, abs=1) and abs(east) < 1e-6 and abs(up) < 0.2


def flight(seed: int = 5) -> np.ndarray:
    random = np.random.default_rng(seed)
    return np.c_[random.uniform(-50, 50, (15, 2)), random.uniform(-1, 1, 15)]


def test_good_gps_gives_metres() -> None:
    local = flight()
    model = local @ rotation(6).T / 7
    check = check_gps(model, fixes(local + np.random.default_rng(7).normal(size=local.shape) * 0.5), seed=0)
    assert check.similarity is not None and check.similarity.scale == pytest.approx(7, rel=0.05)
    assert check.rms_m is not None and 0.3 < check.rms_m < 1.5


def test_bad_gps_is_refused_with_its_residual() -> None:
    local = flight()
    check = check_gps(local / 7, fixes(local + np.random.default_rng(8).normal(size=local.shape) * 15), seed=0)
    assert check.similarity is None and "disagrees" in check.why and check.rms_m is not None and check.rms_m > 5


def test_cameras_on_one_line_are_refused() -> None:
    local = np.c_[np.linspace(-50, 50, 10), np.zeros((10, 2))]
    check = check_gps(local, fixes(local + np.random.default_rng(9).normal(size=local.shape) * 0.5), seed=0)
    assert check.similarity is None and "one line" in check.why


@pytest.mark.parametrize("count", [0, 3])
def test_few_fixes_are_refused(count: int) -> None:
    assert check_gps(flight()[:count], fixes(flight()[:count]), seed=0).similarity is None


def synthetic(photos: int = 6, points: int = 200) -> pycolmap.Reconstruction:
    options = pycolmap.SyntheticDatasetOptions()
    options.num_rigs, options.num_cameras_per_rig = 1, 1
    options.num_frames_per_rig, options.num_points3D = photos, points
    pycolmap.set_random_seed(1)
    return pycolmap.synthesize_dataset(options)


def test_shared_points_agree_with_a_slow_count() -> None:
    model = synthetic()
    slow: dict[tuple[int, int], int] = {}
    for point in model.points3D.values():
        for pair in combinations(sorted({e.image_id for e in point.track.elements}), 2):
            slow[pair] = slow.get(pair, 0) + 1
    assert {(a, b): n for a, b, n in shared_points(model)} == slow


def test_a_photo_that_sees_few_points_does_not_count() -> None:
    model = synthetic()
    weak = min(model.reg_image_ids())
    seen = [e for p in model.points3D.values() for e in p.track.elements if e.image_id == weak]
    for element in seen[29:]:
        model.delete_observation(weak, element.point2D_idx)
    usable = usable_images(model)
    assert weak not in usable.images and "29 points" in usable.reasons[weak]
    assert len(usable.images) == model.num_reg_images() - 1


def test_up_is_turned_to_z_whatever_the_models_frame() -> None:
    model = synthetic(12)
    up = find_up(model, {}, None)
    model.transform(pycolmap.Sim3d(3.0, pycolmap.Rotation3d(rotation(11)), np.array([5.0, 1.0, 2.0])))
    turned = find_up(model, {}, None)
    np.testing.assert_allclose(turned, rotation(11) @ up, atol=1e-6)
    area = covered(model, turned)
    to = upright_similarity(area)
    np.testing.assert_allclose(to.rotation @ turned, [0, 0, 1], atol=1e-9)
    np.testing.assert_allclose(to.apply(area.center[None])[0], 0, atol=1e-9)
