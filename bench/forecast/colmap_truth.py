"""What pycolmap makes of a folder of photos: the truth that the forecast is held against.

Recipe of the shared captures: 1600 px, SIFT from octave 0 with at most 4096 features, exhaustive matching, one SIMPLE_RADIAL
camera for each picture size and lens, incremental mapper, one thread.
"""

from __future__ import annotations

import csv
import shutil
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pycolmap
from PIL import ExifTags, Image

Pairs = dict[tuple[str, str], int]

# Usable: sees this many points, and hangs together with the largest group through pairs that share so many.
LEAST_POINTS = 30
LEAST_SHARED = 15


def build_database(images: Path, database: Path) -> None:
    """Extracts and matches every photo of `images` into a new database."""
    extract(images, database)
    match_exhaustive(database)


def extract(images: Path, database: Path) -> None:
    """Extracts the features of every photo of `images` into a new database."""
    database.unlink(missing_ok=True)
    by_camera: dict[object, list[str]] = defaultdict(list)
    for file in sorted(images.iterdir()):
        with Image.open(file) as photo:
            by_camera[photo.size, focal_mm(photo)].append(file.name)
    extraction = pycolmap.FeatureExtractionOptions()
    extraction.num_threads = 1
    extraction.max_image_size = 1600
    extraction.sift.max_num_features = 4096
    extraction.sift.first_octave = 0
    reader = pycolmap.ImageReaderOptions()
    reader.camera_model = "SIMPLE_RADIAL"
    for names in by_camera.values():
        pycolmap.extract_features(database, images, names, pycolmap.CameraMode.SINGLE, reader, extraction, device=pycolmap.Device.cpu)


def focal_mm(photo: Image.Image) -> float | None:
    focal = photo.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.FocalLength)
    return None if focal is None else float(focal)


def match_exhaustive(database: Path, block: int = 50) -> None:
    """Matches and verifies every pair of the database, `block` by `block` photos at once. Blocks that are there already are kept."""
    matching = pycolmap.FeatureMatchingOptions()
    matching.num_threads = 1
    pairing = pycolmap.ExhaustivePairingOptions()
    pairing.block_size = block
    pycolmap.match_exhaustive(database, matching, pairing, device=pycolmap.Device.cpu)


def pair_inliers(database: Path) -> Pairs:
    """Verified two-view inliers of every pair of the database, 0 where there are none; names in ascending order."""
    with pycolmap.Database.open(database) as opened:
        names = {image.image_id: image.name for image in opened.read_all_images()}
        pairs: Pairs = {(min(a, b), max(a, b)): 0 for a, b in combinations(names.values(), 2)}
        ids, counts = opened.read_two_view_geometry_num_inliers()
        for pair, count in zip(ids, counts, strict=True):
            first, second = pair if isinstance(pair, (tuple, list)) else pycolmap.pair_id_to_image_pair(pair)
            a, b = names[first], names[second]
            pairs[(min(a, b), max(a, b))] = int(count)
    return pairs


def largest_model(images: Path, database: Path, names: Sequence[str], scratch: Path, seed: int = -1) -> pycolmap.Reconstruction | None:
    """The incremental mapper's model with the most photos, of the photos `names`; None where there is none."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    options = pycolmap.IncrementalPipelineOptions()
    options.num_threads = 1
    options.random_seed = options.mapper.random_seed = options.triangulation.random_seed = seed
    options.extract_colors = False
    options.image_names = list(names)
    models = pycolmap.incremental_mapping(database, images, scratch, options)
    return max(models.values(), key=lambda model: model.num_reg_images(), default=None)


def usable(model: pycolmap.Reconstruction | None) -> dict[str, tuple[int, bool]]:
    """Points that each registered photo sees, and whether it is usable."""
    if model is None:
        return {}
    seen: dict[int, int] = defaultdict(int)
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for point in model.points3D.values():
        track = sorted({element.image_id for element in point.track.elements})
        for image in track:
            seen[image] += 1
        for pair in combinations(track, 2):
            shared[pair] += 1
    group = largest_group([image for image in seen if seen[image] >= LEAST_POINTS], [pair for pair, count in shared.items() if count >= LEAST_SHARED])
    return {model.images[image].name: (seen[image], image in group) for image in model.reg_image_ids()}


def largest_group(nodes: Sequence[int], edges: Sequence[tuple[int, int]]) -> set[int]:
    """The largest connected component."""
    left, best = set(nodes), set[int]()
    while left:
        group = {left.pop()}
        grown = True
        while grown:
            more = {b for a, b in edges if a in group and b in left} | {a for a, b in edges if b in group and a in left}
            group |= more
            left -= more
            grown = bool(more)
        best = max(best, group, key=len)
    return best


def write_truth(folder: Path, names: Sequence[str], pairs: Pairs, runs: Sequence[dict[str, tuple[int, bool]]]) -> None:
    """Writes pairs-4.2.csv and registered-4.2.csv as the shared captures have them; `usable` is of the first run, `share` of all runs."""
    with (folder / "pairs-4.2.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["image1", "image2", "inliers"])
        rows.writerows([a, b, count] for (a, b), count in sorted(pairs.items()) if a in names and b in names)
    with (folder / "registered-4.2.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["image", "registered", "points3D_seen", "mapper", "usable", "share"])
        for name in names:
            points, good = runs[0].get(name, (0, False))
            share = sum(run.get(name, (0, False))[1] for run in runs) / len(runs)
            rows.writerow([name, int(name in runs[0]), points, "incremental", int(good), share])
