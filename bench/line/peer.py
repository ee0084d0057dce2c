"""The peer of the sfm stage: pycolmap's own pipeline, features + exhaustive matching + incremental mapping, on the same photos.

Prints one JSON object: seconds and CPU seconds a step, registered photos, points, reprojection error in px.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pycolmap


def _clock() -> tuple[float, float]:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter(), usage.ru_utime + usage.ru_stime


def main(argv: list[str]) -> int:
    """Runs the pipeline on the folder argv[0] at the long side argv[1] px."""
    photos, size = Path(argv[0]), int(argv[1])
    steps: dict[str, dict[str, float]] = {}

    def timed(name: str, work: Any) -> Any:
        wall, cpu = _clock()
        result = work()
        end_wall, end_cpu = _clock()
        steps[name] = {"s": round(end_wall - wall, 2), "cpuS": round(end_cpu - cpu, 2)}
        return result

    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "database.db"
        extraction = pycolmap.FeatureExtractionOptions()
        extraction.max_image_size = size
        timed("features", lambda: pycolmap.extract_features(
            database, photos, camera_mode=pycolmap.CameraMode.SINGLE, extraction_options=extraction))
        timed("pairs", lambda: pycolmap.match_exhaustive(database))
        models = timed("map", lambda: pycolmap.incremental_mapping(database, photos, Path(folder) / "sparse"))
        best = max(models.values(), key=lambda model: model.num_reg_images(), default=None)
    print(json.dumps({
        "steps": steps,
        "registered": best.num_reg_images() if best else 0,
        "points": best.num_points3D() if best else 0,
        "reprojectionErrorPx": round(best.compute_mean_reprojection_error(), 3) if best else None,
        "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
