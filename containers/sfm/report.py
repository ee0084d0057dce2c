"""report.json: what was measured, and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pycolmap
from common.machine import peak_bytes

from sfm.capture import Photo
from sfm.photos import Prepared, Unreadable
from sfm.placing import Placement
from sfm.solving import Solution

# Coverage: a cell is a tenth of the picture a side. A point that three photos see is fixed; where only one or two look,
# held-out photos lose about 8 dB (measured on brighton-beach and caliterra-a, against 6 and more).
CELLS = 10
COVERING_PHOTOS = 3


def unregistered(photos: list[Prepared], unreadable: list[Unreadable], solution: Solution) -> list[dict[str, Any]]:
    """Each photo that did not join: name, reason in words, and how many points it sees (0 where it has no pose)."""
    kept = set(solution.usable.images)
    by_name = {image.name: image_id for image_id, image in solution.model.images.items()} if solution.model else {}
    elsewhere = {
        model.image(i).name: model.num_reg_images()
        for model in reversed(solution.models)
        if model is not solution.model
        for i in model.reg_image_ids()
    }
    rows = [_row(bad.photo, bad.reason, 0) for bad in unreadable]
    for photo in photos:
        image_id = by_name.get(photo.name)
        if image_id is not None and image_id in kept:
            continue
        if image_id in solution.usable.reasons:
            rows.append(_row(photo.photo, solution.usable.reasons[image_id], solution.usable.points[image_id]))
        elif photo.name in elsewhere:
            rows.append(_row(photo.photo, f"joined another model of {elsewhere[photo.name]} photos", 0))
        else:
            rows.append(_row(photo.photo, "too few matches with the photos that joined", 0))
    return sorted(rows, key=lambda row: str(row["file"]))


def coverage(model: pycolmap.Reconstruction) -> float | None:
    """Share of the registered photos' cells that hold a point seen by at least three photos; None without a photo."""
    shares = [_covered_share(model, model.image(i)) for i in model.reg_image_ids()]
    return float(np.mean(shares)) if shares else None


def _covered_share(model: pycolmap.Reconstruction, image: pycolmap.Image) -> float:
    camera = model.camera(image.camera_id)
    cells = np.zeros((CELLS, CELLS), dtype=bool)
    seen = image.get_observation_points2D()
    fixed = [p.xy for p in seen if model.point3D(p.point3D_id).track.length() >= COVERING_PHOTOS]
    if fixed:
        xy = np.array(fixed) / (camera.width, camera.height) * CELLS
        column, row = np.clip(xy.astype(int), 0, CELLS - 1).T
        cells[row, column] = True
    return float(cells.mean())


def cameras(model: pycolmap.Reconstruction, priors: dict[int, float | None]) -> list[dict[str, Any]]:
    """The lenses of the kept photos before undistortion, in pixels of the prepared photos."""
    used = sorted({model.image(image_id).camera_id for image_id in model.reg_image_ids()})
    return [
        {
            "model": model.camera(i).model_name,
            "widthPx": model.camera(i).width,
            "heightPx": model.camera(i).height,
            "focalPx": _short(model.camera(i).focal_length),
            "focalPriorPx": _short(priors.get(i)),
            "params": [_short(p) for p in model.camera(i).params],
        }
        for i in used
    ]


def gps(placement: Placement) -> dict[str, Any]:
    """What GPS said about the model: used or why not; residuals in metres over `photos` photos."""
    check = placement.gps
    residual = (
        None
        if check.rms_m is None
        else {
            "rms": _short(check.rms_m),
            "horizontal": _short(check.horizontal_m),
            "vertical": _short(check.vertical_m),
        }
    )
    origin = check.origin if placement.metric else None
    return {
        "used": placement.metric,
        "residualM": residual,
        "limitM": _short(check.limit_m),
        "photos": check.photos,
        "why": check.why or None,
        "origin": {"lat": origin.lat, "lon": origin.lon, "altM": _short(origin.alt_m)} if origin else None,
    }


def compose(
    *,
    registered: list[str],
    missing: list[dict[str, Any]],
    solution: Solution,
    model: pycolmap.Reconstruction | None,
    placement: Placement | None,
    lenses: list[dict[str, Any]],
    seconds: dict[str, float],
) -> dict[str, Any]:
    """The whole report. Without a model only names, reasons and checks."""
    area = placement.covered if placement else None
    return {
        "registered": registered,
        "unregistered": missing,
        "models": [{"photos": m.num_reg_images(), "points": m.num_points3D()} for m in solution.models],
        "reprojectionErrorPx": _short(model.compute_mean_reprojection_error()) if model else None,
        "reprojectionLimitPx": pycolmap.IncrementalMapperOptions().filter_max_reproj_error,
        "coverage": _short(coverage(model)) if model else None,
        "meanTrackLength": _short(model.compute_mean_track_length()) if model else None,
        "points": model.num_points3D() if model else 0,
        "cameras": lenses,
        "gps": gps(placement) if placement else None,
        "metric": placement.metric if placement else False,
        "mapper": solution.mapper,
        "checks": solution.checks,
        "seconds": {step: round(value, 2) for step, value in seconds.items()},
        "peakBytes": peak_bytes(),
        "versions": {"pycolmap": pycolmap.__version__},
        "covered": {
            "center": [_short(v) for v in area.center],
            "radius": _short(area.radius),
            "up": [_short(v) for v in area.up],
        }
        if area
        else None,
    }


def _row(photo: Photo, reason: str, points: int) -> dict[str, Any]:
    return {"file": photo.file, "reason": reason, "points": points}


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.6g}")
