"""A YAML file into a checked model; every fault with its file and line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from content.compiled import Compiled, Plain
from content.fields import Located, Origin, Where
from content.problems import ContentError, Problem

Model = TypeVar("Model", bound=Located)


def read_file(path: Path, model: type[Model], compiled: Compiled | None = None) -> Model:
    """Read a file as a model. compiled: where what it says may have been kept, and is kept.

    Raises ContentError for a file that is missing, no UTF-8, no YAML 1.2, or of another shape.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise ContentError([Problem(str(path), 1, "this file is missing")]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError([Problem(str(path), 1, f"cannot be read as UTF-8 text: {error}")]) from None
    if compiled is None:
        return read_text(text, str(path), model)
    kept = compiled.find(path, text)
    if kept is not None:
        return _model(kept, str(path), model)
    read = _read_yaml(text, str(path))
    made = _model(read, str(path), model)
    compiled.keep(path, text, read)
    return made


def read_text(text: str, file: str, model: type[Model]) -> Model:
    """Read YAML text as a model; `file` is the name for complaints. Raises ContentError."""
    return _model(_read_yaml(text, file), file, model)


def _read_yaml(text: str, file: str) -> Plain:
    # ruamel takes 0.1 s and 5 MB to import, and most starts find everything compiled.
    from content.yaml_lines import read_yaml

    return read_yaml(text, file)


def _model(read: Plain, file: str, model: type[Model]) -> Model:
    plain, lines = read
    origin = Origin(file, lines)
    try:
        return model.model_validate(plain).at(origin)
    except ValidationError as error:
        raise ContentError(list(_explained(error, plain, origin))) from None


def _explained(error: ValidationError, plain: object, origin: Origin) -> Iterator[Problem]:
    for fault in error.errors(include_url=False):
        where = _where(plain, fault["loc"])
        match fault["type"]:
            case "extra_forbidden":
                text = "unknown key"
            case "missing":
                text = f"{fault['loc'][-1]!r} is missing"
            case "string_type":
                text = "this must be text; put it in quotes"
            case "value_error":
                text = str(fault["ctx"]["error"])
            case _:
                text = fault["msg"][:1].lower() + fault["msg"][1:]
        name = ".".join(str(part) for part in where)
        yield Problem(origin.file, origin.line(*where), f"{name}: {text}" if name else text)


def _where(plain: object, loc: Where) -> Where:
    """Leave out what a pydantic path has beyond keys and positions (tags of unions, "[key]")."""
    where: Where = ()
    for part in loc:
        try:
            plain = plain[part]  # type: ignore[index] # not every part is a key of what stands there: then it is left out
        except (TypeError, LookupError):
            continue
        where = (*where, part)
    return where
