"""The kept model and its photos, undistorted together and put in place under the photos' own names."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pycolmap
from common.files import sync_file, sync_folder

from sfm.counting import CountFiles

# These pixels are what the splat is trained on: near lossless, a third of the size of COLMAP's 100.
JPEG_QUALITY = 95


def undistort(
    model: pycolmap.Reconstruction,
    photos: Path,
    work: Path,
    *,
    longest_side_px: int,
    threads: int,
    token: pycolmap.CancellationToken,
    counted: Callable[[int], None],
) -> Path:
    """Writes undistorted photos and model (PINHOLE) below `work`; returns that folder: `images/*`, `sparse/*.bin`."""
    source, target = work / "model", work / "undistorted"
    for folder in (source, target):
        shutil.rmtree(folder, ignore_errors=True)
    source.mkdir(parents=True)
    model.write(source)
    options = pycolmap.UndistortCameraOptions()
    options.max_image_size = longest_side_px if longest_side_px > 0 else -1
    with CountFiles(target / "images", counted):
        pycolmap.undistort_images(
            target,
            source,
            photos,
            undistort_options=options,
            jpeg_quality=JPEG_QUALITY,
            num_threads=threads,
            cancellation_token=token,
        )
    return target


def put_in_place(undistorted: Path, out: Path, names: dict[str, str]) -> list[str]:
    """Moves photos to OUT/images and the model to OUT/sparse/0, renamed by `names` (internal -> the photo's own).

    A photo keeps its own name with its own suffix even where its pixels are a JPEG now (HEIC, TIFF): readers look at
    the content. Returns the names in place.
    """
    model = pycolmap.Reconstruction(undistorted / "sparse")
    images = out / "images"
    shutil.rmtree(images, ignore_errors=True)
    placed = []
    for image_id in sorted(model.reg_image_ids()):
        image = model.image(image_id)
        target = images / names[image.name]
        target.parent.mkdir(parents=True, exist_ok=True)
        sync_file(undistorted / "images" / image.name)
        (undistorted / "images" / image.name).replace(target)
        image.name = names[image.name]
        placed.append(image.name)
    part, final = out / "sparse" / ".0.part", out / "sparse" / "0"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    model.write(part)
    for file in part.iterdir():
        sync_file(file)
    shutil.rmtree(final, ignore_errors=True)
    part.replace(final)
    sync_folder(final.parent)
    return placed
