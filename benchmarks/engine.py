"""The engine alone: microseconds of processor for one turn, without storage, texts and channels."""

from __future__ import annotations

from datetime import UTC, datetime
from time import process_time

from bot.loading import read_pack
from content.load import compile_flow
from flows.effects import Show
from flows.engine import Turn, advance, begin
from flows.events import Picked
from flows.model import ChoiceId, FlowId, Profile
from flows.session import Session

GUIDE = FlowId("driving-licence")
CHOICES = ("no", "refugee", "yes", "done", "yes", "normal", "yes")  # as in script.py, from the first question on
NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)
WALKS = 2000


def microseconds_a_turn() -> float:
    """Processor time of a turn, over many walks of the same way."""
    guide = read_pack("serbia").guides[GUIDE]
    library = {GUIDE: compile_flow(guide)}
    profile = Profile(country="serbia", municipality="", language="en", consent=True)
    began = process_time()
    for _ in range(WALKS):
        turn = begin(library, GUIDE, profile, Session(), NOW)
        for choice in CHOICES:
            shown = _shown(turn)
            turn = advance(library, turn.session, Picked(shown.run, shown.visit, ChoiceId(choice)), profile, NOW)
        _shown(turn)
    return (process_time() - began) / WALKS / (len(CHOICES) + 1) * 1e6


def _shown(turn: Turn) -> Show:
    return next(effect for effect in turn.effects if isinstance(effect, Show))
