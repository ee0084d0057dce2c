"""From verified pairs to the one model that is believed: mapper, focal and the checks that were made."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pycolmap

from sfm.focal import departures, prefers_fixed
from sfm.mapping import MapperSettings, map_globally, map_incrementally
from sfm.similarity import fit, residuals
from sfm.usable import Usable, usable_images

# The global mapper is asked when the incremental one places fewer than this share of the photos that hang together.
FEW = 0.75

# Share of the camera spread by which two mappers may differ. Measured: right models agree to 0.001, wrong ones are
# 0.16 to 0.71 off.
LARGEST_DISAGREEMENT = 0.05

# Degrees between the rays to a point, median: a "reconstruction" out of pure rotation has none.
LEAST_ANGLE_DEG = 2.0

SAMPLED_POINTS = 1000


@dataclass
class Solution:
    """The chosen model (None: nothing was reconstructed), all models of its mapper, and the checks as {code, what}."""

    model: pycolmap.Reconstruction | None = None
    usable: Usable = field(default_factory=lambda: Usable([], {}, {}))
    models: list[pycolmap.Reconstruction] = field(default_factory=list)
    mapper: str = "incremental"
    checks: list[dict[str, str]] = field(default_factory=list)

    def note(self, code: str, what: str) -> None:
        """Remembers what was checked and what came out."""
        self.checks.append({"code": code, "what": what})


def solve(settings: MapperSettings, mapper: str, priors: dict[int, float | None], connected: int) -> Solution:
    """`mapper`: auto, incremental or global. `priors`: header's focal in px by camera id. `connected`: photos that hang
    together by verified pairs."""
    solution = Solution(mapper="global") if mapper == "global" else _incremental(settings, priors)
    wants_global = mapper == "global" or (mapper == "auto" and len(solution.usable.images) < FEW * connected)
    if wants_global:
        _try_global(settings, solution, forced=mapper == "global")
    return solution


def _incremental(settings: MapperSettings, priors: dict[int, float | None]) -> Solution:
    solution = _best(map_incrementally(settings), "incremental")
    if solution.model is None:
        return solution
    moved = departures(solution.model, priors)
    if not moved:
        known = [c for c in priors if priors[c] is not None]
        solution.note(
            "focal/header",
            f"The focal length agrees with the photos' headers within 10 % ({len(known)} cameras)."
            if known
            else "The photos' headers tell no focal length, so it could not be checked.",
        )
        return solution
    said = ", ".join(f"{d.refined_px:.0f} px against {d.prior_px:.0f} px" for d in moved)
    fixed = _best(map_incrementally(settings, refine_focal=False), "incremental")
    if fixed.model is not None and prefers_fixed(solution.model, fixed.model):
        fixed.note(
            "focal/kept",
            f"Refining moved the focal length ({said}, by the header) without explaining the photos "
            "better, so the header's was kept.",
        )
        return fixed
    solution.note("focal/departs", f"The photos ask for another focal length than their headers tell: {said}.")
    return solution


def _best(models: list[pycolmap.Reconstruction], mapper: str) -> Solution:
    judged = [(usable_images(model), model) for model in models]
    if not judged:
        return Solution(mapper=mapper)
    usable, model = max(judged, key=lambda pair: (len(pair[0].images), pair[1].num_points3D()))
    return Solution(model, usable, models, mapper)


def _try_global(settings: MapperSettings, solution: Solution, forced: bool) -> None:
    """Takes the global mapper's model if it holds more usable photos and stands the checks (or was asked for)."""
    other = _best(map_globally(settings), "global")
    if other.model is None:
        solution.note("global/none", "The global mapper found no model.")
        return
    doubt = _doubt(other, solution.models)
    gained = len(other.usable.images) - len(solution.usable.images)
    if doubt:
        solution.note("global/doubtful", f"The global mapper's model is doubtful: {doubt}.")
    if forced or (gained > 0 and not doubt):
        if not forced:
            solution.note(
                "global/taken",
                f"The incremental mapper placed {len(solution.usable.images)} photos, the global one "
                f"{len(other.usable.images)}; where both have a photo they agree.",
            )
        solution.model, solution.usable, solution.models = other.model, other.usable, other.models
        solution.mapper = "global"
    elif not doubt:
        solution.note("global/no-gain", "The global mapper placed no more photos.")


def _doubt(other: Solution, incremental: list[pycolmap.Reconstruction]) -> str:
    """Why a global model is not believed; empty where nothing speaks against it."""
    assert other.model is not None
    angle = median_angle_deg(other.model)
    if angle < LEAST_ANGLE_DEG:
        return f"its points are seen under {angle:.1f} degrees only"
    for model in incremental:
        off = disagreement(other.model, model, set(other.usable.images) & set(usable_images(model).images))
        if off is not None and off > LARGEST_DISAGREEMENT:
            return f"its camera centres are {off:.0%} of the extent off the incremental model's"
    return ""


def disagreement(a: pycolmap.Reconstruction, b: pycolmap.Reconstruction, image_ids: set[int]) -> float | None:
    """Rms distance of common camera centres after the best similarity as a share of their spread; None under 4."""
    ids = sorted(image_ids)
    if len(ids) < 4:
        return None
    source = np.array([a.image(i).projection_center() for i in ids])
    target = np.array([b.image(i).projection_center() for i in ids])
    off = residuals(fit(source, target), source, target)
    spread = float(np.sqrt(((target - target.mean(axis=0)) ** 2).sum(axis=1).mean()))
    return float(np.sqrt((off**2).mean())) / max(spread, 1e-12)


def median_angle_deg(model: pycolmap.Reconstruction) -> float:
    """Median over points of the largest angle between two rays to the point."""
    centres = {i: model.image(i).projection_center() for i in model.reg_image_ids()}
    points = list(model.points3D.values())
    angles = []
    for point in points[:: max(1, len(points) // SAMPLED_POINTS)]:
        rays = np.array([centres[e.image_id] - point.xyz for e in point.track.elements if e.image_id in centres])
        rays /= np.linalg.norm(rays, axis=1, keepdims=True)
        angles.append(np.degrees(np.arccos(np.clip((rays @ rays.T).min(), -1, 1))))
    return float(np.median(angles)) if angles else 0.0
