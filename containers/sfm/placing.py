"""The model's frame: metres with north and up where GPS is good enough, else upright units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pycolmap

from sfm.capture import Gps
from sfm.gps import GpsCheck, check_gps
from sfm.photos import Prepared
from sfm.similarity import Similarity
from sfm.upright import Covered, covered, find_up, upright_similarity


@dataclass(frozen=True)
class Placement:
    """What GPS said, whether the model is in metres, and its well covered part in the final frame."""

    gps: GpsCheck
    metric: bool
    covered: Covered


def place(model: pycolmap.Reconstruction, photos: dict[str, Prepared], use_gps: bool, seed: int) -> Placement:
    """Transforms `model` in place. `photos`: by the model's image names."""
    image_ids = sorted(model.reg_image_ids())
    check = (
        _gps(model, image_ids, photos, seed)
        if use_gps
        else GpsCheck(None, None, None, 0, "switched off in the settings")
    )
    if check.similarity is not None:
        _transform(model, check.similarity)
        return Placement(check, True, covered(model, np.array([0.0, 0.0, 1.0])))
    orientations = {i: photos[model.image(i).name].photo.orientation for i in image_ids}
    up = find_up(model, orientations, check.hint.rotation[2] if check.hint else None)
    _transform(model, upright_similarity(covered(model, up)))
    return Placement(check, False, covered(model, np.array([0.0, 0.0, 1.0])))


def _gps(model: pycolmap.Reconstruction, image_ids: list[int], photos: dict[str, Prepared], seed: int) -> GpsCheck:
    centres, fixes = [], list[Gps]()
    for image_id in image_ids:
        image = model.image(image_id)
        fix = photos[image.name].photo.gps
        if fix is not None:
            centres.append(image.projection_center())
            fixes.append(fix)
    return check_gps(np.array(centres).reshape(-1, 3), fixes, seed)


def _transform(model: pycolmap.Reconstruction, to: Similarity) -> None:
    model.transform(pycolmap.Sim3d(to.scale, pycolmap.Rotation3d(to.rotation), to.translation))
