"""The engine on torch: the CPU engine's rules for loss, Adam, noise and MCMC, around a rasteriser with derivatives.

cuda_engine.py gives it gsplat's; tests give it a plain one, so that all but gsplat itself runs without a GPU.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from cpu_engine import BETA1, BETA2, EPSILON, L1_WEIGHT, SSIM_WEIGHT
from moves import LEADING_ROWS, moves
from numpy.typing import NDArray
from torch import Tensor
from torch_loss import compare
from torch_noise import exploration

from engine import MEAN, OPACITY, QUAT, SCALE, SH, Camera, Motion, Refinement, State, StepReport, row_count


@dataclass(frozen=True)
class Gaussians:
    """What a rasteriser draws: (n, 3), (n, 4) of any length, (n, 3), (n,) and coefficients (n, k, 3)."""

    means: Tensor
    quats: Tensor
    scales: Tensor
    opacities: Tensor
    colours: Tensor


@dataclass(frozen=True)
class Drawn:
    """picture: (height, width, 3). seen: (n,) bool, what is in the picture. entries: Gaussian-tile pairs."""

    picture: Tensor
    seen: Tensor
    entries: Tensor


Rasterise = Callable[[Gaussians, Camera, int], Drawn]


class TorchEngine:
    """`Engine` on `device`. Memory for `cap` Gaussians is taken at once."""

    # A checkpoint's mark names the CPU build; settings.engine already tells this engine from those.
    lanes = 0

    def __init__(self, cap: int, degree: int, device: str, rasterise: Rasterise) -> None:
        self._cap, self._degree, self._rasterise = cap, degree, rasterise
        self._count = 0
        # Parameters and Adam's moments: the rows of `State`, so that a checkpoint is a copy.
        shape = (row_count(degree), cap)
        self._memory = [torch.zeros(shape, dtype=torch.float32, device=device) for _ in range(3)]

    @property
    def count(self) -> int:
        """See Engine.count."""
        return self._count

    def set(self, state: State) -> None:
        """See Engine.set."""
        if state.count > self._cap:
            raise ValueError(f"{state.count} Gaussians do not fit under the cap of {self._cap}")
        for memory, values in zip(self._memory, (state.values, state.first, state.second), strict=True):
            memory[:, : state.count] = torch.from_numpy(np.ascontiguousarray(values))
        self._count = state.count

    def get(self) -> State:
        """See Engine.get."""
        return State(*(memory[:, : self._count].cpu().numpy().copy() for memory in self._memory))

    def step(self, camera: Camera, photo: NDArray[np.uint8], motion: Motion) -> StepReport:
        """See Engine.step."""
        drawn, report, gradient = self._differentiate(camera, photo, motion.degree, L1_WEIGHT, SSIM_WEIGHT)
        with torch.no_grad():
            self._adam(gradient, drawn.seen, motion)
            if motion.noise > 0:
                values = self._memory[0][:, : self._count]
                values[MEAN] += exploration(values, motion)
        return report

    def refine(self, refinement: Refinement) -> int:
        """See Engine.refine. Decided on the host by the CPU engine's code; only the rows that it reads travel."""
        target = min(refinement.count, self._cap)
        leading = self._memory[0][:LEADING_ROWS, : max(target, self._count)].cpu().numpy()
        done = moves(leading, self._count, target, refinement)
        device = self._memory[0].device
        changed = torch.from_numpy(done.changed).to(device)
        source = torch.from_numpy(done.source).to(device)
        values, *moments = self._memory
        values[:, changed] = values[:, source]
        values[:LEADING_ROWS, changed] = torch.from_numpy(done.leading).to(device)
        for each in moments:
            each[:, changed] = 0
        self._count = done.count
        return self._count

    def render(self, camera: Camera, degree: int) -> NDArray[np.float32]:
        """See Engine.render."""
        with torch.no_grad():
            if self._count == 0:
                return np.zeros((camera.height, camera.width, 3), np.float32)
            values = self._memory[0][:, : self._count]
            return self._rasterise(_gaussians(values, degree), camera, degree).picture.cpu().numpy()

    def gradient(
        self, camera: Camera, photo: NDArray[np.uint8], degree: int, l1: float = L1_WEIGHT, ssim: float = SSIM_WEIGHT
    ) -> tuple[StepReport, NDArray[np.float32]]:
        """For tests and the check: report, and gradient by the parameters (rows, gaussians)."""
        _, report, gradient = self._differentiate(camera, photo, degree, l1, ssim)
        return report, gradient.cpu().numpy()

    def close(self) -> None:
        """See Engine.close."""
        self._memory = []
        self._count = 0

    def _differentiate(
        self, camera: Camera, photo: NDArray[np.uint8], degree: int, l1: float, ssim: float
    ) -> tuple[Drawn, StepReport, Tensor]:
        values = self._memory[0][:, : self._count].detach().requires_grad_()
        drawn = self._rasterise(_gaussians(values, degree), camera, degree)
        wanted = torch.from_numpy(photo).to(values.device).float() / 255
        absolute, similarity = compare(drawn.picture.permute(2, 0, 1), wanted)
        loss = l1 * absolute + ssim * (1 - similarity)
        (gradient,) = torch.autograd.grad(loss, values)
        # One transfer for all figures: each would wait for the device.
        figures = torch.stack([loss.detach(), absolute.detach(), similarity.detach()]).double()
        counts = torch.stack([drawn.seen.sum(), drawn.entries]).double()
        loss_, absolute_, similarity_, seen, entries = torch.cat([figures, counts]).tolist()
        return drawn, StepReport(loss_, absolute_, similarity_, int(seen), int(entries)), gradient

    def _adam(self, gradient: Tensor, seen: Tensor, motion: Motion) -> None:
        """Adam with the regularisers, for the Gaussians in the picture and the rows in use; as update.cpp does it."""
        rows = row_count(motion.degree)
        values, first, second = (memory[:rows, : self._count] for memory in self._memory)
        opacity = torch.sigmoid(values[OPACITY])
        gradient[OPACITY] += motion.opacity_decay / self._count * opacity * (1 - opacity)
        gradient[SCALE] += motion.scale_decay / (3 * self._count) * values[SCALE].exp()
        gradient, t = gradient[:rows], motion.iteration + 1
        m = BETA1 * first + (1 - BETA1) * gradient
        v = BETA2 * second + (1 - BETA2) * gradient * gradient
        rates = _rates(motion, rows, values.device)
        moved = rates / (1 - BETA1**t) * m / torch.sqrt(v / (1 - BETA2**t) + EPSILON)
        values -= torch.where(seen, moved, 0)
        first.copy_(torch.where(seen, m, first))
        second.copy_(torch.where(seen, v, second))


def _gaussians(values: Tensor, degree: int) -> Gaussians:
    coefficients = (degree + 1) ** 2
    return Gaussians(
        values[MEAN].T.contiguous(),
        values[QUAT].T.contiguous(),
        values[SCALE].exp().T.contiguous(),
        torch.sigmoid(values[OPACITY]),
        values[SH : SH + 3 * coefficients].T.reshape(-1, coefficients, 3).contiguous(),
    )


def _rates(motion: Motion, rows: int, device: torch.device) -> Tensor:
    """The learning rate of each row, (rows, 1)."""
    rates = [motion.mean] * 3 + [motion.scale] * 3 + [motion.quat] * 4 + [motion.opacity] + [motion.sh0] * 3
    rates += [motion.sh_rest] * (rows - len(rates))
    return torch.tensor(rates, dtype=torch.float32, device=device)[:, None]
