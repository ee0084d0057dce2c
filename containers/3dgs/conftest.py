"""Lets the tests import this room and containers/common from wherever pytest is started."""

import sys
from pathlib import Path

ROOM = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOM), str(ROOM.parent)]
