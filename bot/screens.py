"""The screens outside the guides, as cards: picker, consent, privacy, home, my data, delete, urgent."""

from __future__ import annotations

from dataclasses import replace

from bot import lacking, survey_left, terms
from bot.actions import Act, Action
from bot.cards import Card, Key, Line, Local, Msg, key, quiet, text, title
from bot.channels.outgoing import Style
from bot.exchange import Exchange, Holdings, Person
from bot.world import World
from i18n.locales import LOCALES, negotiate
from i18n.serbian import to_latin

PHONE_ICON = "phone"
CLEARED_BY_US = frozenset({"telegram"})  # channels that keep the messages; a page is gone with the data
CLEARED_BY_PERSON = frozenset({"whatsapp"})  # channels that let nobody delete for the other side
SEES_NUMBER = frozenset({"whatsapp"})  # channels on which we learn the phone number
OFFICIAL = "official"  # only such numbers are shown in an emergency


def picker(world: World, person: Person) -> Card:
    """The languages in their own names, the phone's own first; before a choice there is no other text."""
    proposed = negotiate(person.phone_language, world.pickable)
    first = [proposed] if proposed and not person.locale else []
    codes = first + [code for code in world.pickable if code not in first]
    greetings = dict.fromkeys(world.catalog.text(code, "bot.picker.greeting").string for code in codes)
    rows = tuple((Key(Action(Act.LANGUAGE, (code,)), Local(LOCALES[code].name)),) for code in codes)
    rows += ((lacking.others_key(world),),)
    # Each by itself, so that those of another direction stay in their places.
    hello = [Local(part) for greeting in greetings for part in ("·", greeting)][1:]
    lines = [Line(tuple(hello), Style.TITLE, "language")]
    if person.locale:
        lines.append(text("bot.picker.title"))
    return Card(tuple(lines), rows, nav=bool(person.locale))


def consent(world: World, promise: Msg | None, channel: str = "") -> Card:
    """Who we are, in two lines; one more where a channel tells us more of the person, and one with a lawyer's yes."""
    lines = [
        text("bot.consent.line1", bot=bot_name(world), organisation=organisation(world)),
        text("bot.consent.line2"),
    ]
    lines += [text(f"bot.consent.{channel}")] if channel in SEES_NUMBER else []
    lines += [Line((promise,))] if promise else []
    rows = (
        (key(Act.CONSENT, "bot.consent.ok", "done", "full"),),
        (key(Act.CONSENT, "bot.consent.without", None, "unsaved"),),
        (key(Act.PRIVACY, "bot.consent.privacy", "privacy"),),
    )
    return Card(tuple(lines), rows)


def promise(world: World) -> Msg | None:
    """The organisation's own promise (record consent.promise), or None where it made none."""
    return Msg("bot.consent.promise") if world.pack.consent.promise else None


def bot_name(world: World) -> Msg | str:
    """The bot's name, or a marked default."""
    return world.bot_name or Msg("bot.name.default_bot")


def organisation(world: World) -> Msg | str:
    """The organisation's name, or a marked default."""
    return world.organisation or Msg("bot.name.default_organisation")


def privacy(world: World, person: Person, channel: str) -> Card:
    """What is kept, for how long, who reads it, and what the app company sees."""
    lines = (
        title("bot.privacy.title", "privacy"),
        text("bot.privacy.unsaved"),
        text("bot.privacy.saved"),
        text("bot.privacy.request"),
        text("bot.privacy.who"),
        text(f"bot.privacy.{channel}"),
        text("bot.privacy.way_out"),
    )
    version = world.pack.consent.version
    if person.consent != "none" and person.consent_version == version:
        return Card(lines, (_other_choice(person), (key(Act.DATA, "bot.home.data", "privacy"),)))
    return Card(lines, consent(world, None).rows[:2])


def _other_choice(person: Person) -> tuple[Key, ...]:
    """Consent can be given and taken back at any time."""
    if person.consent == "full":
        return (key(Act.CONSENT, "bot.consent.without", None, "unsaved"),)
    return (key(Act.CONSENT, "bot.consent.ok", "done", "full"),)


def home(world: World, *, in_guide: bool, left: tuple[tuple[Key, ...], ...] = ()) -> Card:
    """What there is: the way on where a guide was begun, the guides, urgent, language, my data.

    left: rows that lead back to what else was begun.
    """
    lines = [title("bot.home.title", "home")]
    if not world.confirmed:
        lines.append(quiet("bot.home.trial", "safety"))
    if world.pack.service.reduced:
        lines.append(text("bot.home.reduced", "time"))
    rows: list[tuple[Key, ...]] = [(key(Act.CONTINUE, "bot.welcome.continue", "next"),)] if in_guide else []
    rows += [*left, *guide_rows(world)]
    rows.append((key(Act.NEWS, "bot.news.button", "news"),))
    rows.append((key(Act.URGENT, "bot.home.urgent", "urgent"),))
    rows.append((key(Act.LANGUAGES, "bot.home.language", "language"), key(Act.DATA, "bot.home.data", "privacy")))
    return Card(tuple(lines), tuple(rows))


def guide_rows(world: World) -> list[tuple[Key, ...]]:
    """A button for each guide, in their order."""
    return [
        (Key(Action(Act.GUIDE, (id,)), Msg(f"{id}.guide.title"), guide.icon),) for id, guide in world.guides.items()
    ]


def data(person: Person) -> Card:
    """To see and take along what is stored, to clear, stop and delete: all in one place."""
    notices = key(Act.UNSTOP, "bot.data.start", "undo") if person.stopped else key(Act.STOP, "bot.data.stop", "stop")
    rows = (
        (key(Act.MINE, "bot.mine.button", "person"),),
        (key(Act.KNOWN, "bot.data.known", "more"),),
        (key(Act.EXPORT, "bot.data.export", "paper"),),
        (key(Act.OCCASIONS, "bot.occasions.button", "reminder"),),
        (key(Act.CHATS, "bot.data.chats", "chats"),),
        (key(Act.CLEAR, "bot.data.clear", "clear"),),
        (key(Act.PRIVACY, "bot.data.privacy", "privacy"),),
        (notices,),
        (key(Act.DELETE, "bot.data.delete", "delete"),),
    )
    return Card((title("bot.data.title", "privacy"),), rows)


def delete(held: Holdings, channel: str) -> Card:
    """What is stored and what will stay, before anything is deleted.

    Afterwards we know of no message any more, so who wants the chat itself cleared too says so here.
    """
    lines = [title("bot.delete.title", "delete"), text("bot.delete.have")]
    lines += [text("bot.delete.language", "ok"), text("bot.delete.place", "ok")]
    if held.messages:
        lines.append(Line((Msg("bot.delete.messages", count=held.messages),), icon="ok"))
    if held.requests:
        lines.append(Line((Msg("bot.delete.requests", count=held.requests),), icon="ok"))
    if held.media:
        lines.append(Line((Msg("bot.delete.media", count=held.media),), icon="ok"))
    if held.ticks:
        lines.append(Line((Msg("bot.delete.ticks", count=held.ticks),), icon="ok"))
    if held.days:
        lines.append(Line((Msg("bot.delete.days", count=held.days),), icon="ok"))
    if held.follows:
        lines.append(Line((Msg("bot.delete.follows", count=held.follows),), icon="ok"))
    if held.events:
        lines.append(Line((Msg("bot.delete.events", count=held.events),), icon="ok"))
    lines += [text("bot.delete.stays"), text("bot.delete.once", "safety")]
    rows = [(key(Act.DELETE_NOW, "bot.delete.confirm", "delete"),)]
    if channel in CLEARED_BY_US:
        rows.append((key(Act.DELETE_NOW, "bot.delete.clear", "clear", "clear"),))
    return Card(tuple(lines), (*rows, (key(Act.DATA, "bot.delete.cancel", None),)))


def neutral(world: World) -> Card:
    """What is left of a chat that was cleared."""
    return Card((text("bot.clear.done", bot=bot_name(world)),))


def deleted(code: str) -> Card:
    """The receipt. No buttons: nothing is known of this person any more."""
    return Card((title("bot.delete.done", "ok", code=code), text("bot.delete.app")), nav=False)


def urgent(world: World) -> Card:
    """Numbers first. It stands on the emergency file and the texts alone, so it works when every guide is broken."""
    card = world.pack.urgent
    lines = [title("bot.urgent.title", "urgent"), *numbers(world)]
    phrase = f"{to_latin(card.phrase)} / {card.phrase}"
    lines.append(text("bot.urgent.say", phrase=phrase))
    sure = [row for row in card.lines if row.strength == OFFICIAL]
    lines += [text(f"bot.urgent.{row.id}", PHONE_ICON, number=row.number) for row in sure]
    lines += [
        quiet("bot.urgent.may_not_work"),
        quiet("bot.urgent.not_service"),
        quiet("bot.urgent.person"),
    ]
    rows = (
        (key(Act.PERSON, "bot.urgent.now", "person", "urgent"),),
        (key(Act.CLEAR, "bot.data.clear", "clear"),),
        (key(Act.CONTINUE, "bot.urgent.not_urgent", None),),
    )
    return Card(tuple(lines), rows)


def numbers(world: World) -> list[Line]:
    """The emergency numbers, one a line."""
    return [
        text("bot.urgent.line", PHONE_ICON, number=row.number, service=Msg(f"bot.urgent.{row.id}"))
        for row in world.pack.urgent.numbers
        if row.strength == OFFICIAL
    ]


def at_home(exchange: Exchange) -> Card:
    """The home screen as this person has it."""
    in_guide = exchange.state.session.run is not None
    card = home(exchange.world, in_guide=in_guide, left=survey_left.way_on(exchange))
    return replace(card, lines=(*card.lines, *terms.to_come(exchange)))


def undo_stop() -> tuple[tuple[Key, ...], ...]:
    """The way back from stop."""
    return ((key(Act.UNSTOP, "bot.stop.undo", "undo"),),)


def in_danger(world: World) -> Line:
    """Whom to call, in one line."""
    numbers = {row.id: row.number for row in world.pack.urgent.numbers}
    return text("bot.request.danger", "safety", police=numbers["police"], ambulance=numbers["ambulance"])


def slow_down(world: World) -> Card:
    """One notice in a flood, with the numbers that matter."""
    numbers = {row.id: row.number for row in world.pack.urgent.numbers}
    return Card((text("bot.notice.slow_down", "safety", police=numbers["police"], ambulance=numbers["ambulance"]),))
