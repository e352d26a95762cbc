"""The desk's voice in chats: its lines and alerts become cards, in each one's language, and rows of the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot import people, screens
from bot.actions import Act, Action
from bot.cards import Card, Key, Line, Local, Msg, key, quiet, text, title
from bot.channels.outgoing import Outgoing, Paragraph, Stored, Style
from bot.compose import compose
from bot.floor import may_speak
from bot.payload import pack, pack_ids
from bot.staff_chat import DESK, SECURE, open_button, waiting_line
from bot.world import World
from desk.voice import Alarm, Alert, Notice
from desk.voice import Line as Said
from flows.floor import Content as Matter
from flows.floor import Speaker
from i18n.locales import LOCALES
from storage import contacts, queue
from storage.media import MediaRow
from storage.rows import OutClass, OutgoingRow, OutKind, Standing
from storage.unit_of_work import Unit

#: The icon of each alarm; the words beside it say the same.
_ICONS: Mapping[Alarm, str] = {Alarm.URGENT: "urgent", Alarm.LATE: "time", Alarm.SOON: "time"}
#: A place as an address, where a channel has no messages of their own for it.
MAP = "https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}"
DESK_PAGE = "{address}/desk/requests/{number}"


@dataclass(frozen=True, slots=True)
class Spoken:
    """See Voice. address: where the desk is reached by people, without a slash at its end."""

    world: World
    address: str

    def words(self, unit: Unit, standing: Standing, text: str) -> int | None:
        """See Voice."""
        out = Outgoing((Paragraph(Style.TEXT, text),), (), standing.locale or "en")
        return self._say(unit, standing, out, Speaker.ASSISTANT)

    def line(self, unit: Unit, standing: Standing, line: Said, number: int, name: str = "", about: str = "") -> None:
        """See Voice."""
        lines = [self._line(line, number, name)]
        lines += [Line((Local(about),))] if about and line in {Said.TAKEN, Said.HANDED_OVER} else []
        if line is Said.LATE:
            lines += _call_instead(self.world)
        rows = _solved(number) if line is Said.SOLVED else ()
        card = Card(tuple(lines), rows, nav=line in {Said.SOLVED, Said.LATE, Said.BACK})
        speaker = Speaker.ASSISTANT if line in {Said.TAKEN, Said.HANDED_OVER, Said.SOLVED} else Speaker.SYSTEM
        self._say(unit, standing, self._composed(standing, card), speaker)

    def file(self, unit: Unit, standing: Standing, file: MediaRow) -> int | None:
        """See Voice."""
        stored = Stored(file.id, file.name, file.type or "application/octet-stream")
        return self._say(unit, standing, Outgoing((), (), standing.locale or "en", stored=stored), Speaker.ASSISTANT)

    def place(self, unit: Unit, standing: Standing, latitude: float, longitude: float) -> int | None:
        """See Voice."""
        degrees = {"latitude": f"{latitude:.5f}", "longitude": f"{longitude:.5f}"}
        lines = (text("bot.media.place_sent", "place", **degrees), Line((Local(MAP.format(**degrees)),)))
        out = replace(self._composed(standing, Card(lines, nav=False)), place=(latitude, longitude))
        return self._say(unit, standing, out, Speaker.ASSISTANT)

    def decision(self, unit: Unit, standing: Standing, decision: str, number: int, reason: str) -> int | None:
        """See Voice."""
        card = Card((text(f"bot.goods.{decision}", "person", number=number), Line((Local(reason),))), nav=False)
        return self._say(unit, standing, self._composed(standing, card), Speaker.ASSISTANT)

    def can_knock(self, locale: str) -> bool:
        """See Voice."""
        return self.world.answer_waiting(locale) is not None

    def knock(self, unit: Unit, standing: Standing) -> None:
        """See Voice."""
        out = self._composed(standing, Card((text("bot.whatsapp.answer_waiting"),), nav=False))
        row = self._row(unit, replace(out, template=self.world.answer_waiting(standing.locale)), Speaker.ASSISTANT)
        queue.say(unit, standing, [replace(row, kind=OutKind.TEMPLATE)], may_speak)

    def alert(self, unit: Unit, conversation_id: int, alert: Alert) -> int | None:
        """See Voice."""
        standing = contacts.standing(unit, conversation_id)
        card = Card(tuple(self._alert_lines(alert)), self._alert_rows(alert), nav=False)
        return self._say(unit, standing, self._composed(standing, card), Speaker.SYSTEM)

    def notice(self, unit: Unit, conversation_id: int, notice: Notice, name: str) -> None:
        """See Voice."""
        standing = contacts.standing(unit, conversation_id)
        card = Card((text(f"desk.notice.{notice}", "person", name=name),), nav=False)
        self._say(unit, standing, self._composed(standing, card), Speaker.SYSTEM)

    def waiting(self, unit: Unit, conversation_id: int, count: int) -> None:
        """See Voice."""
        standing = contacts.standing(unit, conversation_id)
        row = open_button("desk.alert.go", self.address + DESK)
        card = Card((waiting_line(count),), (row,) if row else (), nav=False)
        self._say(unit, standing, self._composed(standing, card), Speaker.SYSTEM)

    def delete(self, unit: Unit, standing: Standing, message_id: str) -> None:
        """See Voice."""
        row = OutgoingRow(
            f"d:{unit.ids()}", pack_ids([message_id]), Speaker.SYSTEM, Matter.ASKED, OutClass.STAFF, OutKind.CLEAR
        )
        queue.say(unit, standing, [row], may_speak)

    def strike(self, unit: Unit, conversation_id: int, outbox_id: int, number: int, by: str) -> None:
        """See Voice."""
        standing = contacts.standing(unit, conversation_id)
        line = text("desk.alert.taken", "ok", number=number, name=by) if by else text("desk.alert.gone", number=number)
        card = Card((line,), nav=False)
        row = self._row(unit, self._composed(standing, card), Speaker.SYSTEM)
        queue.say(unit, standing, [replace(row, kind=OutKind.EDIT, replaces=outbox_id)], may_speak)

    def _line(self, line: Said, number: int, name: str) -> Line:
        who: Msg | str = name or screens.organisation(self.world)
        named = "" if name else "_team"
        match line:
            case Said.TAKEN | Said.HANDED_OVER:
                return text(f"bot.handoff.{line}{named}", "person", name=who, number=number)
            case Said.BARRED | Said.LIFTED:
                return text(f"bot.barred.{line}", "stop" if line is Said.BARRED else "ok")
            case _:
                return text(f"bot.handoff.{line}", "person", number=number)

    def _alert_lines(self, alert: Alert) -> list[Line]:
        name = LOCALES[alert.locale].name if alert.locale in LOCALES else alert.locale
        lines = [
            title(f"desk.alert.{alert.alarm}", _ICONS.get(alert.alarm, "person"), number=alert.number),
            Line((Msg(f"desk.type.{alert.type}"), Local("·"), Local(name))),
        ]
        if alert.promised_by is not None and alert.alarm in {Alarm.NEW, Alarm.SOON, Alarm.RETURNED}:
            lines.append(text("desk.alert.by", "date", moment=self.world.calendar.local(alert.promised_by)))
        if not self.address.startswith(SECURE):
            lines.append(quiet("desk.alert.open", None, address=self._page(alert.number)))
        return lines

    def _alert_rows(self, alert: Alert) -> tuple[tuple[Key, ...], ...]:
        is_offered, number = alert.alarm is Alarm.OFFERED, str(alert.number)
        claim = key(Act.CLAIM, "desk.alert.take" if is_offered else "desk.alert.claim", "ok", number)
        row = (claim,) * alert.can_claim
        row += (key(Act.DECLINE, "desk.alert.not_now", None, number),) * is_offered
        row += open_button("desk.alert.go", self._page(alert.number))
        return (row,) if row else ()

    def _page(self, number: int) -> str:
        return DESK_PAGE.format(address=self.address, number=number)

    def _composed(self, standing: Standing, card: Card) -> Outgoing:
        return compose(self.world, standing.locale or "en", card, 0, standing.address_id)

    def _say(self, unit: Unit, standing: Standing, out: Outgoing, speaker: Speaker) -> int | None:
        if speaker is Speaker.ASSISTANT and out.paragraphs:
            out = replace(out, paragraphs=(*self._for_whom(unit, standing), *out.paragraphs))
        return queue.say(unit, standing, [self._row(unit, out, speaker)], may_speak)[0]

    def _for_whom(self, unit: Unit, standing: Standing) -> tuple[Paragraph, ...]:
        lines = people.for_whom(unit, standing)
        return self._composed(standing, Card(lines, nav=False)).paragraphs if lines else ()

    def _row(self, unit: Unit, out: Outgoing, speaker: Speaker) -> OutgoingRow:
        # What the person asked for goes on: these lines answer their own request, so no floor holds them.
        return OutgoingRow(
            dedupe=f"d:{unit.ids()}", payload=pack(out), speaker=speaker, matter=Matter.ASKED, cls=OutClass.STAFF
        )


def _solved(number: int) -> tuple[tuple[Key, ...], ...]:
    """Yes, not yet, or later."""
    values = (("yes", "good"), ("no", "bad"), ("later", "time"))
    return tuple(
        (Key(Action(Act.SOLVED, (str(number), value)), Msg(f"bot.handoff.solved_{value}"), icon),)
        for value, icon in values
    )


def _call_instead(world: World) -> list[Line]:
    """An organisation that can be called meanwhile; only where its number is well sourced."""
    return [
        text("bot.request.contact", "phone", name=row.name, phone=row.phone, purpose=Msg("bot.request.integration"))
        for row in world.pack.contacts.values()
        if row.strength == screens.OFFICIAL and row.purpose == "integration"
    ][:1]
