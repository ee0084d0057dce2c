"""Structure from motion with the forecast's pair list against all pairs: `pair_list.py flight FOLDER COUNT` makes a flight over a made-up
place, `pair_list.py compare FOLDER LIST` prints one JSON line. LIST: one pair a line, two file names with a tab between them.

Pairs are matched one by one, so a database with only the list's pairs is one with all of them less the others: matched once, mapped twice.
`pair_list.py match FOLDER --scratch FOLDER` matches alone, and can be called again until it is done: 200 photos have 19,900 pairs.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import sys
import time
from pathlib import Path

import numpy as np
import pycolmap
from colmap_truth import extract, largest_model, match_exhaustive
from PIL import Image
from synthetic import Rectangle, looking, render

# Metres between photos of a flight at 20 m with a view of 21 x 16 m: two thirds forward, a little over half across.
ALONG, ACROSS = 5.5, 9.5
LANE = 20
SIZE = (480, 360)

# Photos a side of what is written at once: some ten seconds of work are lost where matching is ended.
BLOCK = 20


def field(seed: int, width: int, height: int) -> np.ndarray:
    """A picture that is like no other: noise in octaves, so that there is something to see at every scale, and some stones."""
    dice = np.random.default_rng(seed)
    picture = np.full((height, width, 3), 110.0)
    for step in (8, 16, 32, 64):
        coarse = dice.normal(0, 5 + 2.2 * np.log2(step), (height // step + 2, width // step + 2, 3))
        layer = np.stack([np.asarray(Image.fromarray(coarse[..., c].astype(np.float32)).resize((width, height))) for c in range(3)], -1)
        picture += layer
    for _ in range(60):
        x, y, r = dice.integers(0, width), dice.integers(0, height), dice.integers(2, 9)
        picture[max(0, y - r) : y + r, max(0, x - r) : x + r // 2] += dice.normal(0, 45, 3)
    return picture


def ground(lanes: int) -> list[Rectangle]:
    """Fields of 24 m with roofs at several heights over them."""
    place: list[Rectangle] = []
    for i in range(6):
        for j in range(2 + int(lanes * ACROSS / 18)):
            corner, seed = np.array([-14 + 24.0 * i, -12 + 18.0 * j, 20.0]), 1000 * i + 10 * j
            place.append(Rectangle(corner, np.array([24.0, 0, 0]), np.array([0, 18.0, 0]), field(seed, 480, 360)))
            for k in range(4):
                roof = corner + np.array([2 + 12 * (k % 2), 2 + 9 * (k // 2), -1.0 - (i + j + 3 * k) % 5])
                place.append(Rectangle(roof, np.array([6.0, 0, 0]), np.array([0, 5.0, 0]), field(seed + 1 + k, 120, 100)))
    return place


def is_near(r: Rectangle, x: float, y: float) -> bool:
    """Whether a camera over that place may see the rectangle: 10.7 x 8 m to each side at 20 m, and some for its tilt."""
    return -13 - r.across[0] < r.corner[0] - x < 13 and -10 - r.down[1] < r.corner[1] - y < 10


def flight(folder: Path, count: int) -> None:
    """`count` photos in lanes of twenty, flown to and fro."""
    folder.mkdir(parents=True, exist_ok=True)
    place = ground(count // LANE + 1)
    for i in range(count):
        lane, at = i // LANE, i % LANE if i // LANE % 2 == 0 else LANE - 1 - i % LANE
        x, y = ALONG * at + 0.7 * np.sin(5 * i), ACROSS * lane + 0.7 * np.cos(3 * i)
        file = folder / f"DJI_{i:04d}.jpg"
        if file.exists():
            continue
        near = [r for r in place if is_near(r, x, y)]
        camera = looking((x, y, 0.3 * np.sin(i)), (x + 0.4 * np.sin(2 * i), y + 0.01 + 0.4 * np.cos(7 * i), 20), 450)
        render(near, camera, *SIZE, noise=2, seed=i).convert("RGB").save(file, quality=92)


def keep_only(database: Path, wanted: set[frozenset[str]], out: Path) -> int:
    """A copy of the database with the wanted pairs alone; the number of pairs in it."""
    shutil.copy(database, out)
    with sqlite3.connect(out) as opened:
        names = dict(opened.execute("SELECT image_id, name FROM images"))
        kept = 0
        for table in ("matches", "two_view_geometries"):
            pairs = [pair for (pair,) in opened.execute(f"SELECT pair_id FROM {table}")]
            gone = [pair for pair in pairs if frozenset(names[i] for i in pycolmap.pair_id_to_image_pair(pair)) not in wanted]
            opened.executemany(f"DELETE FROM {table} WHERE pair_id = ?", [(pair,) for pair in gone])
            kept = len(pairs) - len(gone)
    return kept


def mapped(images: Path, database: Path, names: list[str], scratch: Path) -> dict[str, object]:
    started = time.process_time()
    model = largest_model(images, database, names, scratch, 1)
    registered = [] if model is None else sorted(model.images[image].name for image in model.reg_image_ids())
    points = 0 if model is None else model.num_points3D()
    return {"registered": registered, "points": points, "mapS": round(time.process_time() - started, 1)}


def match_all(folder: Path, scratch: Path) -> Path:
    """The database of all pairs, kept in `scratch`; goes on where an earlier call was ended."""
    scratch.mkdir(parents=True, exist_ok=True)
    extracting, matching, database = (scratch / name for name in ("extracting.db", "matching.db", "all.db"))
    if database.exists():
        return database
    if not matching.exists():
        extract(folder, extracting)
        extracting.rename(matching)
    started = time.process_time()
    match_exhaustive(matching, BLOCK)
    print(f"matched in {time.process_time() - started:.0f} CPU s", file=sys.stderr)
    return matching.rename(database)


def compare(folder: Path, pairs: Path, scratch: Path) -> dict[str, object]:
    """Both reconstructions; the database of all pairs is kept in `scratch`."""
    database = match_all(folder, scratch)
    names = sorted(file.name for file in folder.iterdir())
    wanted = {frozenset(line.split("\t")) for line in pairs.read_text(encoding="utf-8").splitlines() if line}
    every = scratch / "all.json"
    if not every.exists():
        every.write_text(json.dumps(mapped(folder, database, names, scratch / "models")))
    keep_only(database, wanted, scratch / "list.db")
    return {
        "photos": len(names),
        "pairs": len(names) * (len(names) - 1) // 2,
        "listed": len(wanted),
        "all": json.loads(every.read_text()),
        "list": mapped(folder, scratch / "list.db", names, scratch / "models"),
    }


def main(arguments: list[str]) -> int:
    """Makes a flight, or compares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["flight", "match", "compare"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("value", nargs="?", help="COUNT or LIST")
    parser.add_argument("--scratch", type=Path, required="flight" not in arguments, help="where databases are kept")
    given = parser.parse_args(arguments)
    if given.what == "flight":
        flight(given.folder, int(given.value))
    elif given.what == "match":
        match_all(given.folder, given.scratch)
    else:
        print(json.dumps(compare(given.folder, Path(given.value), given.scratch)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
