"""Made-up places and the paths of a camera through them: for motions that no shared capture has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from synthetic import Camera, Rectangle, looking, render

ROOT = Path(__file__).resolve().parents[2]
CAPTURES = ROOT.parent / "shared" / "captures"


def photos(scene: str) -> list[Path]:
    return sorted((CAPTURES / scene / "images").iterdir())


def texture(scene: str, number: int) -> np.ndarray:
    with Image.open(photos(scene)[number]) as image:
        return np.asarray(image.convert("RGB"), float)


def corridor() -> list[Rectangle]:
    """A street of 40 m: ground, two rows of walls at several depths, an end."""
    ground, walls = texture("brighton-beach", 3), [texture("sceaux-castle", i) for i in (0, 3, 6, 9)]
    return street(ground, walls)


def avenue() -> list[Rectangle]:
    """The same street of other pictures."""
    return street(texture("caliterra-a", 11), [texture("monstree-12", i) for i in (1, 4, 7, 10)])


def street(ground: np.ndarray, walls: list[np.ndarray]) -> list[Rectangle]:
    scene = [Rectangle(np.array([-8.0, 1.6, z]), np.array([16.0, 0, 0]), np.array([0, 0, 10.0]), ground) for z in (0, 10, 20, 30)]
    for i in range(8):
        for side in (-1, 1):
            x = side * (3.5 + (i * 7 % 3))
            scene.append(Rectangle(np.array([x, -4.5, 5.0 * i]), np.array([0, 0, 5.0]), np.array([0, 6.1, 0]), walls[(i + (side > 0)) % 4]))
    scene.append(Rectangle(np.array([-9.0, -6, 42]), np.array([18.0, 0, 0]), np.array([0, 8.0, 0]), walls[2]))
    return scene


def plane() -> list[Rectangle]:
    return [Rectangle(np.array([-12.0, -9, 20]), np.array([24.0, 0, 0]), np.array([0, 18.0, 0]), texture("caliterra-a", 4))]


def roofs() -> list[Rectangle]:
    """A field seen from above with roofs at several heights over it."""
    scene = [Rectangle(np.array([-24.0, -18, 20]), np.array([48.0, 0, 0]), np.array([0, 36.0, 0]), texture("caliterra-a", 8))]
    for i in range(20):
        x, y = -20 + 8.5 * (i % 5), -15 + 8 * (i // 5)
        scene.append(Rectangle(np.array([x, y, 15 + i * 3 % 4]), np.array([4.0, 0, 0]), np.array([0, 3.5, 0]), texture("banana", i % 16)))
    return scene


def path(cameras: Callable[[int], Camera], count: int, scene: Callable[[], list[Rectangle]] = corridor) -> Callable[[Path], None]:
    """Pictures along a path through a made-up place."""

    def make(images: Path) -> None:
        place = scene()
        for i in range(count):
            render(place, cameras(i), 1600, 1200, noise=3, seed=i).convert("RGB").save(images / f"made_{i:02d}.jpg", quality=90)

    return make


def turning(i: int, x: float, z: float, step: float) -> Camera:
    angle = -0.5 + step * i
    return looking((x, 0, z), (x + 6 * np.sin(angle), 0.1, z + 6 * np.cos(angle)), 1200)


def above(across: float, down: float) -> Callable[[int], Camera]:
    """A grid of four columns seen from above, by steps in metres."""
    return lambda i: looking((across * (i % 4 - 1.5), down * (i // 4 - 1), 0), (across * (i % 4 - 1.5), down * (i // 4 - 1) + 0.01, 20), 1500)


def made() -> dict[str, Callable[[Path], None]]:
    """Name (made~motion) to maker."""
    return {
        "made~forward": path(lambda i: looking((0.1 * (i % 2), 0, 0.7 * i), (0, 0, 60), 1200), 14),
        "made~forward-slow": path(lambda i: looking((0, 0, 0.25 * i), (0, 0, 60), 1200), 14),
        "made~forward-other": path(lambda i: looking((0, 0, 0.5 * i), (0, 0, 60), 1200), 12, avenue),
        "made~forward-aslant": path(lambda i: looking((0, 0, 0.6 * i), (3, 0, 6 + 0.6 * i), 1200), 12, avenue),
        "made~sideways": path(lambda i: looking((-1.5 + 0.25 * i, 0, 0), (0.2, 0, 20), 1200), 12),
        "made~turn": path(lambda i: turning(i, 0, 4, 0.09), 12),
        "made~turn-other": path(lambda i: turning(i, 0.5, 6, 0.12), 10, avenue),
        "made~turn-swaying": path(lambda i: turning(i, 0.02 * (i % 3), 6, 0.12), 10, avenue),
        "made~plane": path(lambda i: looking((-4 + 0.8 * (i % 6), -1 + 2 * (i // 6), 0), (-4 + 0.8 * (i % 6), -1 + 2 * (i // 6), 20), 1500), 12, plane),
        "made~roofs-close": path(above(3, 3), 12, roofs),
        "made~roofs-apart": path(above(9, 9), 12, roofs),
        "made~arc": path(lambda i: looking((3 * np.sin(-0.6 + 0.1 * i), 0, 14 - 8 * np.cos(-0.6 + 0.1 * i)), (0, 0, 14), 1200), 12),
    }
