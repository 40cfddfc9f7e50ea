"""YAML as the course's authors write it: every value is text, and nothing is said twice in silence."""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import yaml


class _Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):
    """Everything is text: `no` stays no, `02` stays 02. A name that stands twice in one place is refused."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise yaml.constructor.ConstructorError(None, None, "a name must be plain text", key_node.start_mark)
        if key in found:
            raise yaml.constructor.ConstructorError(None, None, f"{key!r} stands here twice", key_node.start_mark)
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def parse(text: str) -> Any:
    """A YAML text with all its values as text.

    Raises
    ------
    yaml.YAMLError
        If it is no YAML.
    """
    return yaml.load(text, Loader=_Loader)  # makes nothing but text: it is a BaseLoader


def read(path: Path) -> dict[str, Any]:
    """A file of the course; empty if there is none.

    Raises
    ------
    ValueError
        If it cannot be read: a fault of the file, with its line.
    """
    if not path.is_file():
        return {}
    at = path.stat()
    return deepcopy(_read_once(path, at.st_mtime_ns, at.st_size))


@lru_cache(maxsize=64)
def _read_once(path: Path, changed: int, size: int) -> dict[str, Any]:
    """A file as it was at one moment: a lesson, its guide and its key ask for the same files again and again."""
    try:
        data = parse(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name} cannot be read: {error}") from None
    if data in (None, ""):
        return {}
    if not isinstance(data, dict):
        raise ValueError(f"{path.name} must begin with a name and a colon, such as `03a:`.")
    return data


def is_yes(text: str) -> bool:
    """Whether a value says yes."""
    return text.strip().casefold() in ("true", "yes")


class Dumper(yaml.SafeDumper):
    """Writes text of several lines as lines, and everything else without quotes where `parse` reads it back."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


def _text(dumper: Dumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


Dumper.add_representer(str, _text)


def dump(data: Any) -> str:
    """Data as YAML that a person can read and edit."""
    return yaml.dump(data, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=10_000, default_flow_style=False)
