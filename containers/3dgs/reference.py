"""The slow clear twin of the C++ engine, in float64, for tests: one Gaussian after the other, every pixel at once.

It knows nothing of tiles, lists or bounds. Its gradients are complex-step derivatives (Squire and Trapp 1998): the
imaginary part of f(x + ih) is the derivative to full precision, so no second derivation could repeat the engine's
mistakes. Every function therefore accepts complex numbers and decides (order, clamps, thresholds) on their real part.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from quality import C1, C2, blur

from engine import MEAN, OPACITY, QUAT, SCALE, SH, Camera

Array = NDArray[np.generic]

DILATION_PX2, NEAR_PLANE, ALPHA_MIN, ALPHA_MAX = 0.3, 0.01, 1 / 255, 0.999
STEP = 1e-30


def render(values: Array, camera: Camera, degree: int) -> Array:
    """The picture (height, width, 3) of Gaussians `values` (rows, n), by gsplat's rules, background black."""
    y, x = np.mgrid[0 : camera.height, 0 : camera.width] + 0.5
    light = np.ones((camera.height, camera.width), values.dtype)
    picture = np.zeros((camera.height, camera.width, 3), values.dtype)
    view = camera.view.astype(np.float64)
    depth = (view[2, :3] @ values[MEAN] + view[2, 3]).real.astype(np.float32)
    for i in np.argsort(depth, kind="stable"):
        if depth[i] <= NEAR_PLANE:
            continue
        centre, conic = project(values[:, i], camera, view)
        dx, dy = x - centre[0], y - centre[1]
        power = -0.5 * (conic[0] * dx * dx + conic[2] * dy * dy) - conic[1] * dx * dy
        alpha = np.exp(power) / (1 + np.exp(-values[OPACITY, i]))
        alpha = np.where(alpha.real > ALPHA_MAX, ALPHA_MAX, np.where(alpha.real < ALPHA_MIN, 0, alpha))
        picture += (alpha * light)[..., None] * colour(values[:, i], view, degree)
        light = light * (1 - alpha)
    return picture


def project(gaussian: Array, camera: Camera, view: NDArray[np.float64]) -> tuple[Array, Array]:
    """Centre (2,) in px and conic (3,) of one Gaussian: EWA splatting (Zwicker et al. 2001), 3DGS's frustum clamp."""
    p = view[:, :3] @ gaussian[MEAN] + view[:, 3]
    turn = view[:, :3] @ rotation(gaussian[QUAT]) @ np.diag(np.exp(gaussian[SCALE]))
    tx = p[2] * _clamp(p[0] / p[2], camera.cx, camera.width, camera.fx)
    ty = p[2] * _clamp(p[1] / p[2], camera.cy, camera.height, camera.fy)
    jacobian = np.array(
        [[camera.fx / p[2], 0, -camera.fx * tx / p[2] ** 2], [0, camera.fy / p[2], -camera.fy * ty / p[2] ** 2]]
    )
    spread = jacobian @ turn
    covariance = spread @ spread.T + DILATION_PX2 * np.eye(2)
    determinant = covariance[0, 0] * covariance[1, 1] - covariance[0, 1] ** 2
    conic = np.array([covariance[1, 1], -covariance[0, 1], covariance[0, 0]]) / determinant
    return np.array([camera.fx * p[0] / p[2] + camera.cx, camera.fy * p[1] / p[2] + camera.cy]), conic


def rotation(quaternion: Array) -> Array:
    """(3, 3) of a quaternion (w, x, y, z) of any length."""
    w, x, y, z = quaternion / np.sqrt((quaternion * quaternion).sum())
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


def colour(gaussian: Array, view: NDArray[np.float64], degree: int) -> Array:
    """(3,) of one Gaussian seen from the camera: spherical harmonics + 0.5, not under zero."""
    away = gaussian[MEAN] + view[:, :3].T @ view[:, 3]
    basis = harmonics(away / np.sqrt((away * away).sum()))[: (degree + 1) ** 2]
    value = 0.5 + basis @ gaussian[SH : SH + 3 * len(basis)].reshape(-1, 3)
    return np.where(value.real > 0, value, 0)


def harmonics(direction: Array) -> Array:
    """The 16 real spherical harmonics of degrees 0 to 3 with 3DGS's signs, of a unit vector (3,)."""
    x, y, z = direction
    xx, yy, zz = x * x, y * y, z * z
    return np.array(
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
        ]
    )


def loss(picture: Array, photo: NDArray[np.uint8], l1: float = 0.8, ssim: float = 0.2) -> Array:
    """l1 |x - y| + ssim (1 - SSIM), means over pixels and channels.

    picture: (height, width, 3), photo: (3, height, width).
    """
    wanted = photo.transpose(1, 2, 0) / 255.0
    difference = picture - wanted
    absolute = np.sign(difference.real) * difference
    ma, mb = blur(picture), blur(wanted)
    spread = blur(picture * picture + wanted * wanted) - ma * ma - mb * mb
    shared = blur(picture * wanted) - ma * mb
    similarity = (2 * ma * mb + C1) * (2 * shared + C2) / ((ma * ma + mb * mb + C1) * (spread + C2))
    return l1 * absolute.mean() + ssim * (1 - similarity.mean())


def gradient(function: Callable[[Array], Array], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Derivative of a real number by every element of `at`, by complex steps."""
    out = np.empty(at.shape)
    for index in np.ndindex(at.shape):
        moved = at.astype(np.complex128)
        moved[index] += 1j * STEP
        out[index] = np.asarray(function(moved)).imag / STEP
    return out


def _clamp(ratio: Array, centre: float, size: int, focal: float) -> Array:
    low, high = -(centre / focal + 0.15 * size / focal), (size - centre) / focal + 0.15 * size / focal
    return np.where(ratio.real < low, low, np.where(ratio.real > high, high, ratio))[()]
