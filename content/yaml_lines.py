"""YAML into plain Python values, with the line of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError

from content.compiled import Plain
from content.fields import Where
from content.problems import ContentError, Problem

MAX_DEPTH = 20  # the deepest shape that we know has 6 levels


class _Constructor(RoundTripConstructor):
    """Leaves days as they are written: ruamel's own reading of them fails without a line."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", RoundTripConstructor.construct_scalar)


def read_yaml(text: str, file: str) -> Plain:
    """Read a text; `file` is the name for complaints. Raises ContentError for what is no YAML 1.2 or too clever."""
    return _Plainer(file).read(_parsed(text, file))


def _parsed(text: str, file: str) -> object:
    yaml = YAML(typ="rt")
    yaml.Constructor = _Constructor
    try:
        return yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise ContentError([Problem(file, line, f"no valid YAML: {error.problem or error.context}")]) from None
    except Exception as error:
        # On malformed tags and keys ruamel lets through whatever happens inside it: ValueError, AttributeError,
        # IndexError, TypeError, RecursionError. An author must get a line in any case.
        raise ContentError([Problem(file, 1, f"no valid YAML: {error}")]) from None


class _Plainer:
    """Turns ruamel's types into Python's own and notes the line of every key and item."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._lines: dict[Where, int] = {}
        self._seen: set[int] = set()

    def read(self, node: object) -> tuple[object, Mapping[Where, int]]:
        """Give the plain value and the lines of all in it. Raises ContentError."""
        return self._plain(node, ()), self._lines

    def _plain(self, node: object, where: Where) -> object:
        match node:
            case CommentedMap():
                self._enter(node, where, node)
                return {key: self._plain(value, (*where, key)) for key, value in node.items()}
            case CommentedSeq():
                self._enter(node, where, range(len(node)))
                return tuple(self._plain(value, (*where, index)) for index, value in enumerate(node))
            case bool() | None:
                return node
            case str() | int() | float():
                return next(kind(node) for kind in (str, int, float) if isinstance(node, kind))
        raise self._refusal(where, "no tags (!) here")

    def _enter(self, node: CommentedMap | CommentedSeq, where: Where, parts: Iterable[str | int]) -> None:
        if id(node) in self._seen:
            raise self._refusal(where, "write it out: no aliases (*) here")
        if len(where) > MAX_DEPTH:
            raise self._refusal(where, "nested too deeply")
        self._seen.add(id(node))
        for part in parts:
            # What a merge key (<<) brought has no place of its own.
            place = (node.lc.data or {}).get(part)
            self._lines[(*where, part)] = place[0] + 1 if place else self._lines.get(where, 1)

    def _refusal(self, where: Where, text: str) -> ContentError:
        return ContentError([Problem(self._file, self._lines.get(where, 1), text)])
