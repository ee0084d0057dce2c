"""The steps up to a model, each with its counted progress: prepare, features, pairs, map."""

from __future__ import annotations

from collections.abc import Callable

from sfm.features import camera_groups, extract, without_features
from sfm.mapping import MapperSettings
from sfm.matching import largest_group, match, wanted_pairs
from sfm.photos import Prepared, Unreadable, prepare
from sfm.run import Run
from sfm.solving import Solution, solve


def prepare_photos(run: Run) -> tuple[list[Prepared], list[Unreadable]]:
    """Step `prepare`: what can be decoded, scaled; and what cannot, with a warning each."""
    stage, total = run.stage, len(run.capture.photos)
    ready: list[Prepared] = []
    unreadable: list[Unreadable] = []
    stage.progress("prepare", 0, total, "photos")
    with run.timed("prepare"):
        size = stage.settings.max_image_size_px
        for photo in prepare(run.capture.photos, run.work / "photos", size, run.threads, stage.stop.is_set):
            if isinstance(photo, Prepared):
                ready.append(photo)
            else:
                unreadable.append(photo)
                what = f"{photo.photo.file} is left out: {photo.reason}."
                stage.warn("file/corrupt", what, "Copy it again from the camera.")
            stage.progress("prepare", len(ready) + len(unreadable), total, "photos")
    return ready, unreadable


def find_features(run: Run, photos: list[Prepared]) -> None:
    """Step `features`."""
    counted = _counter(run, "features", len(photos), "photos")
    with run.timed("features"):
        extract(
            photos,
            run.work / "photos",
            run.database,
            max_features=run.stage.settings.max_features,
            threads=run.threads,
            token=run.token,
            counted=counted,
        )
    for photo in without_features(photos, run.database) if not run.stage.stop.is_set() else []:
        run.stage.warn("file/corrupt", f"{photo.photo.file} is left out: COLMAP cannot read it.", "Copy it again.")


def find_pairs(run: Run, photos: list[Prepared]) -> None:
    """Step `pairs`."""
    pairs = wanted_pairs(photos, run.capture.pairs)
    counted = _counter(run, "pairs", len(pairs), "pairs")
    with run.timed("pairs"):
        match(
            pairs,
            run.database,
            threads=run.threads,
            seed=run.stage.settings.seed,
            token=run.token,
            counted=counted,
        )
    if not run.stage.stop.is_set():
        counted(len(pairs))  # Pairs that COLMAP skips (a photo without features) get no row, but they are done.


def find_model(run: Run, photos: list[Prepared]) -> Solution:
    """Step `map`. Raises Stopped."""
    stage = run.stage

    def counted(registered: int, points: int) -> None:
        stage.progress("map", registered, None, "photos", registered=registered, points=points)

    counted(0, 0)
    mapper = MapperSettings(
        run.database, run.work / "photos", run.threads, stage.settings.seed, counted, stage.stop.is_set
    )
    with run.timed("map"):
        return solve(mapper, stage.settings.mapper, priors_of(photos), largest_group(run.database))


def priors_of(photos: list[Prepared]) -> dict[int, float | None]:
    """The header's focal length in px of the prepared photos by camera id."""
    return {i: group[0].focal_px for i, group in enumerate(camera_groups(photos), start=1)}


def _counter(run: Run, step: str, total: int, unit: str) -> Callable[[int], None]:
    """Tells counted work and hands a stop on to the native call that is under way."""

    def counted(done: int) -> None:
        run.stage.progress(step, min(done, total), total, unit)
        if run.stage.stop.is_set():
            run.token.cancel()

    counted(0)
    return counted
