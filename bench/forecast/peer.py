"""CPU seconds of pycolmap's SIFT and exhaustive matching over a folder of photos: the peer that the check is held against.

`peer.py FOLDER COUNT`: measures COUNT photos spread over the folder and their pairs, and says what the whole folder would cost
by them (photos and pairs alike, so the sum is exact up to the choice of photos). One JSON line.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

from colmap_truth import extract, match_exhaustive


def main(argv: list[str]) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--first", type=int, default=100, help="only so many photos of the folder")
    given = parser.parse_args(argv)
    files = sorted(given.folder.iterdir())[: given.first]
    chosen = [files[i * len(files) // given.count] for i in range(min(given.count, len(files)))]
    with tempfile.TemporaryDirectory() as scratch:
        images = Path(scratch) / "images"
        images.mkdir()
        for file in chosen:
            shutil.copy(file, images)
        started = time.process_time()
        extract(images, Path(scratch) / "peer.db")
        extracted = time.process_time()
        match_exhaustive(Path(scratch) / "peer.db")
        matched = time.process_time()
    photos, pairs = len(chosen), len(chosen) * (len(chosen) - 1) // 2
    per_photo, per_pair = (extracted - started) / photos, (matched - extracted) / pairs
    whole = len(files) * per_photo + len(files) * (len(files) - 1) / 2 * per_pair
    print(json.dumps({"photos": photos, "pairs": pairs, "perPhotoS": round(per_photo, 3), "perPairS": round(per_pair, 4), "of": len(files), "wholeS": round(whole, 1)}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
