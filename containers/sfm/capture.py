"""The manifest, as far as structure from motion reads it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from common.failure import StageFailure


@dataclass(frozen=True)
class Gps:
    """A fix of WGS84: degrees and metres above the ellipsoid (or the sea: EXIF does not say)."""

    lat: float
    lon: float
    alt_m: float


@dataclass(frozen=True)
class Photo:
    """One photo of the run. `file` is its name for people, `source` the file to read, `focal_px` at `width_px`."""

    file: str
    source: Path
    width_px: int
    height_px: int
    camera: str
    focal_px: float | None
    orientation: int
    gps: Gps | None


@dataclass(frozen=True)
class Capture:
    """The photos of the run in the manifest's order, and the pairs to match (indices; None: every pair)."""

    photos: list[Photo]
    pairs: list[tuple[int, int]] | None


def read_capture(inputs: Path) -> Capture:
    """Reads IN/manifest/manifest.json and finds each photo in IN/photos. Raises StageFailure 65 `run/input`."""
    path = inputs / "manifest" / "manifest.json"
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        photos = [_photo(entry, inputs / "photos") for entry in document["photos"] if entry.get("use", True)]
        wanted = document.get("pairs")
    except OSError as error:
        raise broken_input(f"The manifest cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise broken_input(f"The manifest is damaged: {type(error).__name__}: {error}.") from error
    _refuse_repeated_names(photos)
    missing = [photo.file for photo in photos if not photo.source.is_file()]
    if missing:
        shown = ", ".join(missing[:5]) + (" …" if len(missing) > 5 else "")
        raise broken_input(f"{len(missing)} of {len(photos)} photos of the manifest are missing: {shown}.")
    return Capture(photos, _pairs(wanted, photos) if wanted is not None else None)


def broken_input(what: str) -> StageFailure:
    """The failure for an input folder that does not hold what was promised (exit 65)."""
    return StageFailure(
        65, "run/input", what, "Start a new run from the photos' folder; if it happens again, scan it again."
    )


def _photo(entry: dict[str, Any], folder: Path) -> Photo:
    gps, focal = entry.get("gps"), entry.get("focalPx")
    return Photo(
        file=_safe_name(entry["file"]),
        source=folder / _safe_name(entry["object"]),
        width_px=int(entry["widthPx"]),
        height_px=int(entry["heightPx"]),
        camera=str(entry.get("camera") or ""),
        focal_px=float(focal) if focal else None,
        orientation=int(entry.get("orientation") or 1),
        gps=Gps(float(gps["lat"]), float(gps["lon"]), float(gps.get("altM") or 0.0)) if gps else None,
    )


def _safe_name(name: str) -> str:
    """Names become paths below OUT, so a name that climbs out of its folder is refused."""
    parts = PurePosixPath(name).parts
    if not name or "\0" in name or name.startswith("/") or ".." in parts or "\\" in name or ":" in parts[0]:
        raise ValueError(f"the name {name!r} is not a relative path")
    return name


def _refuse_repeated_names(photos: list[Photo]) -> None:
    seen: set[str] = set()
    for photo in photos:
        if photo.file in seen:
            raise broken_input(f"The manifest names {photo.file} twice.")
        seen.add(photo.file)


def _pairs(wanted: list[list[str]], photos: list[Photo]) -> list[tuple[int, int]]:
    """Pairs by index, each once, smaller index first; pairs with a photo that is not part of the run are dropped."""
    index = {photo.file: i for i, photo in enumerate(photos)}
    found = {
        (min(index[a], index[b]), max(index[a], index[b])) for a, b in wanted if a in index and b in index and a != b
    }
    return sorted(found)
