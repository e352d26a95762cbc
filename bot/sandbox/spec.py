"""What Telegram's own description says of a call: which parameters, of which types, which of them required.

The table `telegram-spec.json` is cut from the published description by `trim_spec.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import orjson

TABLE = Path(__file__).with_name("telegram-spec.json")
ARRAY = "Array of "

Json = Any
"""A value as JSON gives it."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the call."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of a method or a field of an object: one of `types`."""

    types: tuple[str, ...]
    required: bool


Fields = Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Spec:
    """The methods that the sandbox serves, the names of all others, and the objects that a call may carry."""

    methods: Mapping[str, Fields]
    others: frozenset[str]
    types: Mapping[str, Fields]
    unions: Mapping[str, tuple[str, ...]]

    def read(self, method: str, given: Mapping[str, Json | Upload]) -> tuple[dict[str, Json], list[str]]:
        """The parameters with their own types, and what is wrong with them (nothing: an empty list).

        A form carries text only, and in a JSON body Telegram takes text for a number too, so text is read as what the
        parameter wants. Parameters of a wrong type and unknown ones are left out of the result.
        """
        fields = self.methods[method]
        params: dict[str, Json] = {}
        wrong = [f"{name} is required" for name, field in fields.items() if field.required and name not in given]
        for name, value in given.items():
            if name not in fields:
                wrong.append(f"{name} is not a parameter of {method}")
                continue
            read = _read(value, fields[name].types)
            faults = self._faults(read, fields[name].types, name)
            wrong += faults
            if not faults:
                params[name] = read
        return params, wrong

    def _faults(self, value: Json | Upload, types: tuple[str, ...], where: str) -> list[str]:
        """What is wrong with a value, by the type that it resembles most."""
        if len(types) == 1:
            return self._faults_as(value, types[0], where)
        if isinstance(value, dict):
            shared = {kind: len(value.keys() & self.types.get(kind, {}).keys()) for kind in types}
            types = tuple(kind for kind in types if shared[kind] == max(shared.values()))
        return min((self._faults_as(value, kind, where) for kind in types), key=len)

    def _faults_as(self, value: Json | Upload, kind: str, where: str) -> list[str]:
        if (fits := SCALARS.get(kind)) is not None:
            return [] if fits(value) else [f"{where} is no {kind}"]
        if kind.startswith(ARRAY):
            if not isinstance(value, list):
                return [f"{where} is no array"]
            inner = (kind.removeprefix(ARRAY),)
            return [fault for at, item in enumerate(value) for fault in self._faults(item, inner, f"{where}[{at}]")]
        if kind in self.unions:
            return self._faults(value, self.unions[kind], where)
        if not isinstance(value, dict):
            return [f"{where} is no {kind}"]
        return self._faults_in(value, self.types[kind], where, kind)

    def _faults_in(self, value: Mapping[str, Json], fields: Fields, where: str, kind: str) -> list[str]:
        missing = [name for name, field in fields.items() if field.required and name not in value]
        wrong = [f"{where}.{name} is required" for name in missing]
        for name, item in value.items():
            if name in fields:
                wrong += self._faults(item, fields[name].types, f"{where}.{name}")
            else:
                wrong.append(f"{where}.{name} is not a field of {kind}")
        return wrong


def load(path: Path = TABLE) -> Spec:
    """The trimmed table as it lies beside this module."""
    table = orjson.loads(path.read_bytes())
    return Spec(
        methods={name: _fields(described) for name, described in table["methods"].items()},
        others=frozenset(table["others"]),
        types={name: _fields(described) for name, described in table["types"].items()},
        unions={name: tuple(kinds) for name, kinds in table["unions"].items()},
    )


def _fields(described: Mapping[str, list[str]]) -> dict[str, Field]:
    return {name: Field(tuple(types), need == "required") for name, (need, *types) in described.items()}


SCALARS: Mapping[str, Callable[[Json | Upload], bool]] = {
    "Integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "String": lambda value: isinstance(value, str),
    "Boolean": lambda value: isinstance(value, bool),
    "True": lambda value: value is True,
    "InputFile": lambda value: isinstance(value, Upload),
}


def _read(value: Json | Upload, types: tuple[str, ...]) -> Json | Upload:
    """Text as the first of the types that it can be read as; what is no text stays as it is."""
    if not isinstance(value, str):
        return value
    for kind in types:
        try:
            return READERS.get(kind, orjson.loads)(value)
        except ValueError:
            continue
    return value


def _number(text: str) -> int:
    if not re.fullmatch(r"-?\d{1,19}", text):
        raise ValueError(text)
    return int(text)


def _word(words: Mapping[str, bool], text: str) -> bool:
    if text.lower() not in words:
        raise ValueError(text)
    return words[text.lower()]


READERS: Mapping[str, Callable[[str], Json]] = {
    "Integer": _number,
    "Float": float,
    "String": str,
    "Boolean": partial(_word, {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}),
    "InputFile": str,
}
