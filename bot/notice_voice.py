"""Notices as the desk sees them before they go: the card that is sent, composed as it is sent, for each channel."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from bot import gathering_cards, links, notice_cards, screens
from bot.cards import Msg
from bot.channels.outgoing import Outgoing, Style
from bot.channels.telegram.parse import SCHEME as TELEGRAM
from bot.channels.traits import traits_of
from bot.channels.webchat.adapter import SCHEME as WEBCHAT
from bot.channels.whatsapp import render
from bot.channels.whatsapp.parse import SCHEME as WHATSAPP
from bot.compose import Composer
from bot.floor import may_speak
from bot.payload import pack
from bot.settings import Settings
from bot.world import World
from desk.notice_voice import Bubble, Sheet
from flows import limits
from flows.floor import Content, Speaker
from flows.limits import LABEL, utf16
from notices.buttons import Does, load
from notices.drafts import Fit
from storage import queue
from storage.events import EventRow
from storage.notices import NoticeRow, TextRow
from storage.rows import OutClass, OutgoingRow, Standing
from storage.unit_of_work import Unit
from storage.window import window

#: UTF-16 units of a message that carries buttons; the web chat has no limit of its own.
LONGEST = {TELEGRAM: limits.TELEGRAM.prompt, WHATSAPP: limits.WHATSAPP.prompt, WEBCHAT: limits.TELEGRAM.prompt}


@dataclass(frozen=True, slots=True)
class NoticesAsSeen:
    """See desk.notice_voice.NoticeVoice. channels: schemes of those that are on."""

    world: World
    channels: Sequence[str]

    @property
    def teasers(self) -> Collection[str]:
        """See NoticeVoice."""
        return [code for code in self.world.pack.templates.news if self.world.news(code) is not None]

    def preview(self, notice: NoticeRow, text: TextRow, channel: str) -> Bubble:
        """See NoticeVoice. Nobody presses these buttons, so they are signed for no address."""
        out = self._shown(notice, text, channel, 0)
        fit = Fit(LONGEST[channel] - out.length, LABEL - max(map(utf16, _labels(out)), default=0))
        if channel == WHATSAPP:
            return self._on_whatsapp(out, fit)
        lines = [(str(paragraph.style), paragraph.text) for paragraph in out.paragraphs]
        rows = [[button.label for button in row] for row in out.rows]
        return Bubble(channel, text.locale, lines, rows, "", fit)

    def test(self, unit: Unit, standing: Standing, notice: NoticeRow, text: TextRow) -> None:
        """See NoticeVoice."""
        channel = window(unit, standing.conversation_id).channel
        out = self._shown(notice, text, channel, standing.address_id)
        row = OutgoingRow(f"d:{unit.ids()}", pack(out), Speaker.SYSTEM, Content.ASKED, OutClass.STAFF)
        queue.say(unit, standing, [row], may_speak)

    def edits(self, channel: str) -> bool:
        """See NoticeVoice."""
        return traits_of(channel).edits

    def to_copy(self, notice: NoticeRow, text: TextRow) -> str:
        """See NoticeVoice."""
        sheet = self.leaflet(notice, text)
        linked = [button for button in load(notice.buttons) if button.does is Does.LINK]
        pages = [f"{button.labels.get(text.locale, '')} {button.to}".strip() for button in linked]
        return "\n\n".join(part for part in (sheet.title, text.body, *pages, sheet.until, sheet.address) if part)

    def leaflet(self, notice: NoticeRow, text: TextRow) -> Sheet:
        """See NoticeVoice."""
        composer = Composer(self.world, text.locale)
        whom = Msg("bot.announcement.first", {"organisation": screens.organisation(self.world)})
        until = notice.valid_until
        return Sheet(
            from_whom=composer.say(whom),
            title=text.title,
            lines=[line for line in text.body.splitlines() if line.strip()],
            until="" if until is None else composer.say(Msg("bot.announcement.valid", {"day": until})),
            scan=composer.say(Msg("bot.announcement.scan")),
            address=self.address(notice, text.locale),
        )

    def address(self, notice: NoticeRow, locale: str) -> str:
        """See NoticeVoice."""
        return links.to_chat(self.world, _start(notice), locale)

    def invitation(self, event: EventRow, locale: str) -> Sheet:
        """See NoticeVoice."""
        composer, (title, body) = Composer(self.world, locale), event.texts[locale]
        facts = [composer.line(line) for line in gathering_cards.facts(self.world, event)]
        whom = Msg("bot.announcement.first", {"organisation": screens.organisation(self.world)})
        return Sheet(
            from_whom=composer.say(whom),
            title=title,
            lines=[*(line for line in body.splitlines() if line.strip()), *facts],
            until="",
            scan=composer.say(Msg("bot.announcement.scan")),
            address=links.to_chat(self.world, links.of_event(event.id), locale),
        )

    def guide_of(self, session: bytes) -> str:
        """See NoticeVoice."""
        return notice_cards.guide_of(session)

    def _shown(self, notice: NoticeRow, text: TextRow, channel: str, address_id: int) -> Outgoing:
        return notice_cards.shown(self.world, notice, text, text.locale, channel, address_id)

    def _on_whatsapp(self, out: Outgoing, fit: Fit) -> Bubble:
        """What the renderer makes of it: the text with WhatsApp's own marks, and buttons or a list."""
        made = render.message(out, lambda name: self.world.catalog.text(out.locale, name).string)
        inside = made.get("interactive", {})
        words = inside["body"]["text"] if inside else made["text"]["body"]
        rows, opener = _pressed(inside.get("action", {}))
        return Bubble(WHATSAPP, out.locale, [_marked(line) for line in words.split("\n")], rows, opener, fit)


def _start(notice: NoticeRow) -> str:
    """What a deep link carries: the notice's event, or its guide; "" = nothing. Never who follows it."""
    if notice.event_id is not None:
        return links.of_event(notice.event_id)
    return next((button.to for button in load(notice.buttons) if button.does is Does.GUIDE), "")


def _pressed(action: dict[str, Any]) -> tuple[list[list[str]], str]:
    """Labels of what can be pressed, and what opens the list of them."""
    if "parameters" in action:
        return [[action["parameters"]["display_text"]]], ""
    if "buttons" in action:
        return [[button["reply"]["title"]] for button in action["buttons"]], ""
    if "sections" not in action:
        return [], ""
    rows = [row for section in action["sections"] for row in section["rows"]]
    return [[" ".join(filter(None, (row["title"], row.get("description"))))] for row in rows], action["button"]


def _marked(line: str) -> tuple[str, str]:
    """The line without WhatsApp's mark for bold."""
    if len(line) > 2 and line[0] == line[-1] == "*":
        return str(Style.TITLE), line[1:-1]
    return str(Style.TEXT), line


def _labels(out: Outgoing) -> list[str]:
    return [button.label for row in out.rows for button in row]


def channels_of(settings: Settings) -> list[str]:
    """Schemes of the channels on which people can be written to."""
    on = {TELEGRAM: settings.telegram_token, WHATSAPP: settings.whatsapp_token}
    return [*(scheme for scheme, token in on.items() if token is not None), WEBCHAT]
