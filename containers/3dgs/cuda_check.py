"""`train.py check`: says what GPU there is and proves one forward and one backward pass against the slow clear twin.

It is also the first thing that a run on CUDA does: a GPU for which gsplat was not compiled says so here, in seconds.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import cuda_engine
import numpy as np
import reference
from common.arguments import sagemaker_root
from common.failure import StageFailure, as_failure, write_failure
from numpy.typing import NDArray

from engine import MEAN, OPACITY, QUAT, SCALE, SH, Camera, Engine, State, row_count

# gsplat stops a pixel at a transmittance of 1e-4 and is compiled with fast mathematics; gradients add up in any order.
MOST_IMAGE_DIFFERENCE, MOST_GRADIENT_DIFFERENCE = 3e-4, 1e-3
DEGREE = 1


def describe() -> dict[str, Any]:
    """Driver, architecture and versions. Needs torch and a GPU."""
    import torch

    major, minor = torch.cuda.get_device_capability()
    return {
        "gpu": torch.cuda.get_device_name(),
        "architecture": f"sm_{major}{minor}",
        "memoryBytes": torch.cuda.get_device_properties(0).total_memory,
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "driver": cuda_engine.driver(),
    }


def agreement(engine: Any) -> dict[str, float]:
    """Largest difference of the picture and relative difference of the gradient from the twin's, on a small scene."""
    camera, values, photo = small_scene()
    engine.set(State(values, np.zeros_like(values), np.zeros_like(values)))
    exact = values.astype(np.float64)
    picture = reference.render(exact, camera, DEGREE)
    by_parameter = engine.gradient(camera, photo, DEGREE)[-1]
    wanted = reference.gradient(lambda v: reference.loss(reference.render(v, camera, DEGREE), photo), exact)
    parts = (MEAN, SCALE, QUAT, slice(OPACITY, OPACITY + 1), slice(SH, None))
    return {
        "image": float(np.abs(engine.render(camera, DEGREE) - picture).max()),
        "gradient": max(relative(by_parameter[rows], wanted[rows]) for rows in parts),
    }


def relative(a: NDArray[np.floating], b: NDArray[np.floating]) -> float:
    """Length of the difference in lengths of `b`."""
    return float(np.linalg.norm(a - b) / (np.linalg.norm(b) + 1e-12))


def small_scene() -> tuple[Camera, NDArray[np.float32], NDArray[np.uint8]]:
    """A few Gaussians before a camera, and a photo to differ from: small, because the twin takes 140 pictures."""
    rng = np.random.default_rng(3)
    values = rng.normal(0, 0.3, (row_count(DEGREE), 6))
    values[MEAN] = rng.uniform(-0.8, 0.8, (3, 6)) + np.array([[0], [0], [2]])
    values[SCALE] = np.log(rng.uniform(0.05, 0.4, (3, 6)))
    values[QUAT] = rng.normal(size=(4, 6))
    values[SH : SH + 3] = rng.uniform(-0.5, 1.5, (3, 6))
    view = np.concatenate([np.eye(3), np.zeros((3, 1))], axis=1).astype(np.float32)
    photo = rng.integers(0, 255, (3, 18, 19), dtype=np.uint8)
    return Camera(view, 17.0, 17.5, 9.9, 8.2, 19, 18), values.astype(np.float32), photo


def check() -> dict[str, Any]:
    """Everything at once. Raises StageFailure 69: no GPU, one that cannot run the code, one that computes otherwise."""
    cuda_engine.require()
    said = describe()
    print(f"3dgs: {json.dumps(said)}", file=sys.stderr, flush=True)
    differences = _measured(said)
    if not (
        differences["image"] <= MOST_IMAGE_DIFFERENCE and differences["gradient"] <= MOST_GRADIENT_DIFFERENCE
    ):  # not <= also catches NaN
        raise StageFailure(
            69,
            "setup/gpu-differs",
            f"The GPU differs from the reference: the picture by {differences['image']:.1e}, the gradient by"
            f" {differences['gradient']:.1e}.",
            "Use another machine type, and report these numbers.",
        )
    return {**said, "differences": differences}


def _measured(said: dict[str, Any]) -> dict[str, float]:
    engine: Engine = cuda_engine.open_engine(16, DEGREE)
    try:
        return agreement(engine)
    except RuntimeError as error:  # what torch raises where no kernel fits the device
        raise StageFailure(
            69,
            "setup/no-gpu",
            f"The GPU {said['gpu']} ({said['architecture']}) cannot run the CUDA engine: {str(error).splitlines()[0]}.",
            "Use a machine type for which the image is compiled (7.5, 8.0, 8.6, 8.9, 9.0).",
        ) from error
    finally:
        engine.close()


def main() -> int:
    """Prints one JSON line: the report, or the Problem; returns the exit code."""
    try:
        print(json.dumps(check(), separators=(",", ":")), flush=True)
        return 0
    except Exception as error:
        failure = as_failure(error, None)
        write_failure(failure, None, sagemaker_root())
        print(json.dumps(failure.problem(), separators=(",", ":")), flush=True)
        return failure.exit_code
