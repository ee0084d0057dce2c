"""The stage as a process, on real photos."""

from __future__ import annotations

import csv
import os
import random
import signal
import sqlite3
import struct
import subprocess
import sys
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import pycolmap
import pytest
from PIL import Image

from .conftest import CAPTURES, Input, capture_photos, finish, lines_of, load, start_sfm, wait_for


def jpeg(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def add_caliterra(inputs: Input, count: int) -> None:
    for path in capture_photos("caliterra-a")[:count]:
        inputs.add_file(path.name, path)


def verified_pairs(name: str) -> list[tuple[str, str]]:
    with (CAPTURES / name / "pairs-4.2.csv").open() as file:
        return [(row["image1"], row["image2"]) for row in csv.DictReader(file) if int(row["inliers"]) >= 15]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Eight photos of two sizes, two of one name in two folders, and two that nobody can use."""
    folder = tmp_path_factory.mktemp("mixed")
    inputs = Input(folder / "in")
    paths = capture_photos("caliterra-a")[:8]
    names = ["a/DJI 1.JPG", "b/DJI 1.JPG", "b/é ü.jpg", *[f"c/{i}.jpg" for i in range(5)]]
    for i, (name, path) in enumerate(zip(names, paths, strict=True)):
        with Image.open(path) as image:
            inputs.add_file(name, path) if i % 3 else inputs.add(name, jpeg(image.resize((600, 450))), 600, 450)
    whole = paths[0].read_bytes()
    inputs.add("truncated.jpg", whole[: len(whole) // 3], 1600, 1200)
    with Image.open(paths[0]) as image:
        plain = jpeg(image)
    start_of_frame = plain.index(b"\xff\xc0")
    hostile = plain[: start_of_frame + 5] + b"\xff\xfe\xff\xfe" + plain[start_of_frame + 9 :]
    inputs.add("hostile.jpg", hostile, 65534, 65534)
    out = folder / "out"
    code = finish(start_sfm(inputs.write(), out, {"threads": "2", "alignToGps": "false"}))
    return code, out, names


def test_mixed_sizes_and_equal_names_in_two_folders_all_take_part(mixed: Any) -> None:
    code, out, names = mixed
    assert code == 0
    report = load(out / "report.json")
    assert report["registered"] == sorted(names)
    assert 0 < report["coverage"] <= 1 and report["reprojectionErrorPx"] < report["reprojectionLimitPx"]
    assert sorted(p.relative_to(out / "images").as_posix() for p in (out / "images").rglob("*.*")) == sorted(names)
    assert {(c["widthPx"], c["heightPx"]) for c in report["cameras"]} == {(600, 450), (640, 480)}


def test_the_model_is_undistorted_and_matches_its_photos(mixed: Any) -> None:
    _, out, names = mixed
    model = pycolmap.Reconstruction(out / "sparse" / "0")
    assert {image.name for image in model.images.values()} == set(names)
    assert all(camera.model_name == "PINHOLE" for camera in model.cameras.values())
    for image in model.images.values():
        with Image.open(out / "images" / image.name) as picture:
            assert picture.size == (image.camera.width, image.camera.height)
    assert any(point.color.any() for point in model.points3D.values())


def test_truncated_and_hostile_photos_are_left_out_by_name(mixed: Any) -> None:
    _, out, _ = mixed
    missing = {row["file"]: row["reason"] for row in load(out / "report.json")["unregistered"]}
    assert set(missing) == {"truncated.jpg", "hostile.jpg"} and all("unreadable" in r for r in missing.values())
    warnings = [line["problem"] for line in lines_of(out) if line["step"] == "warning"]
    assert {w["code"] for w in warnings} == {"file/corrupt"} and len(warnings) == 2


def test_progress_is_counted_and_never_falls(mixed: Any) -> None:
    _, out, _ = mixed
    lines = [line for line in lines_of(out) if line["step"] != "warning"]
    steps = list(dict.fromkeys(line["step"] for line in lines))
    assert steps == ["prepare", "features", "pairs", "map", "align", "undistort"]
    for step in steps:
        counts = [line["done"] for line in lines if line["step"] == step]
        assert counts[0] == 0 and counts == sorted(counts)
    ends = {line["step"]: (line["done"], line["total"]) for line in lines}
    assert ends["features"] == (8, 8) and ends["pairs"] == (28, 28) and ends["map"][1] is None


def test_the_outcome_lists_the_deliverables_and_work_is_gone(mixed: Any) -> None:
    _, out, names = mixed
    outcome = load(out / "outcome.json")
    assert outcome["kind"] == "done" and not (out / "work").exists()
    assert {"report.json", "sparse/0/images.bin", f"images/{names[0]}"} <= set(outcome["files"])


def test_straight_down_photos_keep_the_headers_focal_and_get_metres(new_input: Input, tmp_path: Path) -> None:
    for path in capture_photos("brighton-beach"):
        with Image.open(path) as image:
            tags = image.getexif().get_ifd(0x8825)
        lat, lon = (sum(float(v) / 60**i for i, v in enumerate(tags[tag])) for tag in (2, 4))
        gps = {"lat": lat, "lon": -lon, "altM": float(tags[6])}
        new_input.add_file(path.name, path, focalPx=914.0, gps=gps)
    out = tmp_path / "out"
    assert finish(start_sfm(new_input.write(verified_pairs("brighton-beach")), out, {"maxImageSizePx": 1000})) == 0
    report = load(out / "report.json")
    assert "focal/kept" in {check["code"] for check in report["checks"]}
    assert report["cameras"][0]["focalPx"] == pytest.approx(571, abs=1)
    assert report["gps"]["residualM"]["rms"] < report["gps"]["limitM"]
    assert report["metric"] and report["gps"]["residualM"]["rms"] < 1.0 and len(report["registered"]) == 18


def features_in(out: Path) -> int:
    with closing(sqlite3.connect(out / "work" / "database.db")) as database:
        return int(database.execute("SELECT COUNT(*) FROM descriptors").fetchone()[0])


MARK = 123.25


def mark_features_of_first_photo(out: Path) -> None:
    with closing(sqlite3.connect(out / "work" / "database.db")) as database:
        data = database.execute("SELECT data FROM keypoints WHERE image_id = 1").fetchone()[0]
        database.execute("UPDATE keypoints SET data = ? WHERE image_id = 1", (struct.pack("<f", MARK) + data[4:],))
        database.commit()


def first_photo_is_marked(out: Path) -> bool:
    with closing(sqlite3.connect(out / "work" / "database.db")) as database:
        data = database.execute("SELECT data FROM keypoints WHERE image_id = 1").fetchone()[0]
    return bool(struct.unpack_from("<f", data)[0] == MARK)


def test_a_killed_run_continues_without_redoing_features(new_input: Input, tmp_path: Path) -> None:
    add_caliterra(new_input, 8)
    inputs, out = new_input.write(), tmp_path / "out"
    process = start_sfm(inputs, out, {"threads": 1})
    wait_for(out, "features", 3)
    process.kill()
    process.wait()
    kept = features_in(out)
    assert kept >= 3
    mark_features_of_first_photo(out)
    process = start_sfm(inputs, out, {"threads": 1})
    wait_for(out, "pairs", 1)
    process.kill()
    process.wait()
    assert features_in(out) == 8
    assert first_photo_is_marked(out), "the features of a photo were extracted twice"
    assert finish(start_sfm(inputs, out, {"threads": 2})) == 0
    assert len(load(out / "report.json")["registered"]) == 8


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")
def test_sigterm_leaves_a_stopped_run_with_its_database(new_input: Input, tmp_path: Path) -> None:
    add_caliterra(new_input, 8)
    process = start_sfm(new_input.write(), tmp_path / "out", {"threads": 1})
    wait_for(tmp_path / "out", "features", 1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0
    assert load(tmp_path / "out" / "outcome.json")["kind"] == "stopped"
    assert features_in(tmp_path / "out") >= 1


def test_a_parent_that_dies_ends_the_run(new_input: Input, tmp_path: Path) -> None:
    add_caliterra(new_input, 8)
    process = start_sfm(new_input.write(), tmp_path / "out", {"threads": 1}, SPACEPORT_PARENT_PIPE="1")
    wait_for(tmp_path / "out", "features", 1)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=60) == 0


def test_a_full_disk_is_said_as_such(new_input: Input, tmp_path: Path) -> None:
    add_caliterra(new_input, 8)
    out = tmp_path / "small"
    out.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(out)]
    if os.name == "nt" or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small disk cannot be mounted here")
    try:
        assert finish(start_sfm(new_input.write(), out)) == 73
        assert not (out / "outcome.json").exists()
    finally:
        subprocess.run(["umount", str(out)], check=True)


def test_photos_without_anything_in_common_are_refused(new_input: Input, tmp_path: Path) -> None:
    for i in range(5):
        noise = Image.frombytes("RGB", (320, 240), random.Random(i).randbytes(320 * 240 * 3))
        new_input.add(f"{i}.jpg", jpeg(noise), 320, 240)
    out = tmp_path / "out"
    assert finish(start_sfm(new_input.write(), out)) == 65
    failure = load(out / "failure.json")
    assert failure["code"] == "run/sfm-few" and failure["what"] == "0 of 5 photos joined." and failure["remedy"]
    assert len(load(out / "report.json")["unregistered"]) == 5


def test_one_photo_is_refused_at_once(new_input: Input, tmp_path: Path) -> None:
    new_input.add("1.jpg", jpeg(Image.new("RGB", (320, 240))), 320, 240)
    assert finish(start_sfm(new_input.write(), tmp_path / "out")) == 65
    assert load(tmp_path / "out" / "failure.json")["code"] == "run/sfm-few"


def test_a_missing_photo_is_named(new_input: Input, tmp_path: Path) -> None:
    for i in range(3):
        new_input.add(f"{i}.jpg", jpeg(Image.new("RGB", (320, 240), (i * 90, 0, 0))), 320, 240)
    (new_input.folder / "photos" / new_input.entries[1]["object"]).unlink()
    assert finish(start_sfm(new_input.write(), tmp_path / "out")) == 65
    assert "1 of 3 photos of the manifest are missing: 1.jpg" in load(tmp_path / "out" / "failure.json")["what"]


@pytest.mark.parametrize("name", ["../up.jpg", "/abs.jpg", "a/../../b.jpg", ""])
def test_a_name_that_leaves_the_folder_is_refused(new_input: Input, tmp_path: Path, name: str) -> None:
    new_input.add(name, b"x", 10, 10)
    assert finish(start_sfm(new_input.write(), tmp_path / "out")) == 65


@pytest.mark.parametrize("settings", [{"threds": 1}, {"mapper": "both"}, {"maxImageSizePx": "10"}])
def test_wrong_settings_are_refused(new_input: Input, tmp_path: Path, settings: dict[str, Any]) -> None:
    assert finish(start_sfm(new_input.write(), tmp_path / "out", settings)) == 64
