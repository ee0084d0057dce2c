"""Photos made ready for COLMAP: proved decodable, scaled, under names that no tool trips over."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from common.failure import DISK_ERRORS
from common.files import replace_atomically
from PIL import Image

from sfm.bare import bare_jpeg, bare_png
from sfm.capture import Photo

# COLMAP and PIL allocate what the header declares. 400 megapixels (1.2 GB as RGB) is beyond every camera on sale.
LARGEST_PIXELS = 400_000_000

# Below this side SIFT finds nothing to match.
SMALLEST_SIDE_PX = 64

# Scaled copies feed features AND training, so they are kept near lossless.
JPEG_QUALITY = 95

# Small enough photos of these formats keep their very pixels; everything else is written as JPEG.
PLAIN_SUFFIXES = {"JPEG": ".jpg", "PNG": ".png"}


@dataclass(frozen=True)
class Prepared:
    """A photo in OUT/work/photos: `name` (internal, no spaces or folders), size and prior focal in its own pixels."""

    index: int
    photo: Photo
    name: str
    width_px: int
    height_px: int
    focal_px: float | None


@dataclass(frozen=True)
class Unreadable:
    """A photo that cannot take part, and why."""

    index: int
    photo: Photo
    reason: str


def prepare(
    photos: list[Photo], folder: Path, longest_side_px: int, threads: int, stopped: Callable[[], bool]
) -> Iterator[Prepared | Unreadable]:
    """Yields each photo as soon as it is ready, in order; what an earlier attempt wrote is taken as it is.

    EXIF orientation is not applied: the manifest's sizes, the intrinsics and COLMAP all speak of the stored pixels, and
    turning would mix portrait and landscape files of one lens into two cameras. Names are indices, because COLMAP's
    pair list splits lines at spaces.
    """
    folder.mkdir(parents=True, exist_ok=True)
    Image.MAX_IMAGE_PIXELS = LARGEST_PIXELS
    with ThreadPoolExecutor(threads) as pool:
        jobs = [pool.submit(_prepare_one, i, photo, folder, longest_side_px, stopped) for i, photo in enumerate(photos)]
        for job in jobs:
            ready = job.result()
            if ready is not None:
                yield ready


def _prepare_one(
    index: int, photo: Photo, folder: Path, longest_side_px: int, stopped: Callable[[], bool]
) -> Prepared | Unreadable | None:
    if stopped():
        return None
    try:
        target = _existing(folder, index) or _write(index, photo, folder, longest_side_px)
        with Image.open(target) as image:
            width, height = image.size
    except OSError as error:
        if error.errno in DISK_ERRORS:
            raise
        return Unreadable(index, photo, f"unreadable: {error}")
    except (ValueError, SyntaxError, Image.DecompressionBombError, EOFError) as error:
        return Unreadable(index, photo, f"unreadable: {error}")
    scale = max(width, height) / max(photo.width_px, photo.height_px)
    return Prepared(index, photo, target.name, width, height, photo.focal_px * scale if photo.focal_px else None)


def _existing(folder: Path, index: int) -> Path | None:
    return next((path for suffix in (".jpg", ".png") if (path := folder / f"{index:06d}{suffix}").is_file()), None)


def _write(index: int, photo: Photo, folder: Path, longest_side_px: int) -> Path:
    with warnings.catch_warnings(), Image.open(photo.source) as image:
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        width, height = image.size
        if width * height > LARGEST_PIXELS:
            raise ValueError(f"its header declares {width} x {height} pixels")
        if min(width, height) < SMALLEST_SIDE_PX:
            raise ValueError(f"it has only {width} x {height} pixels")
        plain = PLAIN_SUFFIXES.get(image.format or "") if image.mode in ("RGB", "L") else None
        if plain and max(width, height) <= longest_side_px:
            image.load()  # The whole file must decode, or COLMAP might abort on it.
            data = photo.source.read_bytes()
            return _keep(bare_png(data) if plain == ".png" else bare_jpeg(data), folder / f"{index:06d}{plain}")
        scale = min(1.0, longest_side_px / max(width, height))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        image.draft("RGB", size)  # JPEG decodes straight to 1/2, 1/4 or 1/8 where that is still large enough.
        scaled = _rgb(image).resize(size, Image.Resampling.LANCZOS)
    target = folder / f"{index:06d}.jpg"
    with replace_atomically(target) as temporary:
        scaled.save(temporary, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return target


def _rgb(image: Image.Image) -> Image.Image:
    """8-bit RGB; 16-bit grey is scaled down instead of clipped, as PIL would."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    return image.convert("RGB")


def _keep(data: bytes, target: Path) -> Path:
    with replace_atomically(target) as temporary:
        temporary.write_bytes(data)
    return target
