"""From the chosen model to the deliverables: align, undistort, report."""

from __future__ import annotations

import shutil
from typing import Any

import pycolmap
from common.files import write_json

from sfm import report
from sfm.photos import Prepared, Unreadable
from sfm.placing import Placement, place
from sfm.run import LEAST_PHOTOS, LEAST_SHARE, Run, refuse_too_few
from sfm.solving import Solution
from sfm.steps import priors_of
from sfm.undistortion import put_in_place, undistort


def deliver(run: Run, photos: list[Prepared], unreadable: list[Unreadable], solution: Solution) -> None:
    """Writes model, photos and report; with too few photos only the report, and raises StageFailure 65."""
    kept, of, model = solution.usable.images, len(run.capture.photos), solution.model
    missing = report.unregistered(photos, unreadable, solution)
    if model is None or len(kept) < LEAST_PHOTOS or len(kept) < LEAST_SHARE * of:
        names = {photo.name: photo.photo.file for photo in photos}
        joined = [names[model.image(i).name] for i in kept] if model else []
        _write_report(run, joined, missing, solution, model, None, [])
        refuse_too_few(len(kept) if model else 0, of)
        return
    placement = align(run, photos, model, kept)
    lenses = report.cameras(model, priors_of(photos))
    registered = write_model(run, photos, model)
    if run.stage.stop.is_set():
        return
    _write_report(run, registered, missing, solution, model, placement, lenses)
    run.stage.deliver("report.json", "sparse", "images")
    shutil.rmtree(run.work, ignore_errors=True)


def align(run: Run, photos: list[Prepared], model: pycolmap.Reconstruction, kept: list[int]) -> Placement:
    """Step `align`: drops photos that do not count, colours the points and puts the model into its final frame."""
    run.stage.progress("align", 0, len(kept), "photos")
    settings = run.stage.settings
    with run.timed("align"):
        for image_id in set(model.reg_image_ids()) - set(kept):
            model.deregister_frame(model.image(image_id).frame_id)
        model.extract_colors_for_all_images(run.work / "photos", run.threads)
        placement = place(model, {photo.name: photo for photo in photos}, settings.align_to_gps, settings.seed)
    run.stage.progress("align", len(kept), len(kept), "photos")
    return placement


def write_model(run: Run, photos: list[Prepared], model: pycolmap.Reconstruction) -> list[str]:
    """Step `undistort`: returns the names of the photos in place (none when stopped)."""
    total = model.num_reg_images()

    def counted(done: int) -> None:
        run.stage.progress("undistort", min(done, total), total, "photos")
        if run.stage.stop.is_set():
            run.token.cancel()

    counted(0)
    with run.timed("undistort"):
        undistorted = undistort(
            model,
            run.work / "photos",
            run.work,
            longest_side_px=run.stage.settings.undistort_size_px,
            threads=run.threads,
            token=run.token,
            counted=counted,
        )
        if run.stage.stop.is_set():
            return []
        names = put_in_place(undistorted, run.stage.out, {photo.name: photo.photo.file for photo in photos})
    counted(total)
    return names


def _write_report(
    run: Run,
    registered: list[str],
    missing: list[dict[str, Any]],
    solution: Solution,
    model: pycolmap.Reconstruction | None,
    placement: Placement | None,
    lenses: list[dict[str, Any]],
) -> None:
    document = report.compose(
        registered=sorted(registered),
        missing=missing,
        solution=solution,
        model=model,
        placement=placement,
        lenses=lenses,
        seconds=run.seconds,
    )
    write_json(run.stage.out / "report.json", document)
