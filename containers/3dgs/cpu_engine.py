"""The engine on the CPU: the C++ library of native/, called through ctypes."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, Structure, byref, c_double, c_float, c_int, c_int32, c_int64, c_uint32, c_void_p
from pathlib import Path

import mcmc
import numpy as np
from build_native import library_for_this_cpu
from numpy.typing import NDArray

from engine import Camera, Motion, Refinement, State, StepReport, row_count

L1_WEIGHT, SSIM_WEIGHT = 0.8, 0.2  # 3DGS (Kerbl et al. 2023), equation 7
BETA1, BETA2 = 0.9, 0.999
EPSILON = 1e-15  # inside the root, so that steps of Gaussians with gradients under 3e-8 fade out


class _Camera(Structure):
    _fields_ = [
        ("view", c_float * 12),
        ("fx", c_float),
        ("fy", c_float),
        ("cx", c_float),
        ("cy", c_float),
        ("width", c_int32),
        ("height", c_int32),
    ]


class _Weights(Structure):
    _fields_ = [("l1", c_float), ("ssim", c_float)]


class _Rates(Structure):
    _fields_ = [
        (name, c_float)
        for name in (
            "mean",
            "scale",
            "quat",
            "opacity",
            "sh0",
            "sh_rest",
            "beta1",
            "beta2",
            "correction1",
            "correction2",
            "epsilon",
            "opacity_decay",
            "scale_decay",
            "noise",
        )
    ] + [("seed", c_uint32), ("step", c_uint32)]


class _Report(Structure):
    _fields_ = [("loss", c_double), ("l1", c_double), ("ssim", c_double), ("visible", c_int32), ("entries", c_int32)]


def _load(path: Path) -> ctypes.CDLL:
    library = ctypes.CDLL(str(path))
    signatures: dict[str, tuple[object, list[object]]] = {
        "splat_open": (c_void_p, [c_int, c_int, c_int]),
        "splat_close": (None, [c_void_p]),
        "splat_lanes": (c_int, []),
        "splat_stride": (c_int64, [c_void_p]),
        "splat_memory": (POINTER(c_float), [c_void_p, c_int]),
        "splat_set_count": (None, [c_void_p, c_int]),
        "splat_render": (c_int, [c_void_p, POINTER(_Camera), c_int, c_void_p]),
        "splat_step": (
            c_int,
            [c_void_p, POINTER(_Camera), c_int, c_void_p, _Weights, POINTER(_Rates), POINTER(_Report)],
        ),
        "splat_gradient": (
            c_int,
            [c_void_p, POINTER(_Camera), c_int, c_void_p, _Weights, POINTER(_Report), c_void_p, c_void_p],
        ),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def _camera(camera: Camera) -> _Camera:
    view = (c_float * 12)(*np.asarray(camera.view, np.float32).ravel())
    return _Camera(view, camera.fx, camera.fy, camera.cx, camera.cy, camera.width, camera.height)


def _checked(status: int) -> None:
    if status != 0:
        raise MemoryError("The engine ran out of memory.")


class CpuEngine:
    """`Engine` in C++ with `threads` threads. Memory for `cap` Gaussians is taken at once."""

    def __init__(self, cap: int, degree: int, threads: int, library: Path | None = None) -> None:
        self._library = _load(library or library_for_this_cpu())
        self._degree, self._cap = degree, cap
        self._handle = self._library.splat_open(cap, degree, threads)
        if not self._handle:
            raise MemoryError(f"No memory for {cap} Gaussians.")
        shape = (row_count(degree), self._library.splat_stride(self._handle))
        self._memory = [
            np.ctypeslib.as_array(self._library.splat_memory(self._handle, which), shape) for which in range(3)
        ]
        self._count = 0

    @property
    def lanes(self) -> int:
        """Floats that the loaded build computes at once: 8 with AVX2, else 4."""
        return int(self._library.splat_lanes())

    @property
    def count(self) -> int:
        """See Engine.count."""
        return self._count

    def set(self, state: State) -> None:
        """See Engine.set."""
        if state.count > self._cap:
            raise ValueError(f"{state.count} Gaussians do not fit under the cap of {self._cap}")
        for memory, values in zip(self._memory, (state.values, state.first, state.second), strict=True):
            memory[:, : state.count] = values
        self._set_count(state.count)

    def get(self) -> State:
        """See Engine.get."""
        return State(*(memory[:, : self._count].copy() for memory in self._memory))

    def step(self, camera: Camera, photo: NDArray[np.uint8], motion: Motion) -> StepReport:
        """See Engine.step."""
        _check_photo(camera, photo)
        t = motion.iteration + 1
        rates = _Rates(
            motion.mean,
            motion.scale,
            motion.quat,
            motion.opacity,
            motion.sh0,
            motion.sh_rest,
            BETA1,
            BETA2,
            1 / (1 - BETA1**t),
            1 / (1 - BETA2**t),
            EPSILON,
            motion.opacity_decay / self._count,
            motion.scale_decay / (3 * self._count),
            motion.noise,
            motion.seed,
            motion.iteration,
        )
        report = _Report()
        _checked(
            self._library.splat_step(
                self._handle,
                byref(_camera(camera)),
                motion.degree,
                photo.ctypes.data,
                _Weights(L1_WEIGHT, SSIM_WEIGHT),
                byref(rates),
                byref(report),
            )
        )
        return _read(report)

    def refine(self, refinement: Refinement) -> int:
        """See Engine.refine."""
        views = State(*self._memory)
        self._set_count(mcmc.refine(views, self._count, min(refinement.count, self._cap), refinement))
        return self._count

    def render(self, camera: Camera, degree: int) -> NDArray[np.float32]:
        """See Engine.render."""
        picture = np.empty((camera.height, camera.width, 3), np.float32)
        _checked(self._library.splat_render(self._handle, byref(_camera(camera)), degree, picture.ctypes.data))
        return picture

    def gradient(
        self, camera: Camera, photo: NDArray[np.uint8], degree: int, l1: float = L1_WEIGHT, ssim: float = SSIM_WEIGHT
    ) -> tuple[StepReport, NDArray[np.float32], NDArray[np.float32]]:
        """For tests: report, gradient by the picture (3, height, width) and by the parameters (rows, gaussians)."""
        _check_photo(camera, photo)
        report = _Report()
        by_picture = np.empty((3, camera.height, camera.width), np.float32)
        by_parameter = np.empty_like(self._memory[0])
        _checked(
            self._library.splat_gradient(
                self._handle,
                byref(_camera(camera)),
                degree,
                photo.ctypes.data,
                _Weights(l1, ssim),
                byref(report),
                by_picture.ctypes.data,
                by_parameter.ctypes.data,
            )
        )
        return _read(report), by_picture, by_parameter[:, : self._count]

    def close(self) -> None:
        """See Engine.close."""
        if self._handle:
            self._memory = []
            self._library.splat_close(self._handle)
            self._handle = None

    def _set_count(self, count: int) -> None:
        self._count = count
        self._library.splat_set_count(self._handle, count)


def _check_photo(camera: Camera, photo: NDArray[np.uint8]) -> None:
    wanted = (3, camera.height, camera.width)
    if photo.shape != wanted or photo.dtype != np.uint8 or not photo.flags.c_contiguous:
        raise ValueError(f"the photo must be contiguous uint8 {wanted}, not {photo.dtype} {photo.shape}")


def _read(report: _Report) -> StepReport:
    return StepReport(report.loss, report.l1, report.ssim, report.visible, report.entries)
