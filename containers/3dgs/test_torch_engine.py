"""The engine on torch without a GPU: a plain rasteriser in gsplat's place, held against the CPU engine."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Capture

torch = pytest.importorskip("torch", reason="torch is not installed: the torch engine's tests run in the GPU image")

import parity  # noqa: E402
import reference  # noqa: E402
import train  # noqa: E402
from colmap_reader import read_model  # noqa: E402
from common.stage import Stage  # noqa: E402
from cpu_engine import CpuEngine  # noqa: E402
from dataset import load  # noqa: E402
from settings import TrainSettings  # noqa: E402
from torch_engine import Drawn, Gaussians, TorchEngine  # noqa: E402
from torch_noise import rotations  # noqa: E402

from engine import Camera, State, row_count  # noqa: E402


def open_engine(cap: int, degree: int) -> TorchEngine:
    return TorchEngine(cap, degree, "cpu", draw)


def draw(g: Gaussians, camera: Camera, degree: int) -> Drawn:
    """gsplat's rules one Gaussian after the other, every pixel at once; reference.py in torch, for its derivatives."""
    view = torch.from_numpy(camera.view)
    p = g.means @ view[:, :3].T + view[:, 3]
    colours = torch.clamp_min(colours_of(g, view, degree) + 0.5, 0)
    centres, conics = project(g, p, camera, view)
    y, x = torch.meshgrid(torch.arange(camera.height) + 0.5, torch.arange(camera.width) + 0.5, indexing="ij")
    light = torch.ones(camera.height, camera.width)
    # The sum gives it a derivative even where nothing is seen.
    picture = torch.zeros(camera.height, camera.width, 3) + 0 * colours.sum()
    seen = torch.zeros(len(p), dtype=torch.bool)
    for i in torch.argsort(p[:, 2], stable=True).tolist():
        if p[i, 2] <= reference.NEAR_PLANE:
            continue
        dx, dy = x - centres[i, 0], y - centres[i, 1]
        power = -0.5 * (conics[i, 0] * dx * dx + conics[i, 2] * dy * dy) - conics[i, 1] * dx * dy
        alpha = torch.clamp_max(g.opacities[i] * torch.exp(power), reference.ALPHA_MAX)
        alpha = torch.where(alpha < reference.ALPHA_MIN, 0, alpha)
        seen[i] = bool((alpha > 0).any())
        picture = picture + (alpha * light)[..., None] * colours[i]
        light = light * (1 - alpha)
    return Drawn(picture, seen, seen.sum())


def project(g: Gaussians, p: torch.Tensor, camera: Camera, view: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    x, y, z = p.T
    tx = z * clamped(x / z, camera.cx, camera.width, camera.fx)
    ty = z * clamped(y / z, camera.cy, camera.height, camera.fy)
    zero = torch.zeros_like(z)
    jacobian = torch.stack(
        [camera.fx / z, zero, -camera.fx * tx / z**2, zero, camera.fy / z, -camera.fy * ty / z**2], dim=1
    ).view(-1, 2, 3)
    turn = rotations(g.quats.T).permute(2, 0, 1)
    spread = jacobian @ view[:, :3] @ (turn * g.scales[:, None, :])
    covariance = spread @ spread.transpose(1, 2) + reference.DILATION_PX2 * torch.eye(2)
    inverse = torch.linalg.inv(covariance)
    centres = torch.stack([camera.fx * x / z + camera.cx, camera.fy * y / z + camera.cy], dim=1)
    return centres, torch.stack([inverse[:, 0, 0], inverse[:, 0, 1], inverse[:, 1, 1]], dim=1)


def clamped(ratio: torch.Tensor, centre: float, size: int, focal: float) -> torch.Tensor:
    return torch.clamp(ratio, -(centre / focal + 0.15 * size / focal), (size - centre) / focal + 0.15 * size / focal)


def colours_of(g: Gaussians, view: torch.Tensor, degree: int) -> torch.Tensor:
    away = g.means + view[:, :3].T @ view[:, 3]
    x, y, z = (away / away.norm(dim=1, keepdim=True)).T
    xx, yy, zz = x * x, y * y, z * z
    basis = torch.stack(
        [
            0.28209479177387814 + 0 * x,
            -0.4886025119029199 * y,
            0.4886025119029199 * z,
            -0.4886025119029199 * x,
            1.0925484305920792 * x * y,
            -1.0925484305920792 * y * z,
            0.31539156525252005 * (2 * zz - xx - yy),
            -1.0925484305920792 * x * z,
            0.5462742152960396 * (xx - yy),
            -0.5900435899266435 * y * (3 * xx - yy),
            2.890611442640554 * x * y * z,
            -0.4570457994644658 * y * (4 * zz - xx - yy),
            0.3731763325901154 * z * (2 * zz - 3 * xx - 3 * yy),
            -0.4570457994644658 * x * (4 * zz - xx - yy),
            1.445305721320277 * z * (xx - yy),
            -0.5900435899266435 * x * (xx - 3 * yy),
        ],
        dim=1,
    )[:, : (degree + 1) ** 2]
    return torch.einsum("nk,nkc->nc", basis, g.colours)


def test_pictures_are_the_cpu_engines() -> None:
    parity.pictures_agree(open_engine, 2e-4)


def test_loss_and_gradients_are_the_cpu_engines() -> None:
    parity.gradients_agree(open_engine, 1e-3)


def test_one_step_is_the_cpu_engines() -> None:
    parity.one_step_agrees(open_engine, 1e-4)


def test_fifty_steps_lead_where_the_cpu_engine_goes() -> None:
    parity.fifty_steps_agree(open_engine)


def test_noise_is_the_cpu_engines() -> None:
    parity.noise_is_the_same(open_engine)


def test_rounds_of_mcmc_are_the_cpu_engines() -> None:
    parity.refining_is_the_same(open_engine)


def test_checkpoints_pass_from_one_engine_to_the_other() -> None:
    parity.checkpoints_pass_from_one_to_the_other(open_engine)


class Unheard:
    """Where a stage's progress goes when nobody listens."""

    def progress(self, *told: Any) -> None:
        pass


def trained(engine: Any, capture: Capture, out: Path) -> tuple[list[list[float]], int]:
    """The trainer's whole loop: losses, and how many Gaussians there are in the end."""
    settings = TrainSettings(iterations=12, cap=450, long_side_px=48, refine_every=4, preview_at="4", threads=2)
    stage: Stage[TrainSettings] = Stage(capture.inputs, out, settings, threading.Event(), Unheard())  # type: ignore[arg-type]
    out.mkdir()
    model = read_model(capture.inputs / "sfm/sparse/0")
    data = load(model, capture.inputs / "sfm/images", settings.long_side_px, 8, 2, lambda done, total: None)
    training = train._start(stage, engine, data, model)
    training.run()
    return training.history["loss"], training.finish().count


def test_a_whole_training_goes_where_the_cpu_engines_goes(capture: Capture, tmp_path: Path) -> None:
    losses, count = trained(open_engine(450, 1), capture, tmp_path / "torch")
    wanted, wanted_count = trained(CpuEngine(450, 1, 2), capture, tmp_path / "cpu")
    assert len(losses) == 12 and np.abs(np.array(losses) - wanted).max() < 0.01 * wanted[0][1]
    assert abs(count - wanted_count) <= 5 and (tmp_path / "torch/checkpoints/000012.npz").exists()


def test_too_many_gaussians_are_refused_and_an_empty_scene_is_black() -> None:
    engine = open_engine(3, 0)
    with pytest.raises(ValueError, match="cap"):
        engine.set(parity.fresh(np.zeros((row_count(0), 4), np.float32)))
    empty = np.zeros((row_count(0), 0), np.float32)
    engine.set(State(empty, empty, empty))
    assert not engine.render(parity.camera(), 0).any()


def test_the_check_measures_this_engine_against_the_reference() -> None:
    import cuda_check

    differences = cuda_check.agreement(open_engine(16, cuda_check.DEGREE))
    assert differences["image"] < 1e-4 and differences["gradient"] < cuda_check.MOST_GRADIENT_DIFFERENCE
