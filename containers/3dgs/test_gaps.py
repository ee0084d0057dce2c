"""Gaussians in the gaps of the sparse model: on the ground, in the photo's colours, and only beside points."""

from __future__ import annotations

import numpy as np
from dataset import Photo, Shot
from gaps import CELLS, WITHIN, gaps
from numpy.typing import NDArray

from engine import Camera

SIDE, HEIGHT = 100, 2.0


def from_above() -> Photo:
    """A photo straight down on the plane z = 0 from HEIGHT: 2 of the world wide, red grows to the right."""
    view = np.array([[1, 0, 0, 0], [0, -1, 0, 0], [0, 0, -1, HEIGHT]], np.float32)
    camera = Camera(view, SIDE, SIDE, SIDE / 2, SIDE / 2, SIDE, SIDE)
    pixels = np.zeros((3, SIDE, SIDE), np.uint8)
    pixels[0] = np.arange(SIDE)
    shot = Shot(camera, pixels)
    return Photo("a.jpg", shot, shot)


def ground_without(column: int, width: int) -> NDArray[np.float64]:
    """A point on the ground in the middle of each cell but those of `width` columns from `column` on."""
    row, place = np.mgrid[0:CELLS, 0:CELLS]
    kept = (place < column) | (place >= column + width)
    x, y = (place[kept] + 0.5) / CELLS * 2 - 1, 1 - (row[kept] + 0.5) / CELLS * 2
    return np.stack([x, y, np.zeros_like(x)], axis=1)


def test_an_empty_cell_beside_points_is_filled_on_the_ground_in_its_colour() -> None:
    positions, colours = gaps([from_above()], ground_without(4, 1), 100, 0)
    assert positions.shape == (CELLS, 3)
    assert np.allclose(positions[:, 0], 4.5 / CELLS * 2 - 1, atol=1e-6)
    assert np.allclose(positions[:, 2], 0, atol=1e-6)
    assert np.allclose(colours * 255, [44.5, 0, 0])


def test_where_no_point_is_near_nothing_is_guessed() -> None:
    positions, _ = gaps([from_above()], ground_without(3, 5), 100, 0)
    wide = {round((x + 1) / 2 * CELLS - 0.5) for x in positions[:, 0]}
    assert wide == {3, 7} and WITHIN < 2 / CELLS
    few = ground_without(0, CELLS - 1)[:5]
    assert gaps([from_above()], few, 100, 0)[0].shape == (0, 3)


def test_a_photo_of_things_at_many_depths_does_not_say_what_lies_between() -> None:
    points = ground_without(4, 1)
    points[::3, 2] = 0.6
    assert gaps([from_above()], points, 100, 0)[0].shape == (0, 3)


def test_no_more_than_allowed_and_the_same_for_the_same_seed() -> None:
    points = ground_without(4, 1)
    some = gaps([from_above()], points, 6, 3)[0]
    assert some.shape == (6, 3)
    assert np.array_equal(some, gaps([from_above()], points, 6, 3)[0])
    assert gaps([from_above()], points, 0, 3)[0].shape == (0, 3)
