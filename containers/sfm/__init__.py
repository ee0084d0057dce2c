"""The stage `sfm`. Started as a program (`sfm.py`), imported as a package by its tests."""
