"""Pictures of a made-up place: textured rectangles seen by a pinhole camera. For camera paths that no shared capture has
(forward motion, pure rotation, a flat scene). They are faults with a known cause, not a likeness of the world."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

Array = np.ndarray


@dataclass(frozen=True)
class Rectangle:
    """Corner, two sides (3-vectors, metres) and a grey or RGB texture stretched over it."""

    corner: Array
    across: Array
    down: Array
    texture: Array


@dataclass(frozen=True)
class Camera:
    """Centre, rotation (rows: right, down, forward) and focal length in pixels."""

    centre: Array
    rotation: Array
    focal: float


def looking(centre: tuple[float, float, float], target: tuple[float, float, float], focal: float) -> Camera:
    """A camera at `centre` that looks at `target`; y points down."""
    forward = np.subtract(target, centre)
    forward = forward / np.linalg.norm(forward)
    right = np.cross([0.0, 1.0, 0.0], forward)
    right = right / np.linalg.norm(right)
    return Camera(np.asarray(centre, float), np.stack([right, np.cross(forward, right), forward]), focal)


def render(scene: list[Rectangle], camera: Camera, width: int, height: int, noise: float, seed: int) -> Image.Image:
    """The nearest rectangle at every pixel, with Gaussian noise of `noise` grey levels."""
    x, y = np.meshgrid(np.arange(width) - (width - 1) / 2, np.arange(height) - (height - 1) / 2)
    rays = np.stack([x, y, np.full_like(x, camera.focal)], axis=-1) @ camera.rotation
    nearest = np.full((height, width), np.inf)
    out = np.full((height, width, 3), 128.0)
    for rectangle in scene:
        normal = np.cross(rectangle.across, rectangle.down)
        with np.errstate(divide="ignore", invalid="ignore"):
            far = ((rectangle.corner - camera.centre) @ normal) / (rays @ normal)
            place = camera.centre + rays * far[..., None] - rectangle.corner
        u = place @ rectangle.across / (rectangle.across @ rectangle.across)
        v = place @ rectangle.down / (rectangle.down @ rectangle.down)
        hit = (far > 1e-6) & (far < nearest) & (u >= 0) & (u < 1) & (v >= 0) & (v < 1)
        out[hit] = sample(rectangle.texture, u[hit], v[hit])
        nearest[hit] = far[hit]
    out += np.random.default_rng(seed).normal(0, noise, out.shape)
    return Image.fromarray(np.clip(out, 0, 255).astype(np.uint8))


def sample(texture: Array, u: Array, v: Array) -> Array:
    """Bilinear look-up; u and v in 0..1."""
    height, width = texture.shape[:2]
    x, y = u * (width - 1.001), v * (height - 1.001)
    left, top = x.astype(int), y.astype(int)
    fx, fy = (x - left)[:, None], (y - top)[:, None]
    upper = texture[top, left] * (1 - fx) + texture[top, left + 1] * fx
    lower = texture[top + 1, left] * (1 - fx) + texture[top + 1, left + 1] * fx
    return upper * (1 - fy) + lower * fy
