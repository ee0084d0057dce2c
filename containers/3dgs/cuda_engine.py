"""The engine on CUDA: torch_engine.py around gsplat's rasteriser. torch and gsplat are imported here and nowhere else.

gsplat compiles itself at its first import where it finds a compiler and no compiled part. A job must neither wait for
that nor die of it, so the compiled part is looked for before the import.
"""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from common.failure import StageFailure, memory_failure
from cubins import architectures, runs
from numpy.typing import NDArray

from engine import Camera, Motion, StepReport

if TYPE_CHECKING:
    from torch import Tensor
    from torch_engine import Drawn, Gaussians, TorchEngine

NEAR_PLANE, DILATION_PX2, TILE_PX = 0.01, 0.3, 16  # the CPU engine's


def require() -> None:
    """Raises StageFailure 69, by name, where anything is absent that the engine needs."""
    if importlib.util.find_spec("torch") is None:
        raise _absent("torch is not installed")
    import torch

    if torch.version.cuda is None:
        raise _absent(f"torch {torch.__version__} is built without CUDA")
    if not torch.cuda.is_available():
        seen = driver()
        raise _absent(f"torch finds no GPU ({f'nvidia-smi says: {seen}' if seen else 'no driver is here'})")
    _require_gsplat(torch.cuda.get_device_name(), *torch.cuda.get_device_capability())


def _require_gsplat(gpu: str, major: int, minor: int) -> None:
    libraries = compiled_part()
    if not libraries:
        raise _absent("gsplat is not compiled ahead of time")
    try:
        # Not left to gsplat: where its compiled part does not load, it goes on without and fails at the first picture.
        from gsplat import csrc  # noqa: F401
    except ImportError as error:
        raise _absent(f"gsplat's compiled part does not load: {error}") from error
    known = architectures(libraries[0])
    if not runs(known, major, minor):
        compiled = ", ".join(f"sm_{each}" for each in known)
        raise _absent(f"the GPU {gpu} is sm_{major}{minor}, and gsplat is compiled for {compiled}")


def driver() -> str | None:
    """What nvidia-smi says (name, driver, memory) or complains of; None where it is absent, for a driver brings it."""
    query = ["nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"]
    try:
        asked = subprocess.run(query, capture_output=True, text=True, timeout=60)
    except FileNotFoundError:
        return None
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return " ".join(asked.stdout.split()) or f"nothing, code {asked.returncode}"


def compiled_part() -> list[Path]:
    """gsplat's compiled part, found without importing it."""
    spec = importlib.util.find_spec("gsplat")
    folders = spec.submodule_search_locations if spec else None
    return [file for folder in folders or [] for file in Path(folder).glob("csrc*") if file.suffix in (".so", ".pyd")]


def open_engine(cap: int, degree: int) -> TorchEngine:
    """The engine for `cap` Gaussians. Raises StageFailure: 69 without a GPU, 70 where its memory is too small."""
    require()
    import torch
    from torch_engine import TorchEngine

    # The tensor cores' short floats would cost SSIM its third digit: it is a difference of squares.
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.matmul.allow_tf32 = False

    class CudaEngine(TorchEngine):
        def step(self, camera: Camera, photo: NDArray[np.uint8], motion: Motion) -> StepReport:
            try:
                return super().step(camera, photo, motion)
            except torch.OutOfMemoryError as error:
                raise memory_failure() from error

    try:
        return CudaEngine(cap, degree, "cuda", rasterise)
    except torch.OutOfMemoryError as error:
        raise memory_failure() from error


def rasterise(gaussians: Gaussians, camera: Camera, degree: int) -> Drawn:
    """gsplat's picture of one camera, by the CPU engine's constants."""
    import gsplat
    import torch
    from torch_engine import Drawn

    device = gaussians.means.device
    picture, _, meta = gsplat.rasterization(
        gaussians.means,
        gaussians.quats,
        gaussians.scales,
        gaussians.opacities,
        gaussians.colours,
        _view(camera, device)[None],
        _intrinsics(camera, device)[None],
        camera.width,
        camera.height,
        near_plane=NEAR_PLANE,
        eps2d=DILATION_PX2,
        sh_degree=degree,
        packed=False,
        tile_size=TILE_PX,
        rasterize_mode="classic",
    )
    seen = (meta["radii"][0] > 0).reshape(gaussians.means.shape[0], -1).all(dim=1)
    return Drawn(picture[0], seen, torch.as_tensor(meta["flatten_ids"].numel(), device=device))


def _view(camera: Camera, device: Any) -> Tensor:
    import torch

    view = torch.eye(4, dtype=torch.float32, device=device)
    view[:3] = torch.from_numpy(np.ascontiguousarray(camera.view, np.float32))
    return view


def _intrinsics(camera: Camera, device: Any) -> Tensor:
    import torch

    rows = [[camera.fx, 0, camera.cx], [0, camera.fy, camera.cy], [0, 0, 1]]
    return torch.tensor(rows, dtype=torch.float32, device=device)


def _absent(why: str) -> StageFailure:
    return StageFailure(
        69,
        "setup/no-gpu",
        f"The CUDA engine was asked for, but {why}.",
        "Choose the engine cpu, or a machine with an NVIDIA GPU and the GPU image.",
    )
