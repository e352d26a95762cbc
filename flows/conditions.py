"""Whether a condition holds: yes, no, or unknown because the answer was dropped or never kept."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from flows.model import AllOf, AnyOf, Condition, Is, Not


@dataclass(frozen=True, slots=True)
class Unknown:
    """It cannot be told without these names, in the order in which the condition tests them."""

    names: tuple[str, ...]


Truth = bool | Unknown


def judge(condition: Condition, values: Mapping[str, str], missing: Container[str]) -> Truth:
    """Judge a condition by what is known.

    values: known answers and profile values. missing: names without a value which were asked, so that "no" would be
    a guess. Any other name was never asked and simply does not hold.
    """
    match condition:
        case Is(name, allowed):
            if name in values:
                return values[name] in allowed
            return Unknown((name,)) if name in missing else False
        case Not(inner):
            truth = judge(inner, values, missing)
            return truth if isinstance(truth, Unknown) else not truth
        case AllOf(parts):
            return _join((judge(part, values, missing) for part in parts), decisive=False)
        case AnyOf(parts):
            return _join((judge(part, values, missing) for part in parts), decisive=True)
        case _:
            assert_never(condition)


def _join(truths: Iterable[Truth], *, decisive: bool) -> Truth:
    """Kleene's logic: one decisive part settles it, else one unknown part leaves it open."""
    names: list[str] = []
    for truth in truths:
        if isinstance(truth, Unknown):
            names += [name for name in truth.names if name not in names]
        elif truth is decisive:
            return decisive
    return Unknown(tuple(names)) if names else not decisive


def names_in(condition: Condition) -> Iterator[str]:
    """Yield every name that the condition tests, repeats included."""
    match condition:
        case Is(name):
            yield name
        case Not(inner):
            yield from names_in(inner)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from names_in(part)
        case _:
            assert_never(condition)
