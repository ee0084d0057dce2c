"""L1 and SSIM of two pictures in torch; the same window, constants and borders as quality.py."""

from __future__ import annotations

import torch
import torch.nn.functional as functional
from quality import C1, C2, RADIUS, SIGMA_PX
from torch import Tensor


def compare(picture: Tensor, wanted: Tensor) -> tuple[Tensor, Tensor]:
    """(mean absolute difference, SSIM) of (3, height, width) values 0 .. 1."""
    ma, mb, squares, products = blur(
        torch.stack([picture, wanted, picture * picture + wanted * wanted, picture * wanted])
    )
    spread = squares - ma * ma - mb * mb
    shared = products - ma * mb
    similarity = (2 * ma * mb + C1) * (2 * shared + C2) / ((ma * ma + mb * mb + C1) * (spread + C2))
    return (picture - wanted).abs().mean(), similarity.mean()


def blur(maps: Tensor) -> Tensor:
    """The window's mean at every pixel of (n, 3, height, width); zeros outside."""
    weights = torch.exp(
        -(torch.arange(-RADIUS, RADIUS + 1, dtype=torch.float64, device=maps.device) ** 2) / (2 * SIGMA_PX**2)
    )
    weights = (weights / weights.sum()).to(maps.dtype)
    flat = maps.flatten(0, 1)[:, None]
    flat = functional.conv2d(flat, weights.view(1, 1, -1, 1), padding=(RADIUS, 0))
    flat = functional.conv2d(flat, weights.view(1, 1, 1, -1), padding=(0, RADIUS))
    return flat.view(maps.shape)
