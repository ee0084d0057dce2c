"""Makes degraded copies of the shared captures, and the truth of each from pycolmap: `.venv/bin/python bench/forecast/degrade.py [NAME ...]`.

Copies lie in .cache/bench/degraded/<scene>~<fault>/ like a shared capture. Nothing is assumed about what a fault does: COLMAP says,
in two runs of the mapper with different seeds where the set is small. Sets that are parts of one folder share its features and pairs (.cache/bench/bases).
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from choices import BRIDGES, Choice, every, few, parts, sparse, stems, subset, whole
from colmap_truth import build_database, largest_model, pair_inliers, usable, write_truth
from edits import Edit, exposed, hidden, longer_lens, motion_blur, noisy, out_of_focus, turned
from PIL import Image, ImageEnhance
from places import ROOT, made, photos

OUT = ROOT / ".cache" / "bench" / "degraded"
BASES = ROOT / ".cache" / "bench" / "bases"
SCENES = ["brighton-beach", "caliterra-a", "monstree-12", "sceaux-castle", "banana"]
SEEDS = [1, 2]
# The mapper takes half a CPU second a photo: larger sets are asked once.
TWICE_UP_TO = 14

Maker = Callable[[Path], None]


@dataclass
class Base:
    """A folder of photos that is matched once, and the sets that are parts of it."""

    name: str
    make: Maker
    sets: dict[str, Choice] = field(default_factory=dict)


def save(image: Image.Image, file: Path, exif: bytes = b"") -> None:
    image.convert("RGB").save(file, quality=90, exif=exif)


def copied(scene: str) -> Maker:
    def make(images: Path) -> None:
        for file in photos(scene):
            shutil.copy(file, images / file.name)

    return make


def edited(scene: str, edit_of: Callable[[int], Edit | None], keep_exif: bool = True) -> Maker:
    """A copy of `scene`, each photo edited by what its number asks for; None leaves it as it is."""

    def make(images: Path) -> None:
        for number, file in enumerate(photos(scene)):
            edit = edit_of(number)
            if edit is None:
                shutil.copy(file, images / file.name)
                continue
            with Image.open(file) as image:
                save(edit(image), images / file.name, image.info.get("exif", b"") if keep_exif else b"")

    return make


def some(chosen: Callable[[int], bool], edit: Edit) -> Callable[[int], Edit | None]:
    return lambda number: edit if chosen(number) else None


def crops(scene: str, number: int, boxes: list[tuple[float, float, float]]) -> Maker:
    """Windows (left, top, side; shares of the picture) of one photo, all at one size: seen from one place."""

    def make(images: Path) -> None:
        with Image.open(photos(scene)[number]) as image:
            w, h = image.size
            for i, (left, top, side) in enumerate(boxes):
                box = (int(left * w), int(top * h), int((left + side) * w), int((top + side) * h))
                save(image.crop(box).resize((1200, 1200 * h // w), Image.Resampling.LANCZOS), images / f"crop_{i:02d}.jpg")

    return make


def spin(scene: str, number: int, count: int) -> Maker:
    """One photo seen by a camera that turns on the spot."""

    def make(images: Path) -> None:
        with Image.open(photos(scene)[number]) as image:
            for i in range(count):
                edit = turned(24 * i / (count - 1) - 12, 3 * (i % 3) - 3, 1.0, 0.5)
                save(edit(image).resize((1200, round(1200 * image.height / image.width)), Image.Resampling.LANCZOS), images / f"turn_{i:02d}.jpg")

    return make


def together(images: Path) -> None:
    for scene in SCENES:
        copied(scene)(images)


# Half of the photos stay as they are, the others get worse by steps, so that every copy has photos on both sides of what COLMAP bears.
def ladder(scene: str, kind: str, steps: list[Callable[[int], Edit]]) -> Callable[[int], Edit | None]:
    order = list(range(len(photos(scene))))
    random.Random(f"{scene} {kind}").shuffle(order)
    place = {number: at for at, number in enumerate(order)}
    return lambda number: None if place[number] % 2 == 0 else steps[place[number] // 2 % len(steps)](number)


LADDERS: dict[str, list[Callable[[int], Edit]]] = {
    "blurs": [lambda i, px=px: motion_blur(px, 37 * i % 180) for px in (12, 24, 40, 60)],
    "soft": [lambda _, r=r: out_of_focus(r) for r in (2, 4, 7, 11)],
    "stops": [lambda i, s=s: exposed(s, i) for s in (-3, 2, -4.5, 3, -6)],
    "noise": [lambda i, n=n: noisy(n, i) for n in (15, 30, 50, 80)],
    "hidden": [lambda i, s=s: hidden(s, i % 4) for s in (0.4, 0.6, 0.75, 0.88)],
}


def scene_base(scene: str) -> Base:
    sets = {f"{scene}~{'thin' if i % 2 else 'gap'}{i}": subset(scene, i) for i in range(8)}
    sets |= {f"{scene}~half{i}": every(2, i) for i in range(2)} | {f"{scene}~third{i}": every(3, i) for i in range(3)}
    sets |= {f"{scene}~few{i}": few(f"{scene} {i}") for i in range(4)}
    sets |= {f"{scene}~sparse{most}": sparse(f"{scene} {most}", most) for most in (90, 150, 250)}
    if scene in BRIDGES:
        bridge, one, other = BRIDGES[scene]
        sets |= {f"{scene}~bridge": stems(f"{bridge} {one} {other}"), f"{scene}~unbridged": stems(f"{one} {other}")}
    return Base(scene, copied(scene), sets)


def long_base(scene: str, share: float) -> Base:
    name = f"{scene}~lens{round(100 * share)}"
    sets: dict[str, Choice] = {name: whole} | {f"{name}-half{i}": every(2, i) for i in range(2)}
    sets |= {f"{name}-few{i}": few(f"{name} {i}") for i in range(3)} | {f"{name}-sparse": sparse(name, 90), f"{name}-gap": subset(name, 0)}
    return Base(name, edited(scene, lambda _: longer_lens(share), keep_exif=False), sets)


def edited_base(name: str, make: Maker) -> Base:
    return Base(name, make, {name: whole} | {f"{name}-few{i}": few(f"{name} {i}") for i in range(2)})


def mixed_base() -> Base:
    sets = {
        "sceaux-castle+monstree-12~strays": parts(("sceaux-castle", slice(0, 9)), ("monstree-12", slice(0, 9, 4))),
        "caliterra-a+banana~strays": parts(("caliterra-a", slice(0, 26, 2)), ("banana", slice(0, 16, 6))),
        "brighton-beach+sceaux-castle~strays": parts(("brighton-beach", slice(4, 16)), ("sceaux-castle", slice(1, 11, 5))),
        "monstree-12+brighton-beach~strays": parts(("monstree-12", slice(0, 12)), ("brighton-beach", slice(0, 18, 7))),
        "caliterra-a+brighton-beach~strays": parts(("caliterra-a", slice(3, 14)), ("brighton-beach", slice(2, 18, 5))),
        "brighton-beach+caliterra-a~two": parts(("brighton-beach", slice(0, 8)), ("caliterra-a", slice(0, 9))),
        "monstree-12+banana~two": parts(("monstree-12", slice(0, 7)), ("banana", slice(0, 8))),
        "sceaux-castle+caliterra-a~two": parts(("sceaux-castle", slice(0, 6)), ("caliterra-a", slice(8, 18))),
        "brighton-beach+monstree-12+sceaux-castle~three": parts(
            ("brighton-beach", slice(6, 16)), ("monstree-12", slice(2, 9)), ("sceaux-castle", slice(4, 9))
        ),
    }
    return Base("mixed", together, sets)


def old_faults() -> dict[str, Maker]:
    return {
        "brighton-beach~blur24": edited("brighton-beach", some(lambda i: i % 3 == 0, motion_blur(24))),
        "monstree-12~blur40": edited("monstree-12", some(lambda i: i % 3 == 1, motion_blur(40))),
        "caliterra-a~blur32": edited("caliterra-a", some(lambda i: i % 2 == 0, motion_blur(32))),
        "banana~blur16": edited("banana", some(lambda i: i % 3 == 1, motion_blur(16))),
        "monstree-12~dark": edited("monstree-12", some(lambda i: i % 3 == 0, lambda image: ImageEnhance.Brightness(image).enhance(0.12))),
        "brighton-beach~bright": edited("brighton-beach", some(lambda i: i % 2 == 0, lambda image: ImageEnhance.Brightness(image).enhance(2.2))),
    }


def one_place() -> dict[str, Maker]:
    """Many pictures from one place: crops and turns of one photo."""
    return {
        "sceaux-castle~turn": crops("sceaux-castle", 2, [(0.04 * i, 0.02 * (i % 5), 0.5) for i in range(12)]),
        "caliterra-a~zoom": crops("caliterra-a", 5, [(0.02 * i, 0.02 * i, 1 - 0.05 * i) for i in range(10)]),
        "brighton-beach~spin": spin("brighton-beach", 7, 10),
        "sceaux-castle~spin": spin("sceaux-castle", 5, 12),
        "banana~spin": spin("banana", 3, 8),
    }


def bases() -> Iterator[Base]:
    yield from (scene_base(scene) for scene in SCENES)
    yield from (long_base(scene, share) for share in (0.5, 0.35) for scene in SCENES)
    yield from (edited_base(f"{scene}~{kind}", edited(scene, ladder(scene, kind, steps))) for kind, steps in LADDERS.items() for scene in SCENES)
    yield mixed_base()
    for name, make in (one_place() | made() | old_faults()).items():
        yield Base(name, make, {name: whole})


def matched(base: Base) -> tuple[Path, Path]:
    """The folder of the base's photos and its database, made if they are not there."""
    images, database = BASES / base.name / "images", BASES / base.name / "colmap.db"
    if not database.exists():
        shutil.rmtree(images.parent, ignore_errors=True)
        images.mkdir(parents=True)
        base.make(images)
        build_database(images, database.with_suffix(".partial"))
        database.with_suffix(".partial").rename(database)
    return images, database


def make_sets(base: Base, wanted: Callable[[str], bool], out: Path = OUT) -> None:
    todo = {name: choose for name, choose in base.sets.items() if wanted(name)}
    if not todo:
        return
    images, database = matched(base)
    pairs = pair_inliers(database)
    for name, choose in todo.items():
        names = choose(sorted(file.name for file in images.iterdir()), pairs)
        runs = [usable(largest_model(images, database, names, BASES / base.name / "models", seed)) for seed in SEEDS[: 2 if len(names) <= TWICE_UP_TO else 1]]
        folder = out / name
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "images").mkdir(parents=True)
        for file in names:
            (folder / "images" / file).symlink_to(images / file)
        write_truth(folder, names, pairs, runs)
        print(f"{name}: {len(names)} photos, usable {' and '.join(str(sum(ok for _, ok in run.values())) for run in runs)}", flush=True)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these sets (default: all that are not there yet)")
    chosen = parser.parse_args(arguments).names

    def wanted(name: str) -> bool:
        return name in chosen if chosen else not (OUT / name / "registered-4.2.csv").exists()

    for base in bases():
        make_sets(base, wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
