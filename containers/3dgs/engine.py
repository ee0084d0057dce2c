"""The seam between the trainer and what computes: `set`, `step`, `refine`, `render`, `get`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

# Rows of `State.values`; colour coefficient k of channel c stands in row SH + 3 k + c.
MEAN, SCALE, QUAT, OPACITY, SH = slice(0, 3), slice(3, 6), slice(6, 10), 10, 11


def row_count(degree: int) -> int:
    """Rows of parameters for spherical harmonics up to `degree`."""
    return SH + 3 * (degree + 1) ** 2


@dataclass(frozen=True)
class Camera:
    """A pinhole camera. `view`: world to camera, (3, 4) float32, x right, y down, z forward; the rest in px."""

    view: NDArray[np.float32]
    fx: float
    fy: float
    cx: float
    cy: float
    width: int
    height: int


@dataclass(frozen=True)
class State:
    """Everything that training changes, each (rows, gaussians) float32: parameters and Adam's two moments.

    Rows: position (3), logarithm of the scale (3), quaternion w x y z (4, any length), logit of the opacity, colour.
    """

    values: NDArray[np.float32]
    first: NDArray[np.float32]
    second: NDArray[np.float32]

    @property
    def count(self) -> int:
        """Number of Gaussians."""
        return int(self.values.shape[1])


@dataclass(frozen=True)
class Motion:
    """How one step moves the parameters. `iteration` counts from 0; it also seeds the noise.

    mean .. sh_rest: Adam's learning rates. opacity_decay, scale_decay: weights of the mean opacity and the mean scale
    in the loss.
    noise: standard deviation of the exploration noise in units of the covariance, 0 = none. degree: harmonics in use.
    """

    iteration: int
    degree: int
    mean: float
    scale: float
    quat: float
    opacity: float
    sh0: float
    sh_rest: float
    opacity_decay: float
    scale_decay: float
    noise: float
    seed: int


@dataclass(frozen=True)
class Refinement:
    """A round of MCMC: Gaussians under `min_opacity` or out of `reach` move to living ones; grows to `count`.

    reach, breeds: distances from the centre; those beyond `breeds` live, but none are moved or added to them.
    """

    iteration: int
    count: int
    min_opacity: float
    seed: int
    reach: float = float("inf")
    breeds: float = float("inf")


@dataclass(frozen=True)
class StepReport:
    """What one step measured. entries: Gaussian-tile pairs."""

    loss: float
    l1: float
    ssim: float
    visible: int
    entries: int


class Engine(Protocol):
    """One implementation on the CPU (cpu_engine.py), one on CUDA (cuda_engine.py)."""

    @property
    def count(self) -> int:
        """Number of Gaussians."""

    def set(self, state: State) -> None:
        """Takes over a copy of `state`."""

    def get(self) -> State:
        """A copy of the state."""

    def step(self, camera: Camera, photo: NDArray[np.uint8], motion: Motion) -> StepReport:
        """Draws, compares with `photo` ((3, height, width) uint8) by .8 L1 + .2 (1 - SSIM), moves the parameters."""

    def refine(self, refinement: Refinement) -> int:
        """Relocates and grows; returns the number of Gaussians."""

    def render(self, camera: Camera, degree: int) -> NDArray[np.float32]:
        """The picture, (height, width, 3), linear in the photos' values, not clamped."""

    def close(self) -> None:
        """Gives memory and threads back."""
