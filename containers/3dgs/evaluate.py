"""Held-out views: renders kept as files, and figures computed from those very files' pixels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from common.files import replace_atomically
from dataset import Photo
from numpy.typing import NDArray
from PIL import Image
from quality import explained, psnr, ssim

from engine import Engine

HELD_OUT = "heldout"


@dataclass(frozen=True)
class ViewQuality:
    """Figures of one held-out photo; `render` is relative to OUT."""

    photo: str
    render: str
    psnr: float
    ssim: float
    explained: float

    def as_json(self) -> dict[str, Any]:
        """As it stands in metrics.json."""
        return {
            "photo": self.photo,
            "render": self.render,
            "psnr": round(self.psnr, 4),
            "ssim": round(self.ssim, 5),
            "explained": round(self.explained, 5),
        }


def render_names(photos: list[str]) -> dict[str, str]:
    """Render file of each photo below OUT: its name with .png; where two would meet, .png after the whole name."""
    plain = {name: str(PurePosixPath(name).with_suffix(".png")) for name in photos}
    taken = Counter(plain.values())
    return {name: f"{HELD_OUT}/{plain[name] if taken[plain[name]] == 1 else name + '.png'}" for name in photos}


def eight_bit(picture: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Values 0 .. 1 rounded to the 256 steps of a PNG."""
    return np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)


def compare(render: NDArray[np.uint8], photo: NDArray[np.uint8]) -> tuple[float, float, float]:
    """(PSNR, SSIM, share of the photo's variance explained) of two pictures (height, width, 3)."""
    a, b = render / 255.0, photo / 255.0
    return psnr(a, b), ssim(a, b), explained(a, b)


def evaluate(engine: Engine, photos: list[Photo], degree: int, out: Path) -> Iterator[ViewQuality]:
    """Renders each photo's view, keeps it as a file and compares."""
    names = render_names([photo.name for photo in photos])
    for photo in photos:
        render = eight_bit(engine.render(photo.whole.camera, degree))
        with replace_atomically(out / names[photo.name]) as temporary:
            Image.fromarray(render).save(temporary, "PNG")
        yield ViewQuality(photo.name, names[photo.name], *compare(render, photo.whole.pixels.transpose(1, 2, 0)))


def mean_psnr(engine: Engine, photos: list[Photo], degree: int) -> float:
    """Mean PSNR over views without keeping anything."""
    return float(
        np.mean(
            [
                psnr(
                    eight_bit(engine.render(photo.whole.camera, degree)) / 255.0,
                    photo.whole.pixels.transpose(1, 2, 0) / 255.0,
                )
                for photo in photos
            ]
        )
    )
