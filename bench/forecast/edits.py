"""What goes wrong with single photos, done to good ones: blur, focus, exposure, noise, something in front of the lens, a longer lens, a turn on the spot."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageFilter

Edit = Callable[[Image.Image], Image.Image]


def as_image(values: np.ndarray) -> Image.Image:
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def motion_blur(pixels: int, degrees: float = 35) -> Edit:
    """Smears along a direction (from down to right)."""

    def edit(image: Image.Image) -> Image.Image:
        source = np.asarray(image.convert("RGB"), float)
        steps = np.linspace(-pixels / 2, pixels / 2, pixels + 1)
        along = np.radians(90 - degrees)
        shifts = [(round(s * np.cos(along)), round(s * np.sin(along))) for s in steps]
        return as_image(sum(np.roll(source, shift, (0, 1)) for shift in shifts) / len(shifts))

    return edit


def out_of_focus(radius: float) -> Edit:
    return lambda image: image.convert("RGB").filter(ImageFilter.GaussianBlur(radius))


def exposed(stops: float, seed: int) -> Edit:
    """Light by stops, as a sensor has it: noise stays where light goes, and what is too bright is white."""

    def edit(image: Image.Image) -> Image.Image:
        light = (np.asarray(image.convert("RGB"), float) / 255) ** 2.2 * 2.0**stops
        noise = np.random.default_rng(seed).normal(0, 1, light.shape) * np.sqrt(1e-6 + 2e-5 * light)
        return as_image(255 * np.clip(light + noise, 0, 1) ** (1 / 2.2))

    return edit


def noisy(levels: float, seed: int) -> Edit:
    def edit(image: Image.Image) -> Image.Image:
        source = np.asarray(image.convert("RGB"), float)
        return as_image(source + np.random.default_rng(seed).normal(0, levels, source.shape))

    return edit


def hidden(share: float, side: int) -> Edit:
    """A dark soft thing (a finger, a wall near by) covers a share of the picture from one of its four sides."""

    def edit(image: Image.Image) -> Image.Image:
        source = np.asarray(image.convert("RGB"), float)
        height, width = source.shape[:2]
        along = [np.arange(width) / width, 1 - np.arange(width) / width, np.arange(height) / height, 1 - np.arange(height) / height][side]
        cover = np.clip((share - along) * 40 + 0.5, 0, 1)
        cover = cover[None, :, None] if side < 2 else cover[:, None, None]
        return as_image(source * (1 - cover) + 35 * cover)

    return edit


def longer_lens(share: float) -> Edit:
    """The middle of the picture: what a lens of 1 / share times the focal length sees."""

    def edit(image: Image.Image) -> Image.Image:
        width, height = image.size
        w, h = round(width * share), round(height * share)
        left, top = (width - w) // 2, (height - h) // 2
        return image.crop((left, top, left + w, top + h))

    return edit


def turned(right_degrees: float, down_degrees: float, focal: float, share: float) -> Edit:
    """What a camera that turned on the spot sees: the middle `share` of the picture through the homography of the turn. `focal`: of the long side."""

    def edit(image: Image.Image) -> Image.Image:
        width, height = image.size
        f = focal * max(width, height)
        w, h = round(width * share), round(height * share)
        a, b = np.radians([right_degrees, down_degrees])
        yaw = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
        pitch = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
        to_old = np.array([[f, 0, width / 2], [0, f, height / 2], [0, 0, 1]]) @ yaw @ pitch @ np.linalg.inv(np.array([[f, 0, w / 2], [0, f, h / 2], [0, 0, 1]]))
        return image.convert("RGB").transform((w, h), Image.Transform.PERSPECTIVE, (to_old / to_old[2, 2]).ravel()[:8], Image.Resampling.BICUBIC)

    return edit
