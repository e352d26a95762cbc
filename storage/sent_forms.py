"""A form that is sent again, because its answer was lost on the way, does nothing a second time."""

from __future__ import annotations

from storage.desk_tables import SentForm
from storage.dialects import insert_or_ignore
from storage.unit_of_work import Unit

_KEEP = insert_or_ignore(SentForm, ["token"])


def is_first(unit: Unit, token: str) -> bool:
    """Whether the form with this token comes for the first time; it counts from now on, if the unit commits.

    token: made anew whenever the form is shown, together with who it is shown to.
    """
    return unit.connection.execute(_KEEP[unit.dialect], {"token": token, "at": unit.now}).rowcount == 1
