"""Progress of native calls, counted from what they have committed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pycolmap

EVERY_S = 0.25


class Count:
    """While a native call fills COLMAP's database, tells how many rows `question` counts there.

    The database is asked through pycolmap, never through Python's sqlite3: two copies of SQLite in one process drop
    each other's locks (sqlite.org/howtocorrupt.html, 2.2.1). Measured: photos lost without a word, a malformed file.
    """

    def __init__(
        self, database: Path, question: Callable[[pycolmap.Database], int], counted: Callable[[int], None]
    ) -> None:
        self._database, self._question, self._counted = database, question, counted
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        with closing(pycolmap.Database.open(self._database)) as database:
            while not self._end.wait(EVERY_S):
                self._counted(self._question(database))
            self._counted(self._question(database))


class CountFiles:
    """While a native call writes files into a folder, tells how many are there."""

    def __init__(self, folder: Path, counted: Callable[[int], None]) -> None:
        self._folder, self._counted = folder, counted
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._end.wait(EVERY_S):
            if self._folder.is_dir():
                self._counted(sum(1 for _ in self._folder.iterdir()))
