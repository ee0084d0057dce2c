"""MCMC's exploration noise in torch: the same numbers as update.cpp draws, by the same hash."""

from __future__ import annotations

import torch
from torch import Tensor

from engine import OPACITY, QUAT, SCALE, Motion

OPACITY_LIMIT = 0.15  # as in update.cpp: above it the noise is nothing
WORD = 0xFFFFFFFF


def exploration(values: Tensor, motion: Motion) -> Tensor:
    """How far each of `values` (rows, n) is pushed, (3, n): along its own covariance, more where it is faint."""
    opacity = torch.sigmoid(values[OPACITY])
    size = motion.noise / (1 + torch.exp(100 * (opacity - 0.005)))
    size = torch.where(opacity < OPACITY_LIMIT, size, 0)
    key = (motion.seed * 0x9E3779B9 ^ motion.iteration * 0x85EBCA6B) & WORD
    number = torch.arange(values.shape[1], dtype=torch.int64, device=values.device)
    noise = torch.stack([bell(mix(number * 4 + k & WORD) ^ key) for k in range(3)]) * size
    turn = rotations(values[QUAT])
    local = torch.einsum("akn,an->kn", turn, noise) * values[SCALE].exp() ** 2
    return torch.einsum("akn,kn->an", turn, local)


def mix(x: Tensor) -> Tensor:
    """The hash "lowbias32" (Wellons 2018) on the low 32 bits of int64; a product's overflow leaves those bits right."""
    x = x ^ (x >> 16)
    x = x * 0x7FEB352D & WORD
    x = x ^ (x >> 15)
    x = x * 0x846CA68B & WORD
    return x ^ (x >> 16)


def bell(key: Tensor) -> Tensor:
    """About normal, variance 1: the sum of four uniform numbers of 16 bits."""
    a, b = mix(key), mix(key ^ 0x5BD1E995)
    total = (a & 0xFFFF) + (a >> 16) + (b & 0xFFFF) + (b >> 16)
    return (total - 131070).float() * (1.7320508 / 65536)


def rotations(quats: Tensor) -> Tensor:
    """(3, 3, n) of quaternions (4, n): w, x, y, z of any length."""
    w, x, y, z = quats / quats.norm(dim=0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return torch.stack([torch.stack(row) for row in rows])
