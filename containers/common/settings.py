"""Settings: a JSON object, whose values may be strings, read into a dataclass."""

from __future__ import annotations

import dataclasses
import math
import re
import types
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from common.failure import StageFailure

Settings = TypeVar("Settings")

TRUE_WORDS = {"true", "1"}
FALSE_WORDS = {"false", "0"}


def read_settings(document: Any, settings_type: type[Settings]) -> Settings:
    """Fills `settings_type` from a JSON object; missing keys take the default.

    Keys are matched as they are (`maxFeatures`) or in snake case (`max_features`). SageMaker sends every value as a
    string, so "2100" is read as 2100 where the field is an int. A `ValueError` out of `__post_init__` counts as a wrong
    value. Raises StageFailure 64 with code `run/settings`.
    """
    if not isinstance(document, dict):
        raise wrong_settings("The settings are not a JSON object.")
    kinds = get_type_hints(settings_type)
    names = [field.name for field in dataclasses.fields(settings_type)]  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for key, value in document.items():
        name = key if key in names else snake_case(key)
        if name not in names:
            raise wrong_settings(f"The setting {key!r} is not known. Known are: {', '.join(names)}.")
        try:
            values[name] = convert(value, kinds[name])
        except (TypeError, ValueError) as error:
            raise wrong_settings(f"The setting {key!r} cannot be {value!r}: {error}.") from error
    try:
        return settings_type(**values)
    except (TypeError, ValueError) as error:
        raise wrong_settings(f"The settings do not fit: {error}.") from error


def convert(value: Any, kind: Any) -> Any:
    """Turns a JSON value, or the same value written as a string, into `kind`. Raises ValueError."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _convert_union(value, get_args(kind))
    if origin is Literal:
        return _convert_literal(value, get_args(kind))
    if kind is bool:
        return _convert_bool(value)
    if kind is int:
        number = _finite(value)
        if not number.is_integer():
            raise ValueError("a whole number is needed")
        return int(number)
    if kind is float:
        return _finite(value)
    if kind is str:
        if not isinstance(value, str):
            raise ValueError("a text is needed")
        return value
    raise ValueError(f"settings of type {kind} are not supported")


def snake_case(key: str) -> str:
    """`maxImageSizePx` -> `max_image_size_px`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key).lower()


def wrong_settings(what: str) -> StageFailure:
    """The failure for settings or arguments that are wrong (exit 64)."""
    return StageFailure(64, "run/settings", what, "Correct the settings and start the stage again.")


def _finite(value: Any) -> float:
    if isinstance(value, bool) or not math.isfinite(number := float(value)):
        raise ValueError("a finite number is needed")
    return number


def _convert_bool(value: Any) -> bool:
    word = str(value).lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ValueError("true or false is needed")


def _convert_literal(value: Any, choices: tuple[Any, ...]) -> Any:
    for choice in choices:
        if str(choice) == str(value):
            return choice
    raise ValueError("one of " + ", ".join(map(str, choices)) + " is needed")


def _convert_union(value: Any, kinds: tuple[Any, ...]) -> Any:
    if type(None) in kinds and value in (None, "", "null"):
        return None
    for kind in kinds:
        if kind is not type(None):
            try:
                return convert(value, kind)
            except (TypeError, ValueError):
                continue
    raise ValueError("the value has the wrong type")
