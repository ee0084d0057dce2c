"""Makes degraded copies of the shared captures, and the truth of each from pycolmap: `.venv/bin/python bench/forecast/degrade.py [NAME ...]`.

Copies lie in .cache/bench/degraded/<scene>~<fault>/ like a shared capture. Nothing is assumed about what a fault does: COLMAP says.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from colmap_truth import build_database, largest_model, pair_inliers, usable, write_truth
from PIL import Image, ImageEnhance
from synthetic import Camera, Rectangle, looking, render

ROOT = Path(__file__).resolve().parents[2]
CAPTURES = ROOT.parent / "shared" / "captures"
OUT = ROOT / ".cache" / "bench" / "degraded"
SCENES = ["brighton-beach", "caliterra-a", "monstree-12", "sceaux-castle", "banana"]

Edit = Callable[[Image.Image], Image.Image]


def photos(scene: str) -> list[Path]:
    return sorted((CAPTURES / scene / "images").iterdir())


def save(image: Image.Image, file: Path) -> None:
    image.convert("RGB").save(file, quality=90)


def motion_blur(pixels: int) -> Edit:
    """Smears along 35 degrees."""

    def edit(image: Image.Image) -> Image.Image:
        source = np.asarray(image.convert("RGB"), float)
        steps = np.linspace(-pixels / 2, pixels / 2, pixels + 1)
        shifts = [(round(s * 0.574), round(s * 0.819)) for s in steps]
        return Image.fromarray((sum(np.roll(source, shift, (0, 1)) for shift in shifts) / len(shifts)).astype(np.uint8))

    return edit


def edited(scene: str, chosen: Callable[[int], bool], edit: Edit) -> Callable[[Path], None]:
    """A copy of `scene` where the photos with a chosen number are edited."""

    def make(images: Path) -> None:
        for number, file in enumerate(photos(scene)):
            if chosen(number):
                with Image.open(file) as image:
                    save(edit(image), images / file.name)
            else:
                shutil.copy(file, images / file.name)

    return make


def mixed(*parts: tuple[str, slice]) -> Callable[[Path], None]:
    """Photos of several scenes in one folder."""

    def make(images: Path) -> None:
        for scene, which in parts:
            for file in photos(scene)[which]:
                shutil.copy(file, images / file.name)

    return make


def crops(scene: str, number: int, boxes: list[tuple[float, float, float]]) -> Callable[[Path], None]:
    """Windows (left, top, side; shares of the picture) of one photo, all at one size: seen from one place."""

    def make(images: Path) -> None:
        with Image.open(photos(scene)[number]) as image:
            w, h = image.size
            for i, (left, top, side) in enumerate(boxes):
                box = (int(left * w), int(top * h), int((left + side) * w), int((top + side) * h))
                save(image.crop(box).resize((1200, 1200 * h // w), Image.Resampling.LANCZOS), images / f"crop_{i:02d}.jpg")

    return make


def texture(scene: str, number: int) -> np.ndarray:
    with Image.open(photos(scene)[number]) as image:
        return np.asarray(image.convert("RGB"), float)


def corridor() -> list[Rectangle]:
    """A street of 40 m: ground, two rows of walls at several depths, an end."""
    ground, walls = texture("brighton-beach", 3), [texture("sceaux-castle", i) for i in (0, 3, 6, 9)]
    scene = [Rectangle(np.array([-8.0, 1.6, z]), np.array([16.0, 0, 0]), np.array([0, 0, 10.0]), ground) for z in (0, 10, 20, 30)]
    for i in range(8):
        for side in (-1, 1):
            x = side * (3.5 + (i * 7 % 3))
            scene.append(Rectangle(np.array([x, -4.5, 5.0 * i]), np.array([0, 0, 5.0]), np.array([0, 6.1, 0]), walls[(i + (side > 0)) % 4]))
    scene.append(Rectangle(np.array([-9.0, -6, 42]), np.array([18.0, 0, 0]), np.array([0, 8.0, 0]), walls[2]))
    return scene


def path(cameras: Callable[[int], Camera], count: int, scene: Callable[[], list[Rectangle]] = corridor) -> Callable[[Path], None]:
    """Pictures along a path through a made-up place."""

    def make(images: Path) -> None:
        place = scene()
        for i in range(count):
            save(render(place, cameras(i), 1600, 1200, noise=3, seed=i), images / f"made_{i:02d}.jpg")

    return make


def plane() -> list[Rectangle]:
    return [Rectangle(np.array([-12.0, -9, 20]), np.array([24.0, 0, 0]), np.array([0, 18.0, 0]), texture("caliterra-a", 4))]


def faults() -> dict[str, Callable[[Path], None]]:
    """Name (scene~fault) to maker."""
    made = {
        "brighton-beach~blur24": edited("brighton-beach", lambda i: i % 3 == 0, motion_blur(24)),
        "monstree-12~blur40": edited("monstree-12", lambda i: i % 3 == 1, motion_blur(40)),
        "caliterra-a~blur32": edited("caliterra-a", lambda i: i % 2 == 0, motion_blur(32)),
        "banana~blur16": edited("banana", lambda i: i % 3 == 1, motion_blur(16)),
        "monstree-12~dark": edited("monstree-12", lambda i: i % 3 == 0, lambda image: ImageEnhance.Brightness(image).enhance(0.12)),
        "brighton-beach~bright": edited("brighton-beach", lambda i: i % 2 == 0, lambda image: ImageEnhance.Brightness(image).enhance(2.2)),
        "sceaux-castle+monstree-12~strays": mixed(("sceaux-castle", slice(0, 9)), ("monstree-12", slice(0, 9, 4))),
        "brighton-beach+caliterra-a~two": mixed(("brighton-beach", slice(0, 8)), ("caliterra-a", slice(0, 9))),
        "monstree-12+banana~two": mixed(("monstree-12", slice(0, 7)), ("banana", slice(0, 8))),
        "sceaux-castle~turn": crops("sceaux-castle", 2, [(0.04 * i, 0.02 * (i % 5), 0.5) for i in range(12)]),
        "caliterra-a~zoom": crops("caliterra-a", 5, [(0.02 * i, 0.02 * i, 1 - 0.05 * i) for i in range(10)]),
        "made~forward": path(lambda i: looking((0.1 * (i % 2), 0, 0.7 * i), (0, 0, 60), 1200), 14),
        "made~forward-slow": path(lambda i: looking((0, 0, 0.25 * i), (0, 0, 60), 1200), 14),
        "made~sideways": path(lambda i: looking((-1.5 + 0.25 * i, 0, 0), (0.2, 0, 20), 1200), 12),
        "made~turn": path(lambda i: looking((0, 0, 4), (6 * np.sin(-0.5 + 0.09 * i), 0.1, 4 + 6 * np.cos(-0.5 + 0.09 * i)), 1200), 12),
        "made~plane": path(lambda i: looking((-4 + 0.8 * (i % 6), -1 + 2 * (i // 6), 0), (-4 + 0.8 * (i % 6), -1 + 2 * (i // 6), 20), 1500), 12, plane),
        "made~arc": path(lambda i: looking((3 * np.sin(-0.6 + 0.1 * i), 0, 14 - 8 * np.cos(-0.6 + 0.1 * i)), (0, 0, 14), 1200), 12),
    }
    return made


def subsets(scene: str) -> Iterator[tuple[str, list[str]]]:
    """Thinned copies and copies with gaps: at random, but the same every time."""
    names = [file.name for file in photos(scene)]
    dice = random.Random(scene)
    for number in range(8):
        count = dice.randint(4, max(5, len(names) * 2 // 3))
        if number % 2:
            yield f"{scene}~thin{number}", sorted(dice.sample(names, count))
        else:
            first = dice.randint(1, len(names) - 3)
            gap = dice.randint(2, max(2, len(names) // 3))
            yield f"{scene}~gap{number}", names[:first] + names[first + gap :]


# One photo that alone links two groups, by the pairs of the whole capture: the bridge, one side, the other.
BRIDGES = {
    "brighton-beach": ("DJI_0032", "DJI_0022 DJI_0023 DJI_0034 DJI_0024 DJI_0035", "DJI_0028 DJI_0029 DJI_0031 DJI_0030 DJI_0019 DJI_0018"),
    "caliterra-a": ("IMG_9369", "IMG_9362 IMG_9363 IMG_9364 IMG_9365", "IMG_9370 IMG_9374 IMG_9375 IMG_9355"),
    "monstree-12": ("IMG_1029", "IMG_1025 IMG_1042 IMG_1036", "IMG_1040 IMG_1046 IMG_1044"),
}


def bridged(scene: str) -> Iterator[tuple[str, list[str]]]:
    """Two groups with and without the photo that links them."""
    if scene not in BRIDGES:
        return
    bridge, one, other = BRIDGES[scene]
    sides = {*one.split(), *other.split()}
    names = {file.stem: file.name for file in photos(scene)}
    yield f"{scene}~bridge", sorted(names[stem] for stem in {bridge, *sides})
    yield f"{scene}~unbridged", sorted(names[stem] for stem in sides)


def make_fault(name: str, maker: Callable[[Path], None]) -> None:
    folder = OUT / name
    images, database = folder / "images", folder / "scratch" / "colmap.db"
    shutil.rmtree(folder, ignore_errors=True)
    images.mkdir(parents=True)
    database.parent.mkdir()
    maker(images)
    build_database(images, database)
    names = sorted(file.name for file in images.iterdir())
    report(folder, names, pair_inliers(database), images, database)


def make_subsets(scene: str, wanted: Callable[[str], bool]) -> None:
    """Subsets share their scene's database: the pairs are the same, only the mapper runs again."""
    todo = [(name, names) for name, names in [*subsets(scene), *bridged(scene)] if wanted(name)]
    if not todo:
        return
    scratch = OUT / f".{scene}"
    scratch.mkdir(parents=True, exist_ok=True)
    database, images = scratch / "colmap.db", CAPTURES / scene / "images"
    if not database.exists():
        build_database(images, database)
    pairs = pair_inliers(database)
    for name, names in todo:
        folder = OUT / name
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "images").mkdir(parents=True)
        for file in names:
            (folder / "images" / file).symlink_to(images / file)
        report(folder, names, pairs, images, database)


def report(folder: Path, names: list[str], pairs: dict[tuple[str, str], int], images: Path, database: Path) -> None:
    registered = usable(largest_model(images, database, names, folder / "scratch" / "models"))
    write_truth(folder, names, pairs, registered)
    shutil.rmtree(folder / "scratch", ignore_errors=True)
    good = sum(ok for _, ok in registered.values())
    print(f"{folder.name}: {len(names)} photos, {len(registered)} registered, {good} usable", flush=True)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these (default: all that are not there yet)")
    chosen = parser.parse_args(arguments).names

    def wanted(name: str) -> bool:
        return name in chosen if chosen else not (OUT / name / "registered-4.2.csv").exists()

    for scene in SCENES:
        make_subsets(scene, wanted)
    for name, maker in faults().items():
        if wanted(name):
            make_fault(name, maker)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
