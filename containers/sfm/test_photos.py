"""Photos made ready: pixels, sizes and what is refused."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sfm.bare import bare_jpeg, bare_png
from sfm.capture import Photo
from sfm.photos import Prepared, Unreadable, prepare


def picture(width: int = 300, height: int = 200, mode: str = "RGB") -> Image.Image:
    y, x = np.mgrid[:height, :width]
    return Image.fromarray(np.stack([x % 256, y % 256, (x + y) % 256], -1).astype(np.uint8)).convert(mode)


def ready(tmp_path: Path, data: bytes, focal_px: float | None = None, longest: int = 1000) -> Prepared | Unreadable:
    source = tmp_path / "object"
    source.write_bytes(data)
    photo = Photo("a.jpg", source, 300, 200, "", focal_px, 1, None)
    return next(prepare([photo], tmp_path / "photos", longest, 1, lambda: False))


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def with_exif() -> bytes:
    exif = Image.Exif()
    exif[271] = "Maker" * 50
    exif[274] = 6
    return encoded(picture(), "JPEG", exif=exif, comment=b"hello", progressive=True)


def test_a_small_jpeg_keeps_its_pixels_and_loses_its_metadata(tmp_path: Path) -> None:
    data = with_exif()
    done = ready(tmp_path, data)
    assert isinstance(done, Prepared) and (done.width_px, done.height_px) == (300, 200)
    kept = (tmp_path / "photos" / done.name).read_bytes()
    assert b"Maker" not in kept and b"hello" not in kept and len(kept) < len(data)
    np.testing.assert_array_equal(np.asarray(Image.open(BytesIO(kept))), np.asarray(Image.open(BytesIO(data))))


def test_a_png_keeps_its_pixels_and_loses_its_text(tmp_path: Path) -> None:
    from PIL.PngImagePlugin import PngInfo

    text = PngInfo()
    text.add_text("Comment", "hello")
    bare = bare_png(encoded(picture(), "PNG", pnginfo=text))
    assert b"hello" not in bare
    np.testing.assert_array_equal(np.asarray(Image.open(BytesIO(bare))), np.asarray(picture()))


def test_a_large_photo_is_scaled_with_its_focal(tmp_path: Path) -> None:
    done = ready(tmp_path, with_exif(), focal_px=240.0, longest=150)
    assert isinstance(done, Prepared)
    assert (done.width_px, done.height_px, done.focal_px) == (150, 100, 120.0)


@pytest.mark.parametrize("mode", ["RGBA", "CMYK", "L", "P"])
def test_every_colour_mode_becomes_readable(tmp_path: Path, mode: str) -> None:
    done = ready(tmp_path, encoded(picture(mode=mode), "JPEG" if mode == "CMYK" else "PNG"))
    assert isinstance(done, Prepared)
    assert Image.open(tmp_path / "photos" / done.name).mode in ("RGB", "L")


def test_sixteen_bit_grey_is_scaled_not_clipped(tmp_path: Path) -> None:
    ramp = Image.fromarray((np.mgrid[:100, :256][1] * 256).astype(np.uint16))
    done = ready(tmp_path, encoded(ramp, "PNG"))
    assert isinstance(done, Prepared)
    values = np.asarray(Image.open(tmp_path / "photos" / done.name).convert("L"))[50]
    assert abs(int(values[128]) - 128) < 4 and values[10] < 20


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"\xff\xd8\xff\xe0", with_exif()[:900], encoded(picture(20, 20), "PNG")]
)
def test_what_is_no_whole_photo_is_left_out_with_a_reason(tmp_path: Path, data: bytes) -> None:
    done = ready(tmp_path, data)
    assert isinstance(done, Unreadable) and done.reason.startswith("unreadable")


def test_a_jpeg_without_a_scan_is_refused() -> None:
    with pytest.raises(ValueError, match="JPEG"):
        bare_jpeg(b"\xff\xd8\xff\xe0\x00\x04ab")
