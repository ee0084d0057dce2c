"""SIFT features of all photos, kept in COLMAP's database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pycolmap
from common.machine import memory_bytes

from sfm.counting import Count
from sfm.photos import Prepared

# Measured 4.2.1, octave 0: a thread holds about 100 bytes a pixel (pyramid of floats, its differences, gradients).
BYTES_PER_PIXEL = 100

# COLMAP's own guess where EXIF says nothing: 1.2 x the longer side.
DEFAULT_FOCAL_FACTOR = 1.2

CAMERA_MODEL = "SIMPLE_RADIAL"


def camera_groups(photos: list[Prepared]) -> list[list[Prepared]]:
    """One group for each camera model, size and focal: COLMAP's single-camera mode drops photos of another size."""
    groups: dict[tuple[str, int, int, float | None], list[Prepared]] = defaultdict(list)
    for photo in photos:
        focal = round(photo.focal_px, 1) if photo.focal_px else None
        groups[photo.photo.camera, photo.width_px, photo.height_px, focal].append(photo)
    return list(groups.values())


def extract(
    photos: list[Prepared],
    folder: Path,
    database: Path,
    *,
    max_features: int,
    threads: int,
    token: pycolmap.CancellationToken,
    counted: Callable[[int], None],
) -> None:
    """Extracts what the database does not hold yet. `counted` hears the number of photos that have features."""
    register_cameras(photos, database)
    options = pycolmap.FeatureExtractionOptions()
    options.use_gpu = False
    options.sift.max_num_features = max_features
    # Octave -1 doubles the photo first: 3 x the time and memory for features that do not add registered photos.
    options.sift.first_octave = 0
    largest = max(photo.width_px * photo.height_px for photo in photos)
    options.num_threads = max(1, min(threads, int(memory_bytes() * 0.5 / (largest * BYTES_PER_PIXEL))))
    options.max_image_size = max(max(photo.width_px, photo.height_px) for photo in photos)
    with Count(database, pycolmap.Database.num_images, counted):
        for camera_id, group in enumerate(camera_groups(photos), start=1):
            reader = pycolmap.ImageReaderOptions()
            reader.existing_camera_id = camera_id
            pycolmap.extract_features(
                database,
                folder,
                [photo.name for photo in group],
                pycolmap.CameraMode.SINGLE,
                reader,
                options,
                pycolmap.Device.cpu,
                token,
            )


def without_features(photos: list[Prepared], database: Path) -> list[Prepared]:
    """Photos that COLMAP left out of the database without a word (it logs what it cannot read and goes on)."""
    with closing(pycolmap.Database.open(database)) as open_database:
        names = {image.name for image in open_database.read_all_images()}
    return [photo for photo in photos if photo.name not in names]


def register_cameras(photos: list[Prepared], database: Path) -> None:
    """Writes one camera for each group (ids 1, 2, …) with the EXIF focal as prior, unless they are there already."""
    with closing(pycolmap.Database.open(database)) as open_database:
        if open_database.num_cameras() > 0:
            return
        for camera_id, group in enumerate(camera_groups(photos), start=1):
            first = group[0]
            focal = first.focal_px or DEFAULT_FOCAL_FACTOR * max(first.width_px, first.height_px)
            camera = pycolmap.Camera.create_from_model_name(
                camera_id, CAMERA_MODEL, focal, first.width_px, first.height_px
            )
            camera.has_prior_focal_length = first.focal_px is not None
            open_database.write_camera(camera, use_camera_id=True)
            rig = pycolmap.Rig(rig_id=camera_id)
            rig.add_ref_sensor(camera.sensor_id)
            open_database.write_rig(rig, use_rig_id=True)
