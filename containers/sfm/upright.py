"""Which way is up where GPS does not say, and which part of the model is well covered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pycolmap

from sfm.similarity import Points, Similarity

# EXIF orientation: clockwise quarter turns of "up" in the stored picture's axes (x right, y down).
UP_IN_PICTURE = {1: (0, -1), 2: (0, -1), 3: (0, 1), 4: (0, 1), 5: (-1, 0), 6: (-1, 0), 7: (1, 0), 8: (1, 0)}

# Radius that a model without metres gets.
RADIUS_UNITS = 10.0

# Points seen by this many photos are well covered: two only triangulate, the third confirms.
COVERED_BY = 3


@dataclass(frozen=True)
class Covered:
    """The well covered part of a model in its own units: centre (3,), radius, unit up vector (3,)."""

    center: Points
    radius: float
    up: Points


def find_up(model: pycolmap.Reconstruction, orientations: dict[int, int], hint: Points | None) -> Points:
    """A unit vector in model axes. `orientations`: EXIF's by image id; `hint`: a rough up, from poor GPS.

    Flat ground seen from above: the normal of the ground, towards the cameras. Else people and drones hold the horizon
    level, so "right" in all pictures lies in one plane and up is its normal (as in COLMAP's model_orientation_aligner).
    """
    ups, rights, views = _axes(model, orientations)
    normal = _ground_normal(model, -views.mean(axis=0))
    looking_one_way = np.linalg.norm(views.mean(axis=0)) > 0.9
    mean_up = ups.mean(axis=0)
    guess = hint if hint is not None else mean_up if np.linalg.norm(mean_up) > 0.5 or not looking_one_way else normal
    if normal @ guess > np.cos(np.radians(30)) * np.linalg.norm(guess):
        return normal
    values, vectors = np.linalg.eigh(rights.T @ rights / len(rights))
    candidate = vectors[:, 0] * (1 if vectors[:, 0] @ guess >= 0 else -1)
    # Two small eigenvalues: all pictures look the same way and "right" leaves a whole plane open.
    return candidate if values[1] > 0.05 and hint is None else _unit(guess)


def covered(model: pycolmap.Reconstruction, up: Points) -> Covered:
    """Median of the points that at least three photos see, and the radius that holds 80 % of them."""
    points = np.array([p.xyz for p in model.points3D.values() if p.track.length() >= COVERED_BY])
    if len(points) < 10:
        points = np.array([p.xyz for p in model.points3D.values()])
    center = np.median(points, axis=0)
    radius = float(np.quantile(np.linalg.norm(points - center, axis=1), 0.8))
    return Covered(center, max(radius, 1e-9), up)


def upright_similarity(area: Covered) -> Similarity:
    """Turns `up` to +z, puts the covered centre at the origin and its radius at 10 units."""
    z = _unit(area.up)
    helper = np.eye(3)[int(np.argmin(np.abs(z)))]
    x = _unit(np.cross(helper, z))
    rotation = np.stack([x, np.cross(z, x), z])
    scale = RADIUS_UNITS / area.radius
    return Similarity(scale, rotation, -scale * rotation @ area.center)


def _axes(model: pycolmap.Reconstruction, orientations: dict[int, int]) -> tuple[Points, Points, Points]:
    """Up, right and viewing direction of each registered picture in model axes, each (n, 3)."""
    ups, rights, views = [], [], []
    for image_id in model.reg_image_ids():
        world_from_camera = model.image(image_id).cam_from_world().rotation.matrix().T
        x, y = UP_IN_PICTURE.get(orientations.get(image_id, 1), (0, -1))
        ups.append(world_from_camera @ [x, y, 0])
        rights.append(world_from_camera @ [-y, x, 0])
        views.append(world_from_camera[:, 2])
    return np.array(ups), np.array(rights), np.array(views)


def _ground_normal(model: pycolmap.Reconstruction, towards: Points) -> Points:
    """Normal of the plane through the middle 80 % of the points, on the side of `towards`."""
    points = np.array([p.xyz for p in model.points3D.values()])
    distances = np.linalg.norm(points - np.median(points, axis=0), axis=1)
    inner = points[distances <= np.quantile(distances, 0.8)]
    normal = np.linalg.svd(inner - inner.mean(axis=0), full_matrices=False)[2][2]
    return normal if normal @ towards >= 0 else -normal


def _unit(vector: Points) -> Points:
    length = float(np.linalg.norm(vector))
    return vector / length if length > 0 else np.array([0.0, 0.0, 1.0])
