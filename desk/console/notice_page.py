"""A notice that is being written, as its page shows it: whom it reaches, its texts, what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, assert_never

from desk.console.shown import Console, language_name
from desk.notice_desk import Opened, places_of
from desk.notice_voice import Bubble
from i18n.locales import LOCALES, SOURCE
from notices.audience import Audience, Count
from notices.buttons import MOST, Does, NoticeButton, load
from notices.drafts import Choice, Doubt, Found, Hindrance, doubts, source_of, stand_in
from notices.lifecycle import Category, Kind, State
from notices.plan import Every
from storage.events import EventRow
from storage.members import Member
from storage.notice_rows import BroadcastRow
from storage.notices import TextRow

NOTICES = "/desk/notices"
#: Seen within so many days; None = whenever.
SEEN = (7, 30, 90, 180)
#: Left out who got a notice within so many hours.
REST = (0, 12, 24, 72)


@dataclass(frozen=True, slots=True)
class Shown:
    """One language of a notice, opened to be written, beside the text that it is made from."""

    text: TextRow | None
    beside: TextRow | None
    bubbles: Sequence[Bubble]


def tabs(desk: Console, found: Opened, chosen: str) -> list[dict[str, Any]]:
    """Every language with how far its text is, and how many people get it: first those who need one."""
    source = source_of(found.draft.texts)
    waiting = {one.locale: one.what for one in found.found if one.locale}
    rows = []
    for locale in languages(desk, found):
        said = found.draft.texts.get(locale)
        outdated = said is not None and source in found.draft.texts and said.version < found.draft.texts[source].version
        choice = found.row.lacking.get(locale)
        state = (
            ("outdated" if outdated else "tested" if said.is_tested else "written")
            if said
            else choice or ("missing" if locale in found.count.lacking else "none")
        )
        people = found.count.by_locale.get(locale, 0)
        rows.append(
            {
                "locale": locale, "name": language_name(locale), "state": state, "people": people,
                "lacking": found.count.lacking.get(locale, 0), "chosen": locale == chosen,
                "choice": choice or "", "hindered": locale in waiting,
                "stand_in": language_name(stand_in(locale, found.texts) or ""),
            }
        )  # fmt: skip
    return rows


def languages(desk: Console, found: Opened) -> list[str]:
    """Those that people can pick, the source first, then by how many would get it, then the others in their order."""
    source = source_of(found.draft.texts) or SOURCE
    need = {**found.count.by_locale, **found.count.lacking, **dict.fromkeys(found.texts, 0)}
    known = [*desk.texts().pickable, *(code for code in need if code in LOCALES)]
    return sorted(dict.fromkeys([SOURCE, *known]), key=lambda code: (code != source, -need.get(code, -1)))


def language(desk: Console, found: Opened, locale: str, beside: str) -> Shown:
    """One language with what it is made from, and as every channel shows it."""
    text, source = found.texts.get(locale), source_of(found.draft.texts, beside)
    voice = desk.notices()
    bubbles = [voice.preview(found.notice, text, channel) for channel in voice.channels] if text else []
    return Shown(text, found.texts.get(source) if source != locale else None, bubbles)


def page(
    desk: Console, me: Member, found: Opened, locale: str, beside: str, started: Sequence[datetime]
) -> dict[str, Any]:
    """Everything that the page of a notice shows which is not on its way yet."""
    now = desk.calendar().local(desk.database.now())
    at = desk.calendar().local(found.row.start_at) if found.row.start_at else now
    local = [desk.calendar().local(moment) for moment in started]
    kind = Kind(found.row.kind)
    source = source_of(found.draft.texts)
    thought = doubts(found.draft, at, local, source, desk.night, corrects=kind is Kind.CORRECT)
    return {
        "row": found.row,
        "notice": found.notice,
        "state": found.row.state,
        "is_first": found.row.kind == "first",
        "tabs": tabs(desk, found, locale),
        "chosen": locale,
        "one": language(desk, found, locale, beside),
        "sources": [code for code in found.texts if code != locale],
        "hindrances": [said(desk, one, kind, locale) for one in found.found],
        # That they are few stands beside the number already, also while one tries an audience.
        "doubts": [said(desk, one, kind, locale) for one in thought if one.what is not Doubt.FEW],
        "needs_second": found.needs_second,
        "may_approve": found.may_agree,
        "is_mine": me.id == found.row.author_id,
        "categories": list(Category),
        "today": now.date(),
        "morning": morning(now, desk.night.ends),
        "is_night": desk.night.has(now.time()) and found.draft.category is not Category.SAFETY,
        "every": list(Every),
        "can_test": bool(me.conversation_id),
        "has_bot": bool(desk.chat_address("x")),
        "when": desk.moment(found.row.start_at),
        "events": [(event.id, _title(desk, event), desk.moment(event.starts_at)) for event in found.events],
        **buttons(desk, found.notice.buttons),
        **counted(desk, found.count, found.audience),
        **audience(desk, me, found.audience),
    }


def counted(desk: Console, count: Count, audience: Audience) -> dict[str, Any]:
    """Who gets it and who does not, in words and numbers. Also the answer to an audience that is being tried."""
    return {
        "reached": count.reached,
        "tells_who": count.tells_who,
        "by_channel": [(desk.channel(name), n) for name, n in sorted(count.by_channel.items())],
        "by_locale": [(code, language_name(code), n, count.lacking.get(code, 0)) for code, n in _by_size(count)],
        "teased": count.teased,
        "left": [(str(why), n) for why, n in count.left.items()],
        "left_all": sum(count.left.values()),
        "is_national": not audience.places and audience.event is None,
    }


def audience(desk: Console, me: Member, chosen: Audience) -> dict[str, Any]:
    """What can be asked of people, and what is."""
    pack, mine = desk.shelf().pack, places_of(me)
    towns = [(town.id, town.latin) for town in pack.places.municipalities if mine is None or town.id in mine]
    codes = [code for code in desk.texts().pickable if code in LOCALES]
    return {
        "asked": chosen,
        "is_scoped": mine is not None,
        "fields": [
            ("locales", chosen.locales, [(code, language_name(code)) for code in codes]),
            ("places", chosen.places, towns),
            (
                "topics",
                chosen.topics,
                [(one.id, desk.named(f"bot.news_topic.{one.id}")) for one in pack.news_topics.topics],
            ),
            ("channels", chosen.channels, [(name, desk.channel(name)) for name in desk.notices().channels]),
            ("guides", chosen.guides, [(id, desk.where(id, None)) for id in pack.guides]),
            ("days", chosen.days, _days(desk)),
        ],
        "seen_within": SEEN,
        "rests": REST,
    }


def buttons(desk: Console, written: str) -> dict[str, Any]:
    """The buttons as they are, with empty ones up to the most that there can be; what each may do."""
    chosen: list[NoticeButton | None] = [*load(written)]
    links = [button for button in chosen if button is not None and button.does is Does.LINK]
    guides = [(id, desk.where(id, None)) for id in desk.shelf().pack.guides]
    # Which survey it is, is said on the survey's own page.
    asks = any(button is not None and button.does is Does.SURVEY for button in chosen)
    does = [one for one in Does if one is not Does.SURVEY or asks]
    return {"buttons": (chosen + [None] * MOST)[:MOST], "does": does, "guides": guides, "links": links}


def _days(desk: Console) -> list[tuple[str, str]]:
    """Days that people tell us, by anchor: what is counted from them, in words."""
    found = dict[str, str]()
    for guide in desk.shelf().pack.guides.values():
        for one in guide.deadlines:
            if one.asks is not None:
                found.setdefault(one.anchor, desk.named(f"{guide.id}.deadline-{one.id}.asks"))
    return list(found.items())


def _title(desk: Console, event: EventRow) -> str:
    locale = stand_in(desk.view.language, event.texts)
    return event.texts[locale][0] if locale is not None else str(event.id)


def said(desk: Console, found: Found, kind: Kind, chosen: str) -> tuple[str, str]:
    """What stands in the way or should be thought about, in words; and the link to where it is mended.

    chosen: the language that is open. Within the page, a link loses nothing that was typed.
    """
    block = "notices_way" if isinstance(found.what, Hindrance) else "notices_think"
    params = {"language": language_name(found.locale)} if found.locale else {}
    params |= {"channel": desk.channel(found.channel)} if found.channel else {}
    page = f"?lang={found.locale}" if found.locale not in {"", chosen} else ""
    # A correction reaches nobody while it says what they have already.
    unchanged = kind is Kind.CORRECT and found.what is Hindrance.NOBODY
    as_before = kind is Kind.CORRECT and found.what is Doubt.OUTDATED
    key = "unchanged" if unchanged else "as_before" if as_before else found.what
    words = desk.text(f"{block}.{key}", **params)
    return words, f"{page}#{'texts' if unchanged else _place(found.what)}"


def _place(what: Hindrance | Doubt) -> str:
    """The id of the part or field where it is mended."""
    match what:
        case Hindrance.NO_DAY | Hindrance.OVER:
            return "valid-until"
        case Hindrance.NOBODY | Doubt.FEW | Doubt.SHUT:
            return "audience"
        case Doubt.NIGHT | Doubt.OFTEN:
            return "send"
        case Hindrance.LACKING | Hindrance.NO_STAND_IN:
            return "choice"
        case Hindrance.NO_TEXT | Hindrance.LONG_TEXT | Hindrance.LONG_LABEL | Doubt.OUTDATED:
            return "words"
        case Hindrance.UNTESTED | Doubt.UNCHECKED:
            return "reading"
        case _:
            assert_never(what)


def listed(desk: Console, row: BroadcastRow, title: str, *, withdrawn: bool) -> Mapping[str, Any]:
    """A line of the list."""
    places = Audience.load(row.audience).places
    towns = {town.id: town.latin for town in desk.shelf().pack.places.municipalities}
    return {
        "number": row.id,
        "title": title or desk.text("notices.untitled"),
        "kind": row.kind,
        "state": row.state,
        "at": desk.moment(row.started_at or row.start_at or row.created_at),
        "where": ", ".join(towns.get(place, place) for place in places),
        "every": row.every,
        "people": row.confirmed,
        "waits": row.state == State.WAITING,
        # What withdrew it is true still.
        "withdrawn": withdrawn and row.kind != Kind.WITHDRAW,
    }


def morning(local: datetime, ends: time) -> datetime:
    """When the next night ends, on the country's clocks."""
    today = local.replace(hour=ends.hour, minute=ends.minute, second=0, microsecond=0)
    return today if local < today else today + timedelta(days=1)


def choices() -> list[str]:
    """What can become of people without a text, as a form sends it; "" = a text comes."""
    return ["", *map(str, Choice)]


def _by_size(count: Count) -> list[tuple[str, int]]:
    return sorted(count.by_locale.items(), key=lambda pair: -pair[1])
