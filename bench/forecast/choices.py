"""Which photos of a folder a set consists of."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from colmap_truth import Pairs
from places import photos

Choice = Callable[[list[str], Pairs], list[str]]


# COLMAP's min_num_inliers, and what holds two photos together beyond what flips between runs.
VERIFIED = 15
HOLDS = 30


def whole(names: list[str], _: Pairs) -> list[str]:
    return names


def every(step: int, first: int) -> Choice:
    return lambda names, _: names[first::step]


def few(seed: str) -> Choice:
    """Five to eight photos at random."""

    def choose(names: list[str], _: Pairs) -> list[str]:
        dice = random.Random(seed)
        return sorted(dice.sample(names, min(len(names), dice.randint(5, 8))))

    return choose


def in_a_row(seed: str) -> Choice:
    """Four to seven photos taken one after the other, which see little of each other's surroundings."""

    def choose(names: list[str], _: Pairs) -> list[str]:
        dice = random.Random(seed)
        count = dice.randint(4, 7)
        first = dice.randint(0, len(names) - count)
        return names[first : first + count]

    return choose


def sparse(seed: str, most: int) -> Choice:
    """Photos that share few inliers with each other: no pair over `most`, and each verified with one before it."""

    def choose(names: list[str], pairs: Pairs) -> list[str]:
        dice = random.Random(seed)
        best: list[str] = []
        for _ in range(30):
            chosen: list[str] = []
            for name in dice.sample(names, len(names)):
                shared = [pairs.get((min(name, other), max(name, other)), 0) for other in chosen]
                if not chosen or 15 <= max(shared) <= most:
                    chosen.append(name)
            best = max(best, chosen, key=len)
        return sorted(best)

    return choose


def subset(scene: str, number: int) -> Choice:
    """Thinned copies and copies with gaps: at random, but the same every time."""

    def choose(names: list[str], _: Pairs) -> list[str]:
        dice = random.Random(scene)
        for turn in range(number + 1):
            count = dice.randint(4, max(5, len(names) * 2 // 3))
            if turn % 2:
                chosen = sorted(dice.sample(names, count))
            else:
                first = dice.randint(1, len(names) - 3)
                gap = dice.randint(2, max(2, len(names) // 3))
                chosen = names[:first] + names[first + gap :]
        return chosen

    return choose


# One photo that alone links two groups, by the pairs of the whole capture: the bridge, one side, the other.
BRIDGES = {
    "brighton-beach": ("DJI_0032", "DJI_0022 DJI_0023 DJI_0034 DJI_0024 DJI_0035", "DJI_0028 DJI_0029 DJI_0031 DJI_0030 DJI_0019 DJI_0018"),
    "caliterra-a": ("IMG_9369", "IMG_9362 IMG_9363 IMG_9364 IMG_9365", "IMG_9370 IMG_9374 IMG_9375 IMG_9355"),
    "monstree-12": ("IMG_1029", "IMG_1025 IMG_1042 IMG_1036", "IMG_1040 IMG_1046 IMG_1044"),
}


def stems(wanted: str) -> Choice:
    return lambda names, _: [name for name in names if Path(name).stem in wanted.split()]


def parts(*of: tuple[str, slice]) -> Choice:
    """Photos of several scenes in one folder."""
    return lambda _names, _pairs: sorted(file.name for scene, which in of for file in photos(scene)[which])


def hinged(seed: str, joint: bool) -> Choice:
    """Two groups of two to five photos that see nothing of each other, by COLMAP, and with `joint` the one photo that sees both."""

    def choose(names: list[str], pairs: Pairs) -> list[str]:
        def seen(a: str, b: str) -> int:
            return pairs.get((min(a, b), max(a, b)), 0)

        dice = random.Random(seed)
        for hinge in dice.sample(names, len(names)):
            near = [name for name in dice.sample(names, len(names)) if name != hinge and seen(hinge, name) >= HOLDS]
            for first in near:
                one = [first, *(name for name in near if seen(first, name) >= HOLDS)][:5]
                apart = [name for name in near if all(seen(name, each) < VERIFIED for each in one)]
                other = [name for name in apart if name == apart[0] or seen(apart[0], name) >= HOLDS][:5]
                if min(len(one), len(other)) >= 2 and len(one) + len(other) >= 5:
                    return sorted([*one, *other, *([hinge] if joint else [])])
        return []

    return choose
