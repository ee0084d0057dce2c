"""gsplat's own Python, unchanged, around plain kernels: all that the engine does on a GPU but the kernels themselves.

Each kernel's call is handed to the compiled part first, which must take the arguments and refuse only that no GPU is
there. What a kernel leaves unwritten is not a number here, so that nothing may depend on it.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import cuda_engine
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: gsplat's tests run in the GPU image")
if not cuda_engine.compiled_part():
    pytest.skip("gsplat is not compiled here: its tests run in the GPU image", allow_module_level=True)

import gsplat  # noqa: E402
import parity  # noqa: E402
from gsplat import csrc  # noqa: E402
from gsplat.cuda import _torch_impl as twin  # noqa: E402
from gsplat.cuda import _wrapper  # noqa: E402
from reference import ALPHA_MAX, ALPHA_MIN  # noqa: E402
from torch import Tensor  # noqa: E402
from torch_engine import TorchEngine  # noqa: E402

from engine import MEAN  # noqa: E402

Kernel = Callable[..., Any]
called: set[str] = set()


def open_engine(cap: int, degree: int) -> TorchEngine:
    return TorchEngine(cap, degree, "cpu", cuda_engine.rasterise)


@pytest.fixture(autouse=True)
def _plain_kernels(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(_wrapper, "_make_lazy_cuda_func", kernel)
    called.clear()
    yield


def kernel(name: str) -> Kernel:
    def call(*args: Any) -> Any:
        with pytest.raises(RuntimeError, match=r"(?i)cuda"):  # a TypeError where number or kinds of arguments differ
            getattr(csrc, name)(*args)
        called.add(name)
        return plain[name](*args)

    return call


def differentiated(outputs: Callable[..., tuple[Tensor, ...]], inputs: list[Tensor], v: list[Tensor]) -> list[Tensor]:
    with torch.enable_grad():
        leaves = [each.detach().requires_grad_() for each in inputs]
        return list(torch.autograd.grad(outputs(*leaves), leaves, v, allow_unused=True, materialize_grads=True))


def projected(means: Tensor, quats: Tensor, scales: Tensor, opacities: Any, *view: Any) -> tuple[Tensor, ...]:
    viewmats, intrinsics, width, height, eps2d, near, far = view
    spread, _ = twin._quat_scale_to_covar_preci(quats, scales, True, False, triu=False)
    lens = {"eps2d": eps2d, "near_plane": near, "far_plane": far}
    radii, *rest = twin._fully_fused_projection(means, spread, viewmats, intrinsics, width, height, **lens)
    if opacities is not None:
        radii[:, opacities < ALPHA_MIN] = 0
    return radii, *rest[:3]


def projection_forward(
    means: Tensor, covars: None, quats: Tensor, scales: Tensor, opacities: Tensor, *view: Any
) -> tuple[Any, ...]:
    *lens, radius_clip, compensates, _ = view
    assert covars is None and radius_clip == 0 and not compensates
    radii, *rest = projected(means, quats, scales, opacities, *lens)
    hidden = ~(radii > 0).all(dim=-1)
    for each in rest:
        each[hidden] = math.nan
    return radii, *rest, None


def projection_backward(means: Tensor, covars: None, quats: Tensor, scales: Tensor, *view: Any) -> tuple[Any, ...]:
    viewmats, intrinsics, width, height, eps2d, _, radii, _, _, *v, _, turns_camera = view
    assert not turns_camera
    seen = (radii > 0).all(dim=-1)

    def visible(*gaussians: Tensor) -> tuple[Tensor, ...]:
        lens = (viewmats, intrinsics, width, height, eps2d, cuda_engine.NEAR_PLANE, 1e10)
        return tuple(each[seen] for each in projected(*gaussians, None, *lens)[1:])

    by_mean, by_quat, by_scale = differentiated(visible, [means, quats, scales], [each[seen] for each in v])
    return by_mean, None, by_quat, by_scale, None


def harmonics_forward(degree: int, directions: Tensor, coefficients: Tensor, seen: Tensor) -> Tensor:
    colours = twin._spherical_harmonics(degree, directions, coefficients)
    colours[~seen] = math.nan
    return colours


def harmonics_backward(count: int, degree: int, *tensors: Any) -> tuple[Tensor, Tensor]:
    directions, coefficients, seen, v, _ = tensors
    assert count == coefficients.shape[-2]

    def visible(*given: Tensor) -> tuple[Tensor, ...]:
        return (twin._spherical_harmonics(degree, *given)[seen],)

    by_direction, by_coefficient = differentiated(visible, [directions, coefficients], [v[seen]])
    return by_coefficient, by_direction


def tiles(means2d: Tensor, radii: Tensor, depths: Tensor, images: None, gaussians: None, *rest: Any) -> Any:
    count, size, width, height, sort, segmented = rest
    assert (images, gaussians, count, sort, segmented) == (None, None, 1, True, False)
    return twin._isect_tiles(means2d, radii, depths, size, width, height, sort)


def composed(gaussians: tuple[Tensor, ...], width: int, height: int, size: int, starts: Tensor, order: Tensor) -> Any:
    """Picture and transmittance, tile by tile in the lists' order."""
    means2d, conics, colours, opacities = (each[0] for each in gaussians)
    y, x = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
    picture, light = torch.zeros(height, width, 3) + 0 * opacities[:0].sum(), torch.ones(height, width)
    for tile, (start, end) in enumerate(pairwise([*starts.flatten().tolist(), len(order)])):
        inside = (y // size == tile // starts.shape[-1]) & (x // size == tile % starts.shape[-1])
        for i in order[start:end].tolist():
            dx, dy = means2d[i, 0] - x, means2d[i, 1] - y
            sigma = 0.5 * (conics[i, 0] * dx * dx + conics[i, 2] * dy * dy) + conics[i, 1] * dx * dy
            alpha = torch.clamp_max(opacities[i] * torch.exp(-sigma), ALPHA_MAX)
            alpha = torch.where(inside & (alpha >= ALPHA_MIN), alpha, 0)
            picture = picture + (alpha * light)[..., None] * colours[i]
            light = light * (1 - alpha)
    return picture[None], light


def rasters_forward(*args: Any) -> tuple[Tensor, ...]:
    *gaussians, backgrounds, masks, width, height, size, starts, order = args
    assert backgrounds is None and masks is None
    picture, light = composed(tuple(gaussians), width, height, size, starts, order)
    return picture, (1 - light)[None, ..., None], torch.zeros(1, height, width, dtype=torch.int32)


def rasters_backward(*args: Any) -> tuple[Any, ...]:
    *gaussians, _, _, width, height, size, starts, order, _, _, v_picture, _, absolute = args
    assert not absolute

    def picture(*given: Tensor) -> tuple[Tensor, ...]:
        return (composed(given, width, height, size, starts, order)[0],)

    return None, *differentiated(picture, gaussians, [v_picture])


plain: dict[str, Kernel] = {
    "projection_ewa_3dgs_fused_fwd": projection_forward,
    "projection_ewa_3dgs_fused_bwd": projection_backward,
    "spherical_harmonics_fwd": harmonics_forward,
    "spherical_harmonics_bwd": harmonics_backward,
    "intersect_tile": tiles,
    "intersect_offset": twin._isect_offset_encode,
    "rasterize_to_pixels_3dgs_fwd": rasters_forward,
    "rasterize_to_pixels_3dgs_bwd": rasters_backward,
}


def test_pictures_are_the_cpu_engines_with_every_degree_of_harmonics() -> None:
    parity.pictures_agree(open_engine, 2e-4)


def test_gradients_are_the_cpu_engines_by_every_kernel_that_there_is() -> None:
    parity.gradients_agree(open_engine, 1e-3)
    assert called == set(plain)


def test_one_step_is_the_cpu_engines() -> None:
    parity.one_step_agrees(open_engine, 1e-4)


def test_what_no_kernel_writes_moves_nothing() -> None:
    values = parity.gaussians()
    values[MEAN, ::2] = np.array([0, 0, -50])[:, None]  # behind the camera
    engine = open_engine(parity.COUNT, parity.DEGREE)
    engine.set(parity.fresh(values))
    report, gradient = engine.gradient(parity.camera(), parity.photo(), parity.DEGREE)
    assert report.visible == parity.COUNT // 2 and report.entries > report.visible
    assert np.isfinite(gradient).all() and not gradient[:, ::2].any() and gradient[:, 1::2].any()


def test_a_camera_that_sees_nothing_gives_a_black_picture_and_only_noise() -> None:
    parity.noise_is_the_same(open_engine)


def test_what_the_engine_leaves_to_gsplat_is_what_the_cpu_engine_does() -> None:
    defaults = {name: each.default for name, each in inspect.signature(gsplat.rasterization).parameters.items()}
    left = {"radius_clip": 0.0, "far_plane": 1e10, "backgrounds": None, "render_mode": "RGB", "camera_model": "pinhole"}
    assert {name: defaults[name] for name in left} == left
