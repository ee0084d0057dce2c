"""The stage `sfm`: photos in, an undistorted COLMAP model out. Rules: containers/CONTRACT.md."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pycolmap  # noqa: E402

import report  # noqa: E402
from capture import Capture, read_capture  # noqa: E402
from common.files import write_json  # noqa: E402
from common.machine import thread_count  # noqa: E402
from common.stage import Stage, StageFailure, run_stage  # noqa: E402
from features import camera_groups, extract  # noqa: E402
from mapping import MapperSettings, Stopped  # noqa: E402
from matching import largest_group, match, wanted_pairs  # noqa: E402
from photos import Prepared, Unreadable, prepare  # noqa: E402
from placing import Placement, place  # noqa: E402
from solving import Solution, solve  # noqa: E402
from undistortion import put_in_place, undistort  # noqa: E402

# Fewer photos than this make no model worth a run; under this share of the photos the place is not what was photographed.
LEAST_PHOTOS = 3
LEAST_SHARE = 0.4

# After a stop the database is valid at any moment, so a native call that does not return is simply left.
LEAVE_AFTER_STOP_S = 3.0


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
        for name, least in (("max_image_size_px", 200), ("max_features", 100), ("threads", 0), ("undistort_size_px", 0)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} is less than {least}")


@dataclass
class Run:
    """What one start works with."""

    stage: Stage[Settings]
    capture: Capture
    threads: int
    token: pycolmap.CancellationToken
    seconds: dict[str, float]

    @property
    def work(self) -> Path:
        """Scaled photos and the database: kept until the stage is done."""
        return self.stage.out / "work"

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Adds the wall time of a block to the report."""
        began = time.monotonic()
        yield
        self.seconds[step] = self.seconds.get(step, 0.0) + time.monotonic() - began


def main(argv: list[str]) -> int:
    """Entry point; returns the exit code."""
    pycolmap.logging.minloglevel = pycolmap.logging.Level.WARNING.value
    return run_stage("sfm", argv, Settings, body, leave_after_stop_s=LEAVE_AFTER_STOP_S)


def body(stage: Stage[Settings]) -> None:
    """The steps of structure from motion; each continues from what the database holds."""
    run = Run(stage, read_capture(stage.inputs), thread_count(stage.settings.threads), pycolmap.CancellationToken(), {})
    refuse_too_few(len(run.capture.photos), len(run.capture.photos))
    fresh_work(run)
    photos, unreadable = prepare_photos(run)
    if not stage.stop.is_set():
        refuse_too_few(len(photos), len(run.capture.photos))
        pairs = find_features_and_pairs(run, photos)
    if not stage.stop.is_set() and pairs is not None:
        solution = find_model(run, photos)
        if solution is not None:
            deliver(run, photos, unreadable, solution)


def refuse_too_few(joined: int, of: int) -> None:
    """Raises StageFailure 65 `run/sfm-few`."""
    if joined < LEAST_PHOTOS or joined < LEAST_SHARE * of:
        raise StageFailure(65, "run/sfm-few", f"{joined} of {of} photos joined.",
                           "Photograph the place with more overlap: each spot in at least three photos, "
                           "taken from steps to the side, sharp and equally lit.")


def fresh_work(run: Run) -> None:
    """Empties OUT/work when it belongs to other photos or settings than this start's."""
    manifest = (run.stage.inputs / "manifest" / "manifest.json").read_bytes()
    recipe = {"settings": asdict(run.stage.settings), "manifest": hashlib.sha256(manifest).hexdigest(),
              "pycolmap": pycolmap.__version__}
    path = run.work / "recipe.json"
    if not path.is_file() or json.loads(path.read_text()) != recipe:
        shutil.rmtree(run.work, ignore_errors=True)
        write_json(path, recipe)


def prepare_photos(run: Run) -> tuple[list[Prepared], list[Unreadable]]:
    """Step `prepare`."""
    stage, total = run.stage, len(run.capture.photos)
    ready: list[Prepared] = []
    unreadable: list[Unreadable] = []
    stage.progress("prepare", 0, total, "photos")
    with run.timed("prepare"):
        for photo in prepare(run.capture.photos, run.work / "photos", stage.settings.max_image_size_px, run.threads,
                             stage.stop.is_set):
            if isinstance(photo, Prepared):
                ready.append(photo)
            else:
                unreadable.append(photo)
                stage.warn("file/corrupt", f"{photo.photo.file} is left out: {photo.reason}.", "Copy it again from the camera.")
            stage.progress("prepare", len(ready) + len(unreadable), total, "photos")
    return ready, unreadable


def find_features_and_pairs(run: Run, photos: list[Prepared]) -> int | None:
    """Steps `features` and `pairs`; returns the number of pairs, or None when stopped on the way."""
    stage, settings, database = run.stage, run.stage.settings, run.work / "database.db"

    def counter(step: str, total: int, unit: str) -> Any:
        def counted(done: int) -> None:
            stage.progress(step, min(done, total), total, unit)
            if stage.stop.is_set():
                run.token.cancel()
        counted(0)
        return counted

    with run.timed("features"):
        extract(photos, run.work / "photos", database, max_features=settings.max_features, threads=run.threads,
                token=run.token, counted=counter("features", len(photos), "photos"))
    if stage.stop.is_set():
        return None
    pairs = wanted_pairs(photos, run.capture.pairs)
    with run.timed("pairs"):
        match(pairs, database, threads=run.threads, seed=settings.seed, token=run.token,
              counted=counter("pairs", len(pairs), "pairs"))
    return None if stage.stop.is_set() else len(pairs)


def priors_of(photos: list[Prepared]) -> dict[int, float | None]:
    """The header's focal length in px of the prepared photos by camera id."""
    return {i: group[0].focal_px for i, group in enumerate(camera_groups(photos), start=1)}


def find_model(run: Run, photos: list[Prepared]) -> Solution | None:
    """Step `map`; None when stopped."""
    stage, database = run.stage, run.work / "database.db"

    def counted(registered: int, points: int) -> None:
        stage.progress("map", registered, None, "photos", registered=registered, points=points)

    counted(0, 0)
    mapper = MapperSettings(database, run.work / "photos", run.threads, stage.settings.seed, counted, stage.stop.is_set)
    try:
        with run.timed("map"):
            return solve(mapper, stage.settings.mapper, priors_of(photos), largest_group(database))
    except Stopped:
        return None


def deliver(run: Run, photos: list[Prepared], unreadable: list[Unreadable], solution: Solution) -> None:
    """Steps `align` and `undistort`, then the report; raises StageFailure 65 where too few photos joined."""
    stage, kept, of = run.stage, solution.usable.images, len(run.capture.photos)
    missing = report.unregistered(photos, unreadable, solution)
    model = solution.model
    if model is None or len(kept) < LEAST_PHOTOS or len(kept) < LEAST_SHARE * of:
        names = {photo.name: photo.photo.file for photo in photos}
        joined = sorted(names[model.image(i).name] for i in kept) if model else []
        write_json(stage.out / "report.json", report.compose(
            registered=joined, missing=missing, solution=solution, model=model, placement=None, lenses=[],
            seconds=run.seconds))
        refuse_too_few(len(kept), of)
        raise AssertionError("refused above")
    lenses, placement = finish_model(run, photos, model, kept)
    registered = write_model(run, photos, model)
    write_json(stage.out / "report.json", report.compose(
        registered=sorted(registered), missing=missing, solution=solution, model=model, placement=placement, lenses=lenses,
        seconds=run.seconds))
    stage.deliver("report.json", "sparse", "images")
    shutil.rmtree(run.work, ignore_errors=True)


def finish_model(
    run: Run, photos: list[Prepared], model: pycolmap.Reconstruction, kept: list[int]
) -> tuple[list[dict[str, Any]], Placement]:
    """Step `align`: drops photos that do not count, colours the points and puts the model into its final frame."""
    run.stage.progress("align", 0, len(kept), "photos")
    with run.timed("align"):
        for image_id in set(model.reg_image_ids()) - set(kept):
            model.deregister_frame(model.image(image_id).frame_id)
        model.extract_colors_for_all_images(run.work / "photos", run.threads)
        settings = run.stage.settings
        placement = place(model, {photo.name: photo for photo in photos}, settings.align_to_gps, settings.seed)
    run.stage.progress("align", len(kept), len(kept), "photos")
    return report.cameras(model, priors_of(photos)), placement


def write_model(run: Run, photos: list[Prepared], model: pycolmap.Reconstruction) -> list[str]:
    """Step `undistort`: returns the names of the photos in place."""
    total = model.num_reg_images()

    def counted(done: int) -> None:
        run.stage.progress("undistort", min(done, total), total, "photos")

    counted(0)
    with run.timed("undistort"):
        undistorted = undistort(model, run.work / "photos", run.work, longest_side_px=run.stage.settings.undistort_size_px,
                                threads=run.threads, token=run.token, counted=counted)
        names = put_in_place(undistorted, run.stage.out, {photo.name: photo.photo.file for photo in photos})
    counted(total)
    return names


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
