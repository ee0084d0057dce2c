"""One start of the stage: its settings, its folders, its clock, and when it gives up."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import pycolmap
from common.files import write_json
from common.stage import Stage, StageFailure

from sfm.capture import Capture

# Fewer photos than this make no model worth a run; under this share of the photos it is not the place photographed.
LEAST_PHOTOS = 3
LEAST_SHARE = 0.4


@dataclass
class Settings:
    """`max_image_size_px`: longer side for features and for the undistorted photos; `undistort_size_px`: 0 the same."""

    max_image_size_px: int = 1000
    max_features: int = 4096
    threads: int = 0
    mapper: Literal["auto", "incremental", "global"] = "auto"
    align_to_gps: bool = True
    undistort_size_px: int = 0
    seed: int = 0

    def __post_init__(self) -> None:
        for name, least in (
            ("max_image_size_px", 200),
            ("max_features", 100),
            ("threads", 0),
            ("undistort_size_px", 0),
        ):
            if getattr(self, name) < least:
                raise ValueError(f"{name} is less than {least}")


@dataclass
class Run:
    """What one start works with; `seconds` collects the wall time of each step for the report."""

    stage: Stage[Settings]
    capture: Capture
    threads: int
    token: pycolmap.CancellationToken
    seconds: dict[str, float]

    @property
    def work(self) -> Path:
        """Scaled photos and the database: kept until the stage is done."""
        return self.stage.out / "work"

    @property
    def database(self) -> Path:
        """COLMAP's database of features and pairs: what a next start continues from."""
        return self.work / "database.db"

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Adds the wall time of a block to the report."""
        began = time.monotonic()
        yield
        self.seconds[step] = self.seconds.get(step, 0.0) + time.monotonic() - began


def refuse_too_few(joined: int, of: int) -> None:
    """Raises StageFailure 65 `run/sfm-few` where the photos that joined make no model of the place."""
    if joined < LEAST_PHOTOS or joined < LEAST_SHARE * of:
        remedy = (
            "Photograph the place with more overlap: each spot in at least three photos, "
            "taken from steps to the side, sharp and equally lit."
        )
        raise StageFailure(65, "run/sfm-few", f"{joined} of {of} photos joined.", remedy)


def fresh_work(run: Run) -> None:
    """Empties OUT/work when it belongs to other photos or settings than this start's."""
    manifest = (run.stage.inputs / "manifest" / "manifest.json").read_bytes()
    recipe = {
        "settings": asdict(run.stage.settings),
        "manifest": hashlib.sha256(manifest).hexdigest(),
        "pycolmap": pycolmap.__version__,
    }
    path = run.work / "recipe.json"
    if not path.is_file() or json.loads(path.read_text()) != recipe:
        shutil.rmtree(run.work, ignore_errors=True)
        write_json(path, recipe)
    _drop_damaged(run)


def _drop_damaged(run: Run) -> None:
    """A database that cannot be opened any more is made anew, or the run could never continue."""
    if not run.database.exists():
        return
    try:
        with closing(pycolmap.Database.open(run.database)) as database:
            database.num_images()
    except RuntimeError as error:
        run.stage.warn(
            "run/database", f"The kept features are damaged: {error}.", "Nothing to do: they are made again."
        )
        for path in run.work.glob("database.db*"):
            path.unlink()
