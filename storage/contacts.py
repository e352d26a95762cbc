"""Who is on the other side: where a conversation stands, its language, its consent, stop and start."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import bindparam, insert, select, update

from storage import bell
from storage.prepared import Prepared
from storage.rows import ConsentChoice, OutboxState, Standing
from storage.tables import HELD, Address, Consent, Contact, Conversation, Outbox
from storage.unit_of_work import AnyRow, Unit

#: The last sign of life is written down at most this often: it serves periods of a day and more.
SEEN_EVERY = timedelta(minutes=1)

#: The columns of a Standing, for queries that bring it along with something else.
STANDING_COLUMNS = (
    Conversation.id.label("conversation_id"),
    Conversation.active_contact_id.label("contact_id"),
    Conversation.active_address_id.label("home_address_id"),
    Conversation.stopped_at,
    Conversation.attached_staff_id,
    Conversation.attached_request_id,
    Conversation.urgent,
    Conversation.barred_at,
    Contact.locale,
    Contact.municipality,
    Contact.consent_choice,
    Contact.consent_version,
    Contact.consent_at,
    Contact.seen_at,
    Contact.created_at.label("contact_created_at"),
)
_STANDING = (
    select(*STANDING_COLUMNS)
    .join(Contact, Contact.id == Conversation.active_contact_id)
    .where(Conversation.id == bindparam("conversation"))
)
_STANDINGS = (
    select(*STANDING_COLUMNS)
    .join(Contact, Contact.id == Conversation.active_contact_id)
    .where(Conversation.id.in_(bindparam("conversations", expanding=True)))
)
_STANDING_OF = (
    select(*(column for column in STANDING_COLUMNS if column.key != "contact_id"), Contact.id.label("contact_id"))
    .join(Contact, Contact.conversation_id == Conversation.id)
    .where(Contact.id == bindparam("contact"))
)
_LOCK = select(Conversation.id).where(Conversation.id == bindparam("conversation")).with_for_update(key_share=True)
_CHANNEL = select(Address.channel).where(Address.id == bindparam("row"))
_LOCALE = Prepared(update(Contact).where(Contact.id == bindparam("row")).values(locale=bindparam("to_locale")))
_MUNICIPALITY = update(Contact).where(Contact.id == bindparam("row")).values(municipality=bindparam("to_municipality"))
_SEEN = Prepared(update(Contact).where(Contact.id == bindparam("row")).values(seen_at=bindparam("to_seen_at")))
_CONSENT = Prepared(
    update(Contact)
    .where(Contact.id == bindparam("row"))
    .values(
        consent_version=bindparam("to_version"), consent_choice=bindparam("to_choice"), consent_at=bindparam("to_at")
    )
)
_LOG_CONSENT = Prepared(insert(Consent), ["id", "contact_id", "version", "locale", "choice", "at"])
_ATTACH = (
    update(Conversation)
    .where(Conversation.id == bindparam("row"))
    .values(attached_staff_id=bindparam("to_staff"), attached_request_id=bindparam("to_request"))
)
_DETACH = (
    update(Conversation)
    .where(Conversation.id == bindparam("row"), Conversation.attached_request_id == bindparam("of_request"))
    .values(attached_staff_id=None, attached_request_id=None)
)
_BAR = (
    update(Conversation)
    .where(Conversation.id == bindparam("row"), Conversation.barred_at.is_(None))
    .values(barred_at=bindparam("to_at"))
)
_LIFT = (
    update(Conversation)
    .where(Conversation.id == bindparam("row"), Conversation.barred_at.is_not(None))
    .values(barred_at=None)
)
_URGENT = update(Conversation).where(Conversation.id == bindparam("row")).values(urgent=bindparam("to_urgent"))
#: Why a row is held that goes when the situation is over (flows/floor.py).
_BY_THE_FLOOR = ("urgent", "attached")
_LET_GO = (
    update(Outbox)
    .where(Outbox.conversation_id == bindparam("row"), Outbox.state == HELD, Outbox.reason.in_(_BY_THE_FLOOR))
    .values(state=OutboxState.READY, reason=None)
)
_STOPPED = update(Conversation).where(Conversation.id == bindparam("row")).values(stopped_at=bindparam("to_stopped_at"))


class NoConversation(Exception):
    """There is no such conversation, or no more."""


def standing(unit: Unit, conversation_id: int) -> Standing:
    """Where the conversation stands now; raises NoConversation."""
    row = unit.connection.execute(_STANDING, {"conversation": conversation_id}).one_or_none()
    if row is None:
        raise NoConversation
    return standing_of(row)


def standing_for(unit: Unit, contact_id: int) -> Standing:
    """Where the conversation of somebody stands, with their own language and choices though another of the same chat
    may be active; raises NoConversation."""
    row = unit.connection.execute(_STANDING_OF, {"contact": contact_id}).one_or_none()
    if row is None:
        raise NoConversation
    return standing_of(row)


def standings(unit: Unit, conversation_ids: Collection[int]) -> dict[int, Standing]:
    """Where these conversations stand now, by id."""
    rows = unit.connection.execute(_STANDINGS, {"conversations": list(conversation_ids)})
    return {row.conversation_id: standing_of(row) for row in rows}


def channel_of(unit: Unit, address_id: int) -> str:
    """The channel of an address, "" where it is gone."""
    return unit.connection.execute(_CHANNEL, {"row": address_id}).scalar() or ""


def hold(unit: Unit, conversation_id: int) -> None:
    """Lock the conversation until the unit ends, waiting for whoever has it; raises NoConversation.

    For units that did not `take` it: staff actions, the command line (rulings 4).
    """
    if not held(unit, conversation_id):
        raise NoConversation


def held(unit: Unit, conversation_id: int) -> bool:
    """As hold, but False where there is no such conversation (any more)."""
    return unit.connection.execute(_LOCK, {"conversation": conversation_id}).one_or_none() is not None


def standing_of(row: AnyRow) -> Standing:
    """From a row that has STANDING_COLUMNS."""
    return Standing(
        conversation_id=row.conversation_id,
        contact_id=row.contact_id,
        address_id=row.home_address_id,
        locale=row.locale,
        municipality=row.municipality,
        consent_choice=ConsentChoice(row.consent_choice),
        consent_version=row.consent_version,
        consent_at=row.consent_at,
        stopped=row.stopped_at is not None,
        attached_staff_id=row.attached_staff_id,
        attached_request_id=row.attached_request_id,
        urgent=row.urgent,
        seen_at=row.seen_at,
        created_at=row.contact_created_at,
        barred=row.barred_at is not None,
    )


def set_locale(unit: Unit, standing: Standing, locale: str) -> Standing:
    """The language of the active contact; returns the standing as it is then."""
    unit.later(_LOCALE, {"row": standing.contact_id, "to_locale": locale})
    return replace(standing, locale=locale)


def set_municipality(unit: Unit, standing: Standing, municipality: str | None) -> Standing:
    """The town of the active contact, None to forget it; returns the standing as it is then."""
    unit.connection.execute(_MUNICIPALITY, {"row": standing.contact_id, "to_municipality": municipality})
    return replace(standing, municipality=municipality)


def give_consent(unit: Unit, standing: Standing, *, version: str, choice: ConsentChoice) -> Standing:
    """Write down what was chosen on which version of the text, in the language it was read in."""
    row = {"contact_id": standing.contact_id, "version": version, "locale": standing.locale, "choice": choice}
    unit.later(_LOG_CONSENT, {"id": unit.ids(), "at": unit.now, **row})
    unit.later(
        _CONSENT,
        {"row": standing.contact_id, "to_version": version, "to_choice": choice, "to_at": unit.now},
    )
    return replace(standing, consent_version=version, consent_choice=choice, consent_at=unit.now)


def stop(unit: Unit, standing: Standing) -> Standing:
    """No notices and reminders from now on. May be repeated; the first time counts."""
    if not standing.stopped:
        unit.connection.execute(_STOPPED, {"row": standing.conversation_id, "to_stopped_at": unit.now})
    return replace(standing, stopped=True)


def start(unit: Unit, standing: Standing) -> Standing:
    """Undo a stop."""
    if standing.stopped:
        unit.connection.execute(_STOPPED, {"row": standing.conversation_id, "to_stopped_at": None})
    return replace(standing, stopped=False)


def attach(unit: Unit, conversation_id: int, staff_id: int, request: int) -> None:
    """From now on a human is in this chat, for this request. The unit holds the conversation."""
    row = {"row": conversation_id, "to_staff": staff_id, "to_request": request}
    unit.connection.execute(_ATTACH, row)


def detach(unit: Unit, conversation_id: int, request: int) -> bool:
    """The human who is here for this request has left; False where nobody is, or somebody for another request.

    The unit holds the conversation.
    """
    row = {"row": conversation_id, "of_request": request}
    left = unit.connection.execute(_DETACH, row).rowcount == 1
    if left:
        _let_go(unit, conversation_id)
    return left


def set_barred(unit: Unit, conversation_id: int, *, barred: bool) -> bool:
    """Close the way to the team, or open it; False where it was so. The unit holds the conversation."""
    statement, when = (_BAR, {"to_at": unit.now}) if barred else (_LIFT, {})
    return unit.connection.execute(statement, {"row": conversation_id, **when}).rowcount == 1


def set_urgent(unit: Unit, conversation_id: int, *, urgent: bool) -> None:
    """Whether an urgent case is open; news and reminders wait as long as one is. The unit holds the conversation."""
    unit.connection.execute(_URGENT, {"row": conversation_id, "to_urgent": urgent})
    if not urgent:
        _let_go(unit, conversation_id)


def seen(unit: Unit, standing: Standing) -> Standing:
    """A sign of life; retention counts from it (to within a minute)."""
    if unit.now - standing.seen_at < SEEN_EVERY:
        return standing
    unit.later(_SEEN, {"row": standing.contact_id, "to_seen_at": unit.now})
    return replace(standing, seen_at=unit.now)


def _let_go(unit: Unit, conversation_id: int) -> None:
    """What waited for the situation goes; the floor is asked again at the claim, where another may hold it."""
    if unit.connection.execute(_LET_GO, {"row": conversation_id}).rowcount:
        unit.ring(bell.OUTBOX)
