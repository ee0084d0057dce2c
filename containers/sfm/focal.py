"""Whether the geometry fixes the focal length, or the header's is the better witness."""

from __future__ import annotations

from dataclasses import dataclass

import pycolmap

# EXIF focal lengths are rounded (20 mm equivalent: +-2.5 %) and lenses breathe; more than this is a contradiction.
SUSPICIOUS_DEPARTURE = 0.10

# brighton-beach (straight down, one height): the focal runs from 914 to 1110 px for a gain of 1 % in error: the photos
# do not fix it. Where they do, a wrong focal costs far more (caliterra-a with a focal 70 % off: 0.44 -> 0.69 px).
LEAST_GAIN = 0.02

# A fixed focal that loses more than this share of the observations does not explain the photos as well.
LEAST_KEPT = 0.95


@dataclass(frozen=True)
class Departure:
    """A camera whose refined focal contradicts its header: both in px."""

    camera_id: int
    prior_px: float
    refined_px: float


def departures(model: pycolmap.Reconstruction, priors: dict[int, float | None]) -> list[Departure]:
    """Cameras that registered photos use and whose focal moved by more than 10 % from the header's."""
    used = {model.image(image_id).camera_id for image_id in model.reg_image_ids()}
    found = []
    for camera_id in sorted(used):
        prior, refined = priors.get(camera_id), float(model.camera(camera_id).focal_length)
        if prior is not None and abs(refined / prior - 1) > SUSPICIOUS_DEPARTURE:
            found.append(Departure(camera_id, prior, refined))
    return found


def prefers_fixed(refined: pycolmap.Reconstruction, fixed: pycolmap.Reconstruction) -> bool:
    """True where the model with the header's focal explains the photos practically as well as the refined one."""
    if fixed.num_reg_images() < refined.num_reg_images():
        return False
    gain = 1 - refined.compute_mean_reprojection_error() / max(fixed.compute_mean_reprojection_error(), 1e-9)
    kept = fixed.compute_num_observations() / max(refined.compute_num_observations(), 1)
    return gain < LEAST_GAIN and kept > LEAST_KEPT
