"""What pycolmap makes of a set without one of its photos: `.venv/bin/python bench/forecast/without.py SET/PHOTO ...`.

Whether a photo is a bridge is a question about the set without it, and pairs alone do not answer it. Answers lie in .cache/bench/without
and are kept; `npm run bench -- forecast planted` reads them and names the photos that it has none for.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from colmap_truth import build_database, largest_model
from degrade import BASES, SEEDS
from places import CAPTURES, ROOT

SETS = [ROOT / ".cache" / "bench" / "degraded", ROOT / ".cache" / "bench" / "hinged", CAPTURES]
OUT = ROOT / ".cache" / "bench" / "without"


def photos_of(name: str) -> list[Path]:
    folder = next(each / name / "images" for each in SETS if (each / name).is_dir())
    return sorted(folder.iterdir())


def matched(name: str, photos: list[Path]) -> tuple[Path, Path]:
    """The folder and the database that hold the photos: those of the base that the set was taken from, or made now."""
    images = photos[0].resolve().parent
    database = images.parent / "colmap.db"
    if BASES in images.parents and database.exists():
        return images, database
    made = OUT / f"{name}.db"
    if not made.exists():
        build_database(photos[0].parent, made.with_suffix(".partial"))
        made.with_suffix(".partial").rename(made)
    return photos[0].parent, made


def main(arguments: list[str]) -> int:
    OUT.mkdir(parents=True, exist_ok=True)
    for name, photo in (argument.split("/") for argument in arguments):
        photos = photos_of(name)
        images, database = matched(name, photos)
        rest = [file.name for file in photos if file.name != photo]
        found = [largest_model(images, database, rest, OUT / "models", seed) for seed in SEEDS]
        models = [
            sorted(model.images[image].name for image in model.reg_image_ids()) if model else [] for model in found
        ]
        (OUT / f"{name}!{photo}.json").write_text(json.dumps(models))
        print(f"{name} without {photo}: {' and '.join(str(len(model)) for model in models)} of {len(rest)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
