"""Degraded copies that nothing was fitted on: `.venv/bin/python bench/forecast/unseen.py [NAME ...]`.

Other seeds, sizes and lenses than those of degrade.py, and one kind of fault that it does not have: photos that are each spoiled in a way of
their own. They lie in .cache/bench/unseen; `npm run bench -- forecast unseen` judges the weights of the repo on them, and fits nothing.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator

from choices import Choice, every, few, hinged, in_a_row, sparse, subset, whole
from degrade import SCENES, Base, copied, edited, make_sets
from edits import Edit, exposed, hidden, longer_lens, motion_blur, noisy, out_of_focus
from places import ROOT

OUT = ROOT / ".cache" / "bench" / "unseen"
HINGES = ROOT / ".cache" / "bench" / "hinged"


def some_fault(scene: str, number: int) -> Edit | None:
    """Nothing for two photos of five, else one of five faults, anywhere between slight and hopeless."""
    dice = random.Random(f"unseen {scene} {number}")
    if dice.random() < 0.4:
        return None
    size, side = dice.random(), dice.randrange(4)
    faults = [
        motion_blur(round(6 + 50 * size), dice.uniform(0, 180)),
        out_of_focus(1 + 9 * size),
        exposed(dice.choice([-6 * size, 3.5 * size]), number),
        noisy(8 + 70 * size, number),
        hidden(0.3 + 0.55 * size, side),
    ]
    return dice.choice(faults)


def scene_base(scene: str) -> Base:
    sets = {f"{scene}~unseen-{'thin' if i % 2 else 'gap'}{i}": subset(scene, i) for i in range(8, 12)}
    sets |= {f"{scene}~unseen-few{i}": few(f"unseen {scene} {i}") for i in range(3)}
    sets |= {f"{scene}~unseen-row{i}": in_a_row(f"unseen {scene} {i}") for i in range(2)}
    sets |= {f"{scene}~unseen-sparse{most}": sparse(f"unseen {scene} {most}", most) for most in (60, 120, 200)}
    return Base(scene, copied(scene), sets)


def poor_base(scene: str) -> Base:
    name = f"{scene}~unseen-poor"
    sets = {name: whole, f"{name}-half": every(2, 1)} | {f"{name}-few{i}": few(f"{name} {i}") for i in range(2)}
    return Base(name, edited(scene, lambda number: some_fault(scene, number)), sets)


def lens_base(scene: str, share: float) -> Base:
    name = f"{scene}~unseen-lens{round(100 * share)}"
    return Base(name, edited(scene, lambda _: longer_lens(share), keep_exif=False), {f"{name}-half": every(2, 1), f"{name}-few": few(name), f"{name}-sparse": sparse(name, 110)})


# Captures and lenses in which groups that one photo links can be found, by COLMAP's pairs: the sets lie in .cache/bench/hinged.
HINGED = ["banana", "brighton-beach", "caliterra-a", "banana~lens50", "caliterra-a~lens50"]


def hinged_base(name: str) -> Base:
    """Two groups that one photo links, and the same two without it."""
    scene, _, lens = name.partition("~lens")
    make = edited(scene, lambda _: longer_lens(int(lens) / 100), keep_exif=False) if lens else copied(scene)
    of = name.replace("~", "+")
    kinds: list[dict[str, Choice]] = [
        {
            f"{of}~bridge-unseen{i}": hinged(f"{name} {i}", True),
            f"{of}~unbridged-unseen{i}": hinged(f"{name} {i}", False),
        }
        for i in range(4)
    ]
    return Base(name, make, {set_name: choice for kind in kinds for set_name, choice in kind.items()})


def bases() -> Iterator[Base]:
    yield from (poor_base(scene) for scene in SCENES)
    yield from (scene_base(scene) for scene in SCENES)
    yield from (lens_base(scene, share) for share, scene in zip((0.42, 0.6, 0.42, 0.6, 0.42), SCENES, strict=True))


def main(arguments: list[str]) -> int:
    def wanted(name: str) -> bool:
        return name in arguments if arguments else not (OUT / name / "registered-4.2.csv").exists()

    def hinge_wanted(name: str) -> bool:
        return name in arguments if arguments else not (HINGES / name / "registered-4.2.csv").exists()

    for base in bases():
        make_sets(base, wanted, OUT)
    for name in HINGED:
        make_sets(hinged_base(name), hinge_wanted, HINGES)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
