"""When a registered photo counts: it sees enough points and hangs together with the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pycolmap
from numpy.typing import NDArray

from sfm.matching import components

# The mapper itself wants 30 inliers to register a photo; a photo that ends with fewer is guesswork (design.md, 4).
MIN_POINTS = 30

# A link between two photos is believed from as many shared points as COLMAP asks of a verified pair.
MIN_SHARED = 15


@dataclass(frozen=True)
class Usable:
    """`images`: ids that count; `points`: 3D points that each registered id sees; `reasons`: why others do not."""

    images: list[int]
    points: dict[int, int]
    reasons: dict[int, str]


def usable_images(model: pycolmap.Reconstruction) -> Usable:
    """Applies the rule to one model: at least 30 points, and in the largest group through pairs that share 15."""
    image_ids = sorted(model.reg_image_ids())
    seen = {image_id: int(model.image(image_id).num_points3D) for image_id in image_ids}
    strong = [image_id for image_id in image_ids if seen[image_id] >= MIN_POINTS]
    links = [(a, b) for a, b, shared in shared_points(model) if shared >= MIN_SHARED and a in seen and b in seen]
    kept = set(strong)
    groups = components(strong, [(a, b) for a, b in links if a in kept and b in kept])
    largest = groups[0] if groups else []
    reasons = {i: f"sees only {seen[i]} points" for i in image_ids if seen[i] < MIN_POINTS}
    reasons |= {i: "hangs on by too few shared points" for group in groups[1:] for i in group}
    return Usable(sorted(largest), seen, reasons)


def shared_points(model: pycolmap.Reconstruction) -> list[tuple[int, int, int]]:
    """(image a, image b, number of 3D points that both see) for every pair of a model with at least one."""
    images, points = observations(model)
    if len(images) == 0:
        return []
    order = np.lexsort((images, points))
    images, points = images[order], points[order]
    base = int(images.max()) + 1
    codes: list[NDArray[np.int64]] = []
    # Pairs of one track lie `step` rows apart: as many passes as the longest track is long, no loop over points.
    for step in range(1, int(np.bincount(np.unique(points, return_inverse=True)[1]).max())):
        same = points[step:] == points[:-step]
        codes.append(images[:-step][same] * base + images[step:][same])
    if not codes:
        return []
    pairs, counts = np.unique(np.concatenate(codes), return_counts=True)
    return [
        (int(p // base), int(p % base), int(n)) for p, n in zip(pairs, counts, strict=True) if p // base != p % base
    ]


def observations(model: pycolmap.Reconstruction) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Image id and point id of each observation, two arrays of one length."""
    images: list[int] = []
    points: list[int] = []
    for point_id, point in model.points3D.items():
        track = [element.image_id for element in point.track.elements]
        images += track
        points += [point_id] * len(track)
    return np.asarray(images, dtype=np.int64), np.asarray(points, dtype=np.int64)
