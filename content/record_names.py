"""Which records there are, and what each of them replaces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from content.fields import Where
from content.load import Pack
from content.record_kinds import Kind
from content.schema import Guide
from i18n.locales import LOCALES, SOURCE

PROMISE_KEY = "bot.consent.promise"


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a record's value goes.

    part: "hours", "service", "consent", "templates", "urgent", "places" or "guides/<id>", and where: the way to the
    value in it. A text has its message key and its language too; a translation has only these.
    """

    kind: Kind
    part: str = ""
    where: Where = ()
    key: str = ""
    locale: str = SOURCE


def slots(pack: Pack) -> dict[str, Slot]:
    """Give every record name of a pack with its slot."""
    return dict((*_organisation(pack), *_emergency(pack), *_contacts(pack), *_guides(pack)))


def names(pack: Pack) -> dict[str, Kind]:
    """Give every record name of a pack with the kind of its value."""
    return {name: slot.kind for name, slot in slots(pack).items()}


def _organisation(pack: Pack) -> Iterator[tuple[str, Slot]]:
    yield "hours.opens", Slot("clock", "hours", ("opens",))
    yield "hours.closes", Slot("clock", "hours", ("closes",))
    yield "hours.weekdays", Slot("weekdays", "hours", ("weekdays",))
    yield "hours.closed_days", Slot("days", "hours", ("closed_days",))
    yield "consent.version", Slot("words", "consent", ("version",))
    yield "consent.signed_off_on", Slot("optional_day", "consent", ("signed_off_on",))
    yield "consent.promise", Slot("optional_text", "consent", ("promise",), PROMISE_KEY)
    yield from _translations("consent.promise", PROMISE_KEY)
    for code in pack.templates.answer_waiting:
        yield f"template.{code}", Slot("template_state", "templates", ("answer_waiting", code, "state"))
    for code in pack.templates.news:
        yield f"template.news.{code}", Slot("template_state", "templates", ("news", code, "state"))
    yield "whatsapp.quality", Slot("quality", "templates", ("account", "quality"))
    yield "whatsapp.limit", Slot("limit", "templates", ("account", "limit"))
    yield "whatsapp.asked_on", Slot("optional_day", "templates", ("account", "asked_on"))
    yield "service.paused", Slot("yes_no", "service", ("paused",))
    yield "service.reduced", Slot("yes_no", "service", ("reduced",))


def _emergency(pack: Pack) -> Iterator[tuple[str, Slot]]:
    yield "emergency.confirmed_on", Slot("optional_day", "urgent", ("confirmed_on",))
    for part, rows in (("numbers", pack.urgent.numbers), ("lines", pack.urgent.lines)):
        for index, row in enumerate(rows):
            yield f"emergency.{row.id}.number", Slot("phone", "urgent", (part, index, "number"))


def _contacts(pack: Pack) -> Iterator[tuple[str, Slot]]:
    for index, contact in enumerate(pack.places.contacts):
        yield f"contact.{contact.id}.phone", Slot("phone", "places", ("contacts", index, "phone"))
        yield f"contact.{contact.id}.name", Slot("words", "places", ("contacts", index, "name"))


def _guides(pack: Pack) -> Iterator[tuple[str, Slot]]:
    for guide in pack.guides.values():
        part = f"guides/{guide.id}"
        if guide.rules:
            yield f"rules_active.{guide.id}", Slot("yes_no", part, ("rules", "active"))
        yield f"guide.{guide.id}.owner", Slot("optional_words", part, ("owner",))
        yield f"guide.{guide.id}.checked_on", Slot("day", part, ("checked_on",))
        yield f"guide.{guide.id}.review_by", Slot("day", part, ("review_by",))
        yield from _facts(guide, part)


def _facts(guide: Guide, part: str) -> Iterator[tuple[str, Slot]]:
    for id_ in guide.facts:
        name, where = f"fact.{guide.id}.{id_}", ("facts", id_)
        key = f"{guide.id}.fact-{id_}.text"
        yield f"{name}.text", Slot("text", part, (*where, "text"), key)
        yield from _translations(f"{name}.text", key)
        yield f"{name}.strength", Slot("strength", part, (*where, "strength"))
        yield f"{name}.checked_on", Slot("day", part, (*where, "checked_on"))
        yield f"{name}.review_by", Slot("day", part, (*where, "review_by"))
        yield f"{name}.owner", Slot("optional_words", part, (*where, "owner"))


def _translations(name: str, key: str) -> Iterator[tuple[str, Slot]]:
    for code in LOCALES:
        if code != SOURCE:
            yield f"{name}@{code}", Slot("text", key=key, locale=code)
