"""Recomputes a run's quality figures from its files: `evaluate_run.py --run DIR --json`.

Nothing is taken from what the stages said about themselves except which photo a render belongs to and at what size.
A figure whose files are absent is null, and `absent` says why.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

ROOM = Path(__file__).resolve().parent
for _folder in (ROOM, ROOM.parent):
    if str(_folder) not in sys.path:
        sys.path.insert(0, str(_folder))

from colmap_reader import read_model  # noqa: E402
from common.failure import StageFailure  # noqa: E402
from dataset import read_photo  # noqa: E402
from evaluate import compare  # noqa: E402
from ply import read_ply  # noqa: E402

SIZED = {
    "scene.ply": "3dgs/scene.ply",
    "scene.sog": "compression/scene.sog",
    "scene.spz": "compression/scene.spz",
}


def evaluate_run(run: Path) -> dict[str, Any]:
    """All figures of the run in folder `run`."""
    absent: list[str] = []
    figures: dict[str, Any] = {
        "version": 1,
        "registered": _guarded(absent, "registered", lambda: registered(run)),
        "reprojection": _guarded(absent, "reprojection", lambda: reprojection(run)),
        "heldOut": _guarded(absent, "heldOut", lambda: held_out(run)),
        "gaussians": _guarded(absent, "gaussians", lambda: len(read_ply(run / "3dgs/scene.ply")["x"])),
        "bytes": {name: (run / path).stat().st_size for name, path in SIZED.items() if (run / path).is_file()},
    }
    return {**figures, "absent": absent}


def registered(run: Path) -> dict[str, Any]:
    """Photos in the sparse model that hold points there, of all photos that the manifest uses."""
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    used = {photo["file"] for photo in manifest["photos"] if photo.get("use", True)}
    joined = {view.name for view in read_model(run / "sfm/sparse/0").views} & used
    listed = _listed_by_sfm(run)
    return {
        "photos": len(used),
        "registered": len(joined),
        "share": round(len(joined) / len(used), 4) if used else None,
        "unregistered": sorted(used - joined),
        "agreesWithReport": None if listed is None else listed == joined,
    }


def reprojection(run: Path) -> dict[str, Any]:
    """Errors of the sparse model, anew from its points, poses and observations; px of the undistorted photos."""
    errors, seen = observation_errors(run / "sfm/sparse/0")
    if not len(errors):
        raise ValueError("the sparse model has no observations")
    tracks = read_model(run / "sfm/sparse/0").points.tracks
    return {
        "meanPx": round(float(errors.mean()), 4),
        # The mean of the points' own means: the figure that COLMAP and sfm/report.json give.
        "pointMeanPx": round(float(_means_by(seen, errors).mean()), 4),
        "rmsPx": round(float(np.sqrt((errors**2).mean())), 4),
        "observations": len(errors),
        "points": len(tracks),
        "meanTrackLength": round(float(tracks.mean()), 3),
    }


def held_out(run: Path) -> dict[str, Any]:
    """PSNR and SSIM of the kept renders against the undistorted photos, resized by the rule in metrics.json."""
    metrics = json.loads((run / "3dgs/metrics.json").read_text(encoding="utf-8"))
    views = []
    for view in metrics["heldOut"]["views"]:
        with Image.open(run / "3dgs" / view["render"]) as image:
            render = np.asarray(image.convert("RGB"))
        photo = np.asarray(read_photo(run / "sfm/images" / view["photo"], metrics["resize"]["longSidePx"]))
        if photo.shape != render.shape:
            raise ValueError(f"the render of {view['photo']} has another size than the photo")
        views.append((view["photo"], *compare(render, photo)))
    if not views:
        raise ValueError("no photo was held out")
    return {
        "views": [
            {"photo": name, "psnr": round(psnr, 4), "ssim": round(ssim, 5), "explained": round(explained, 5)}
            for name, psnr, ssim, explained in views
        ],
        "meanPsnr": round(float(np.mean([psnr for _, psnr, _, _ in views])), 4),
        "meanSsim": round(float(np.mean([ssim for _, _, ssim, _ in views])), 5),
        "meanExplained": round(float(np.mean([explained for _, _, _, explained in views])), 5),
    }


def observation_errors(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """(n,) distances in px of the observations from where their points project to; (n,) the rows of the points."""
    model = read_model(folder, with_observations=True)
    row = {int(number): i for i, number in enumerate(model.points.numbers)}
    parts = [np.empty(0)]
    seen = [np.empty(0, dtype=np.int64)]
    for view in model.views:
        known = [i for i, number in enumerate(view.seen) if int(number) in row]
        if not known:
            continue
        rows = np.array([row[int(view.seen[i])] for i in known])
        world = model.points.positions[rows]
        local = world @ view.rotation.T + view.translation
        lens = view.camera
        x = lens.fx * local[:, 0] / local[:, 2] + lens.cx
        y = lens.fy * local[:, 1] / local[:, 2] + lens.cy
        parts.append(np.hypot(x - view.pixels[known, 0], y - view.pixels[known, 1]))
        seen.append(rows)
    return np.concatenate(parts), np.concatenate(seen)


def _means_by(group: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The mean of the values of each group that has any."""
    counts = np.bincount(group)
    return np.bincount(group, weights=values)[counts > 0] / counts[counts > 0]


def _listed_by_sfm(run: Path) -> set[str] | None:
    path = run / "sfm/report.json"
    if not path.is_file():
        return None
    names = json.loads(path.read_text(encoding="utf-8")).get("registered")
    return set(names) if isinstance(names, list) and all(isinstance(name, str) for name in names) else None


def _guarded(absent: list[str], name: str, figure: Any) -> Any:
    try:
        return figure()
    except (OSError, ValueError, KeyError, TypeError, StageFailure) as error:
        absent.append(f"{name}: {error}")
        return None


def main(argv: list[str]) -> int:
    """Prints the figures; exit 65 where the folder holds no run at all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="the run's folder")
    parser.add_argument("--json", action="store_true", help="one JSON document on one line (else indented)")
    given = parser.parse_args(argv)
    if not (given.run / "sfm").is_dir() and not (given.run / "3dgs").is_dir():
        problem = {
            "code": "run/not-a-run",
            "what": f"{given.run} holds neither sfm nor 3dgs.",
            "remedy": "Name the folder of a run (its manifest.json stands in it).",
        }
        print(json.dumps(problem, separators=(",", ":")))
        return 65
    figures = evaluate_run(given.run)
    print(
        json.dumps(figures, ensure_ascii=False, separators=(",", ":")) if given.json else json.dumps(figures, indent=2)
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
