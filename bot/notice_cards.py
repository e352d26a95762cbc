"""A copy of a notice becomes a message: made when it is claimed, in the person's language, from today's words.

The first line says who writes and nothing else, because it is what a locked screen shows to others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import assert_never

from bot import gathering_cards, screens, state
from bot.actions import Act, Action
from bot.cards import Card, Key, Local, Msg, key, text
from bot.channels.outgoing import Outgoing, Paragraph, Style, Template
from bot.channels.traits import traits_of
from bot.channels.webchat.adapter import SCHEME as WEBCHAT
from bot.compose import MISSING, Composer, compose
from bot.floor import may_speak
from bot.paging import compose_for
from bot.payload import pack
from bot.world import World
from flows.session import SessionError
from i18n.locales import LOCALES
from i18n.text import isolate_numbers
from notices import buttons
from notices.buttons import Does, NoticeButton
from notices.drafts import Night, stand_in
from notices.lifecycle import Category, Kind, State
from notices.sending import Means, Reference
from storage import copies, notices
from storage.notices import NoticeRow, TextRow
from storage.rows import Claimed, Composed, Drop, Hold, Passing
from storage.unit_of_work import Unit

ICONS = {Category.NEWS: "info", Category.EVENT: "date", Category.SAFETY: "safety"}
KEEPS = frozenset({WEBCHAT})  # channels on which the person reads the outbox row itself


@dataclass(frozen=True, slots=True)
class NoticeCards:
    """See bot.outbox.Notices. worlds: today's snapshot. night: when news wait, on the country's clocks."""

    worlds: Callable[[], World]
    night: Night = field(default_factory=Night)

    def passing(self, now: datetime) -> Passing:
        """See bot.outbox.Notices."""
        world = self.worlds()
        if world.pack.service.paused:
            return Passing.NONE
        return Passing.SAFETY if self.night.has(world.calendar.local(now).time()) else Passing.ALL

    def means(self) -> Means:
        """What the sending must know of channels and guides."""
        world = self.worlds()
        teasers = {code: pack(_teaser(world, code, found)) for code in LOCALES if (found := world.news(code))}
        return Means(may_speak, guide_of, teasers, lambda channel: traits_of(channel).edits)

    def compose(self, unit: Unit, claimed: Claimed) -> Composed | Hold | Drop:
        """See bot.outbox.Notices. What was sent and failed says why in the row, in the codes of desk.why."""
        reference = Reference.load(claimed.payload)
        at, kind = copies.state_of(unit, reference.broadcast_id)
        if at == State.PAUSED:
            return Hold(copies.PAUSED)
        if at == State.STOPPED:
            return Drop(copies.STOPPED)
        world, notice = self.worlds(), notices.notice(unit, reference.notice_id)
        texts = notices.texts(unit, notice.id)
        locale = claimed.locale or "en"
        found = texts[stand_in(locale, texts) or next(iter(texts))]
        if kind == Kind.WITHDRAW:
            out = withdrawn(world, notice, found, locale, claimed.address_id)
        elif notice.withdrawn_at is not None:
            return Drop(copies.WITHDRAWN)
        elif is_over(notice, world.today(unit.now)):
            return Drop(copies.OVER)
        else:
            out = shown(
                world, notice, found, locale, claimed.channel, claimed.address_id, corrected=kind == Kind.CORRECT
            )
            copies.told(unit, reference.copy_id, notice.version)
        return Composed(pack(out), keeps=claimed.channel in KEEPS)


def guide_of(session: bytes) -> str:
    """The guide that a session is in, "" = none."""
    try:
        runs = state.load(session).session.runs
    except (state.StateError, SessionError):
        return ""  # of an older version that cannot be read any more
    return runs[0].flow if runs else ""


def is_over(notice: NoticeRow, today: date) -> bool:
    """Whether it is not true any more."""
    return notice.valid_until is not None and notice.valid_until < today


def shown(
    world: World,
    notice: NoticeRow,
    said: TextRow,
    locale: str,
    channel: str,
    address_id: int,
    *,
    corrected: bool = False,
) -> Outgoing:
    """A notice as a person of this language gets it through this channel. said: its text, be it in another language."""
    lines = [text("bot.announcement.first", ICONS[Category(notice.category)], organisation=screens.organisation(world))]
    lines += [text("bot.announcement.corrected", "changed")] if corrected else []
    rows = [
        row
        for button in buttons.load(notice.buttons)
        for row in button_rows(world, notice.event_id, button, said.locale)
    ]
    frame = compose_for(
        channel, world, locale, Card(tuple(lines), (*rows, *_below(notice.id)), nav=False), 0, address_id
    )
    return replace(frame, paragraphs=(*frame.paragraphs, *_words(world, notice, said, locale)))


def withdrawn(world: World, notice: NoticeRow, said: TextRow, locale: str, address_id: int) -> Outgoing:
    """What stands where a notice stood that is not true any more."""
    lines = (
        text("bot.announcement.first", "info", organisation=screens.organisation(world)),
        text("bot.announcement.withdrawn", "changed", title=said.title),
    )
    return compose(world, locale, Card(lines, _below(notice.id), nav=False), 0, address_id)


def _teaser(world: World, locale: str, approved: Template) -> Outgoing:
    out = compose(world, locale, Card((text("bot.whatsapp.news"),), nav=False), 0, 0)
    return replace(out, template=approved)


def _words(world: World, notice: NoticeRow, said: TextRow, locale: str) -> list[Paragraph]:
    kept = isolate_numbers if LOCALES[said.locale].rtl else str
    words = [Paragraph(Style.TITLE, kept(said.title))] if said.title else []
    words += [Paragraph(Style.TEXT, kept(line)) for line in said.body.splitlines() if line.strip()]
    composer = Composer(world, locale)
    if notice.valid_until is not None:
        words.append(Paragraph(Style.QUIET, composer.say(Msg("bot.announcement.valid", {"day": notice.valid_until}))))
    if said.locale != locale:
        words.append(Paragraph(Style.QUIET, composer.say(Msg(MISSING, {"language": LOCALES[said.locale].name}))))
    return words


def button_rows(world: World, event_id: int | None, button: NoticeButton, locale: str) -> tuple[tuple[Key, ...], ...]:
    """What its author put below a notice; nothing where what it leads to is not there any more."""
    match button.does:
        case Does.LINK:
            # What nobody named in this language is no riddle in another one.
            own = button.labels.get(locale)
            label = Local(own) if own else Msg("bot.announcement.page")
            return ((Key(Action(Act.HOME), label, "share", url=button.to),),)
        case Does.GUIDE:
            guide = world.guide(button.to)
            if guide is None:
                return ()
            return ((Key(Action(Act.GUIDE, (guide.id,)), Msg(f"{guide.id}.guide.title"), guide.icon),),)
        case Does.PERSON:
            return ((key(Act.PERSON, "bot.nav.person", "person"),),)
        case Does.RSVP:
            return () if event_id is None else gathering_cards.answers(event_id)
        case Does.SURVEY:
            return ((key(Act.SURVEY, "bot.survey.open", "papers", button.to),),)
        case other:
            assert_never(other)


def _below(notice_id: int) -> tuple[tuple[Key, ...], ...]:
    """What stands below every notice, and works for ever."""
    ask = key(Act.ASK_NOTICE, "bot.announcement.ask", "person", str(notice_id))
    return (ask, key(Act.STOP, "bot.announcement.stop", "stop")), (key(Act.HOME, "bot.nav.home", "home"),)
