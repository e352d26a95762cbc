"""Records over files: what the organisation may change without touching a file (ruling 10).

Each record has a name and a kind (`content/record_names.py`); its value replaces the file's, which stays the default.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, time
from io import StringIO
from pathlib import Path
from typing import TypeVar, cast

from pydantic import BaseModel

from content.fields import REVIEW_MONTHS, Located, Where, months_after
from content.load import Pack
from content.problems import ContentError, Problem
from content.record_kinds import parse
from content.record_names import Slot, slots
from content.schema import BranchStep, CallStep, Fact, Guide, Step
from content.tables import Consent, Contact, EmergencyNumber, Hours, Places, Service, Templates, Urgent
from content.texts import english
from i18n.locales import SOURCE

Row = TypeVar("Row", EmergencyNumber, Contact)


@dataclass(frozen=True, slots=True)
class Overlaid:
    """A pack with its records.

    texts: (locale, key) -> text, for `Catalog.with_overrides`. Load the catalogue with `english(pack)` of this pack:
    a record can bring a fact, and so a key, that the files do not show.
    ignored: names of records that do not fit the files (any
    more), so that somebody can be told.
    """

    pack: Pack
    texts: Mapping[tuple[str, str], str]
    ignored: tuple[str, ...]


def validate(pack: Pack, name: str, value: str) -> object:
    """Read the value of a record before it is kept.

    Raises ContentError in plain words when there is no such record, or its value is not of its kind.
    """
    slot = slots(pack).get(name)
    if slot is None:
        raise ContentError([Problem(name, 1, "there is no record of this name")])
    try:
        parsed = parse(slot.kind, value, english=slot.locale == SOURCE)
    except ValueError as error:
        raise ContentError([Problem(name, 1, str(error))]) from None
    if name in apply(pack, {name: value}).ignored:
        raise ContentError([Problem(name, 1, "working hours open before they close")])
    return parsed


def apply(pack: Pack, records: Mapping[str, str]) -> Overlaid:
    """Lay records over a pack. A record that does not fit is left out and named, never a reason to stop.

    Without records it is the very pack that was given.
    """
    if not records:
        return Overlaid(pack, {}, ())
    values = _fitting(pack, records)
    known = slots(pack)
    parts = _parts(pack)
    texts: dict[tuple[str, str], str] = {}
    for name, value in values.items():
        slot = known[name]
        if slot.where:
            parts[slot.part] = _with(parts[slot.part], slot.where, value)
        if slot.key and value:
            texts[slot.locale, slot.key] = str(value)
    overlaid = _packed(pack, parts, values.keys())
    keys = english(overlaid)
    return Overlaid(
        pack=overlaid,
        texts={place: text for place, text in texts.items() if place[1] in keys},
        ignored=tuple(sorted(records.keys() - values.keys())),
    )


def export(pack: Pack, records: Mapping[str, str]) -> str:
    """Write the records that fit as YAML: file -> the way to the value in it -> value."""
    known = slots(pack)
    files: dict[str, object] = {}
    for name, value in _fitting(pack, records).items():
        *way, last = _way(pack, name, known[name])
        node = files
        for part in way:
            node = cast("dict[str, object]", node.setdefault(part, {}))
        node[last] = _written(value)
    from ruamel.yaml import YAML  # slow to import, and only writing needs it

    out = StringIO()
    yaml = YAML()
    yaml.width = 120
    yaml.dump(files, out)
    return out.getvalue()


def _fitting(pack: Pack, records: Mapping[str, str]) -> dict[str, object]:
    """Read the values, in the order of their names, without those that do not fit."""
    known = slots(pack)
    values: dict[str, object] = {}
    for name in sorted(records.keys() & known.keys()):
        slot = known[name]
        with suppress(ValueError):
            values[name] = parse(slot.kind, records[name], english=slot.locale == SOURCE)
    opens, closes = values.get("hours.opens", pack.hours.opens), values.get("hours.closes", pack.hours.closes)
    if cast("time", opens) >= cast("time", closes):
        values.pop("hours.opens", None)
        values.pop("hours.closes", None)
    return values


def _parts(pack: Pack) -> dict[str, object]:
    tables = {
        "hours": pack.hours,
        "service": pack.service,
        "consent": pack.consent,
        "templates": pack.templates,
        "urgent": pack.urgent,
        "places": pack.places,
    }
    return {**tables, **{f"guides/{id_}": guide for id_, guide in pack.guides.items()}}


def _with(node: object, where: Where, value: object) -> object:
    """Copy what stands at a node with the value at `where` below it replaced."""
    if not where:
        return value
    part, rest = where[0], where[1:]
    match node, part:
        case BaseModel(), str():
            return node.model_copy(update={part: _with(getattr(node, part), rest, value)})
        case dict(), str():
            return {**node, part: _with(node[part], rest, value)}
        case tuple(), int():
            return (*node[:part], _with(node[part], rest, value), *node[part + 1 :])
    raise TypeError(f"no way {where} into {type(node).__name__}")


def _packed(pack: Pack, parts: Mapping[str, object], named: Collection[str]) -> Pack:
    return replace(
        pack,
        hours=cast("Hours", parts["hours"]),
        service=cast("Service", parts["service"]),
        consent=cast("Consent", parts["consent"]),
        templates=cast("Templates", parts["templates"]),
        urgent=_confirmed_numbers(cast("Urgent", parts["urgent"]), named),
        places=_confirmed_contacts(cast("Places", parts["places"]), named),
        guides=_live_first(
            _settled(guide, cast("Guide", parts[f"guides/{id_}"]), named) for id_, guide in pack.guides.items()
        ),
    )


def _live_first(guides: Iterable[Guide]) -> Mapping[str, Guide]:
    """Put guides whose rules are in force again before the others."""
    return {guide.id: guide for guide in sorted(guides, key=lambda guide: not guide.live)}


def _confirmed_numbers(urgent: Urgent, named: Collection[str]) -> Urgent:
    """Take a number that the organisation set as its own: official."""

    def confirmed(rows: tuple[EmergencyNumber, ...]) -> tuple[EmergencyNumber, ...]:
        return tuple(_official(row) if f"emergency.{row.id}.number" in named else row for row in rows)

    return urgent.model_copy(update={"numbers": confirmed(urgent.numbers), "lines": confirmed(urgent.lines)})


def _confirmed_contacts(places: Places, named: Collection[str]) -> Places:
    rows = (_official(row) if f"contact.{row.id}.phone" in named else row for row in places.contacts)
    return places.model_copy(update={"contacts": tuple(rows)})


def _official(row: Row) -> Row:
    return row.model_copy(update={"strength": "official"})


def _settled(file: Guide, guide: Guide, named: Collection[str]) -> Guide:
    """Draw the consequences of records in a guide: the next review, and facts that can no longer be shown."""
    facts = {id_: _settled_fact(file, id_, fact, named) for id_, fact in guide.facts.items()}
    guide = guide.model_copy(update={"facts": facts})
    if f"guide.{guide.id}.checked_on" in named and f"guide.{guide.id}.review_by" not in named:
        guide = guide.model_copy(update={"review_by": months_after(guide.checked_on, REVIEW_MONTHS)})
    hidden = {id_ for id_, fact in facts.items() if not fact.shown and fact.topic is None}
    return _without(guide, hidden | set(guide.rules.replaces if guide.rules and guide.live else ()))


def _settled_fact(file: Guide, id_: str, fact: Fact, named: Collection[str]) -> Fact:
    name = f"fact.{file.id}.{id_}"
    rules = file.rules
    if rules and id_ == rules.fact and f"{name}.text" in named and f"{name}.strength" not in named:
        fact = fact.model_copy(update={"strength": "official"})  # the coordinator's own words
    if fact.shown and fact.text is None:
        fact = fact.model_copy(update={"strength": file.facts[id_].strength})  # it waits for its text
    if fact.checked_on and f"{name}.checked_on" in named and f"{name}.review_by" not in named:
        fact = fact.model_copy(update={"review_by": months_after(fact.checked_on, REVIEW_MONTHS)})
    return fact


def _without(guide: Guide, hidden: Collection[str]) -> Guide:
    """Take facts off every card: those that a record made unknown, and that have no topic to name instead."""
    if not hidden:
        return guide

    def left(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(id_ for id_ in ids if id_ not in hidden)

    def step_without(step: Step) -> Step:
        if isinstance(step, BranchStep | CallStep):
            return step
        return step.model_copy(update={"facts": left(step.facts), "more_facts": left(step.more_facts)})

    intro = guide.intro.model_copy(update={"facts": left(guide.intro.facts)})
    return guide.model_copy(update={"intro": intro, "steps": tuple(map(step_without, guide.steps))})


def _way(pack: Pack, name: str, slot: Slot) -> tuple[str, ...]:
    """Say in which file a value belongs, and where in it; list items by their ids."""
    if slot.locale != SOURCE:
        domain = slot.key.partition(".")[0]
        return f"i18n/locale/{slot.locale}/LC_MESSAGES/{domain}.po", slot.key
    if not slot.where:
        return "records", name
    node = _parts(pack)[slot.part]
    file = Path(cast("Located", node).origin.file).relative_to(pack.root.parent).as_posix()
    way = [file]
    for part in slot.where:
        node = node[part] if isinstance(node, tuple | dict) else getattr(node, str(part))  # type: ignore[index]
        way.append(part if isinstance(part, str) else cast("EmergencyNumber | Contact", node).id)
    return tuple(way)


def _written(value: object) -> object:
    """Give a value as YAML writes it."""
    match value:
        case time():
            return f"{value:%H:%M}"
        case tuple():
            return [str(part) if isinstance(part, date) else part for part in value]
        case _:
            return value
