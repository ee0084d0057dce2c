"""PSNR and SSIM of two pictures, in float64."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float64]

# Stands in metrics.json beside the figures.
SSIM_RULE = "11 x 11 Gaussian window of 1.5 px, zeros outside the picture, mean over pixels and RGB (as 3DGS)"

C1, C2 = 0.01**2, 0.03**2
RADIUS, SIGMA_PX = 5, 1.5


def psnr(a: Picture, b: Picture) -> float:
    """Decibels for values 0 .. 1; 100 for equal pictures."""
    error = float(np.mean((a - b) ** 2))
    return 100.0 if error < 1e-10 else -10 * float(np.log10(error))


def explained(render: Picture, photo: Picture) -> float:
    """Share of the photo's variance that the render explains (R squared).

    1 for equal pictures, 0 for the photo's mean colour everywhere, less for worse: unlike decibels it has fixed ends.
    """
    variance = float(np.mean((photo - photo.mean(axis=(0, 1))) ** 2))
    error = float(np.mean((render - photo) ** 2))
    return 1.0 if error == 0 else 1 - error / max(variance, 1e-10)


def ssim(a: Picture, b: Picture) -> float:
    """Structural similarity (Wang et al. 2004) of (height, width, channels) values 0 .. 1."""
    ma, mb = blur(a), blur(b)
    spread = blur(a * a + b * b) - ma * ma - mb * mb
    shared = blur(a * b) - ma * mb
    return float(np.mean((2 * ma * mb + C1) * (2 * shared + C2) / ((ma * ma + mb * mb + C1) * (spread + C2))))


def blur(picture: Picture) -> Picture:
    """The window's mean at every pixel; zeros outside."""
    weights = np.exp(-(np.arange(-RADIUS, RADIUS + 1) ** 2) / (2 * SIGMA_PX**2))
    weights /= weights.sum()
    for axis in (0, 1):
        size = picture.shape[axis]
        padded = np.pad(picture, [(RADIUS, RADIUS) if i == axis else (0, 0) for i in range(picture.ndim)])
        rows = np.moveaxis(padded, axis, 0)
        picture = np.moveaxis(sum(w * rows[i : i + size] for i, w in enumerate(weights)), 0, axis)
    return picture
