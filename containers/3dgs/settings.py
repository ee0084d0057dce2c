"""The settings of the trainer. Defaults are the preview recipe; where each number comes from stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class TrainSettings:
    """Keys arrive in camel case (`longSidePx`), values may be strings. Raises ValueError for impossible values."""

    engine: Literal["cpu", "cuda"] = "cpu"
    iterations: int = 2100
    cap: int = 20000  # Gaussians at most
    sh_degree: int = 1
    long_side_px: int = 480  # photos are never enlarged
    # Share of the iterations, from the first, at half size. 0.75 costs 10 % less than 0.65 and measured equal:
    # caliterra-a 32.27 against 32.32 dB, brighton-beach 19.29 against 19.26.
    half_size_share: float = 0.75
    hold_out_every: int = 8  # every n-th photo by name, from the first; 0 = none
    checkpoint_every: int = 500  # iterations; 0 = only at the end
    preview_at: str = "100"  # iterations after which a first viewable scene is written
    seed: int = 42
    threads: int = 0  # 0 = all that this process may use

    learning_rate_scale: float = 2.0  # short runs want twice the published rates (+1.9 dB on a ray-traced scene)
    opacity_reg: float = 0.01  # opacity_reg .. min_opacity: 3DGS-MCMC's published values
    scale_reg: float = 0.01
    noise: float = 5e5
    min_opacity: float = 0.005
    refine_every: int = 50
    init_opacity: float = 0.5
    backdrop: int = 500  # far Gaussians behind the scene, see backdrop.py and init.py; 0 = none
    init_scale: float = 0.5  # in distances to the nearest neighbours

    def __post_init__(self) -> None:
        limits = {
            "iterations": (1, 1_000_000),
            "cap": (1, 20_000_000),
            "sh_degree": (0, 3),
            "long_side_px": (16, 16384),
            "half_size_share": (0, 1),
            "hold_out_every": (0, 1_000_000),
            "checkpoint_every": (0, 1_000_000),
            "threads": (0, 1024),
            "learning_rate_scale": (1e-3, 1e3),
            "opacity_reg": (0, 10),
            "scale_reg": (0, 10),
            "noise": (0, 1e9),
            "min_opacity": (1e-6, 0.5),
            "refine_every": (1, 1_000_000),
            "init_opacity": (0.01, 0.99),
            "init_scale": (1e-3, 10),
            "seed": (0, 2**32 - 1),
            "backdrop": (0, 1_000_000),
        }
        for name, (low, high) in limits.items():
            if not low <= getattr(self, name) <= high:
                raise ValueError(f"{name} must lie between {low} and {high}")
        if self.hold_out_every == 1:
            raise ValueError("hold_out_every 1 would leave no photo to train on")
        self.previews()

    def previews(self) -> frozenset[int]:
        """`preview_at` as numbers. Raises ValueError."""
        words = [word.strip() for word in self.preview_at.split(",") if word.strip()]
        if not all(word.isdecimal() for word in words):
            raise ValueError("preview_at is a list of iterations like 100,300")
        return frozenset(int(word) for word in words)
