"""Where a stage reads and writes: the three flags, or SageMaker's folders."""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.settings import wrong_settings


@dataclass(frozen=True)
class Folders:
    """The folders of one start. `settings` is None where nothing was given (all defaults).

    `checkpoints` is a folder that outlives the machine (spot training); OUT/checkpoints then points to it.
    """

    inputs: Path
    out: Path
    settings: Path | None
    checkpoints: Path | None = None


def sagemaker_root() -> Path:
    """SageMaker's folder; SPACEPORT_ML_ROOT moves it, so that its rules can be tested on any machine."""
    return Path(os.environ.get("SPACEPORT_ML_ROOT", "/opt/ml"))


def parse_arguments(stage: str, argv: list[str]) -> Folders:
    """Reads `[train] --in DIR --out DIR --settings FILE`. Raises StageFailure 64."""
    parser = _Parser(prog=stage, description=f"The stage {stage}. See containers/CONTRACT.md.")
    parser.add_argument("extra", nargs="?", choices=["train"], help="SageMaker's extra argument, ignored")
    parser.add_argument("--in", dest="inputs", type=Path, metavar="DIR")
    parser.add_argument("--out", type=Path, metavar="DIR")
    parser.add_argument("--settings", type=Path, metavar="FILE")
    given = parser.parse_args(argv)
    default = _sagemaker_folders(sagemaker_root())
    inputs: Path | None = given.inputs or (default.inputs if default else None)
    out: Path | None = given.out or (default.out if default else None)
    settings: Path | None = given.settings or (default.settings if default else None)
    if inputs is None or out is None:
        raise wrong_settings("--in DIR and --out DIR are needed.")
    if not inputs.is_dir():
        raise wrong_settings(f"The input folder {inputs} does not exist.")
    checkpoints = default.checkpoints if default and given.out is None else None
    return Folders(inputs.resolve(), out.resolve(), settings, checkpoints)


def load_settings(path: Path | None) -> Any:
    """The JSON document in `path`, else in SPACEPORT_SETTINGS (a Processing job has no hyper-parameters)."""
    text = os.environ.get("SPACEPORT_SETTINGS", "{}")
    if path is not None:
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise wrong_settings(f"The settings file {path} cannot be read: {error.strerror}.") from error
    try:
        return json.loads(text)
    except ValueError as error:
        raise wrong_settings(f"The settings are not JSON: {error}.") from error


def _sagemaker_folders(root: Path) -> Folders | None:
    """Training jobs have input/data, Processing jobs have processing/input; both may carry a settings file."""
    if (root / "input" / "data").is_dir():
        settings = root / "input" / "config" / "hyperparameters.json"
        checkpoints = root / "checkpoints"
        return Folders(
            root / "input" / "data",
            root / "model",
            settings if settings.is_file() else None,
            checkpoints if checkpoints.is_dir() else None,
        )
    if (root / "processing" / "input").is_dir():
        settings = root / "processing" / "input" / "settings" / "settings.json"
        return Folders(
            root / "processing" / "input", root / "processing" / "output", settings if settings.is_file() else None
        )
    return None


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        raise wrong_settings(f"The arguments do not fit: {message}.")
