"""GPS against the reconstruction: whether it is good enough to give metres, north and up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sfm.capture import Gps
from sfm.similarity import Points, Similarity, fit_robustly

# WGS84.
SEMI_MAJOR_M = 6378137.0
ECCENTRICITY_2 = 6.69437999014e-3

MIN_PHOTOS = 4

# The rms residual may be this share of the rms distance of the cameras from their centre. Measured: brighton-beach
# 0.62 m of 44 m; caliterra-a's compact camera 17 m of 38 m and monstree-12 3 m of 3 m around a tree (both refused).
LARGEST_RESIDUAL = 0.05

# Cameras on one line leave the roll about that line open: their second spread must stand out of the noise.
LEAST_SPREAD = 3.0

LEAST_INLIERS = 0.7


@dataclass(frozen=True)
class GpsCheck:
    """The verdict: `similarity` from the model to local metres (x east, y north, z up, at `origin`), or why not.

    `hint` is the same similarity where GPS is too poor for metres but still tells which way is up.
    Residuals in metres over all photos with GPS; `limit_m`: the rms beyond which GPS is refused.
    """

    similarity: Similarity | None
    hint: Similarity | None
    origin: Gps | None
    photos: int
    why: str
    rms_m: float | None = None
    horizontal_m: float | None = None
    vertical_m: float | None = None
    limit_m: float | None = None


def check_gps(centres: Points, fixes: list[Gps], seed: int) -> GpsCheck:
    """Compares camera centres (n, 3) in model units with the GPS fixes of the same photos."""
    if len(fixes) < MIN_PHOTOS:
        return GpsCheck(
            None, None, None, len(fixes), f"only {len(fixes)} registered photos have GPS, {MIN_PHOTOS} are needed"
        )
    origin = Gps(*np.median([(g.lat, g.lon, g.alt_m) for g in fixes], axis=0))
    target = to_local(fixes, origin)
    spread = np.sqrt(np.linalg.svd(target - target.mean(axis=0), compute_uv=False) ** 2 / len(fixes))
    if spread[0] < 1e-3:
        return GpsCheck(None, None, origin, len(fixes), "all photos have the same GPS fix")
    similarity, inliers = fit_robustly(centres, target, seed)
    error = similarity.apply(centres) - target
    rms = float(np.sqrt((error**2).sum(axis=1).mean()))
    numbers = {
        "rms_m": rms,
        "horizontal_m": float(np.sqrt((error[:, :2] ** 2).sum(axis=1).mean())),
        "vertical_m": float(np.sqrt((error[:, 2] ** 2).mean())),
    }
    extent = float(np.sqrt((spread**2).sum()))
    numbers["limit_m"] = LARGEST_RESIDUAL * extent
    why = _refusal(rms, extent, float(spread[1]), float(inliers.mean()))
    if not why:
        return GpsCheck(similarity, similarity, origin, len(fixes), "", **numbers)
    # 0.3 of the extent is a lever arm of 17 degrees: enough to tell up from sideways, not enough for metres.
    hint = similarity if rms < 0.3 * extent and spread[1] > rms else None
    return GpsCheck(None, hint, origin, len(fixes), why, **numbers)


def _refusal(rms: float, extent: float, second_spread: float, inliers: float) -> str:
    if rms > LARGEST_RESIDUAL * extent:
        return f"GPS disagrees with the photos by {rms:.1f} m over a flight of {extent:.0f} m around its centre"
    if second_spread < LEAST_SPREAD * rms:
        return "the cameras lie on one line, so GPS does not tell which way is up"
    if inliers < LEAST_INLIERS:
        return f"only {inliers:.0%} of the GPS fixes agree with each other"
    return ""


def to_local(fixes: list[Gps], origin: Gps) -> Points:
    """East, north, up in metres around `origin`, shape (n, 3), by way of ECEF."""
    difference = np.array([_ecef(g) for g in fixes]) - np.array(_ecef(origin))
    lat, lon = np.radians(origin.lat), np.radians(origin.lon)
    east = [-np.sin(lon), np.cos(lon), 0.0]
    north = [-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)]
    up = [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]
    local: Points = difference @ np.array([east, north, up]).T
    return local


def _ecef(fix: Gps) -> tuple[float, float, float]:
    lat, lon = np.radians(fix.lat), np.radians(fix.lon)
    n = SEMI_MAJOR_M / np.sqrt(1 - ECCENTRICITY_2 * np.sin(lat) ** 2)
    return (
        float((n + fix.alt_m) * np.cos(lat) * np.cos(lon)),
        float((n + fix.alt_m) * np.cos(lat) * np.sin(lon)),
        float((n * (1 - ECCENTRICITY_2) + fix.alt_m) * np.sin(lat)),
    )
