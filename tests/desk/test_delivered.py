"""What staff read below their words, by how the sending ended."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.loading import read_pack
from content.texts import english
from desk.console.lists import WHYS
from desk.console.shown import delivered
from storage.messages import Kept
from storage.rows import OutboxState

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
#: Ways in which words do not arrive, each with something else for staff to do.
ENDS = ("blocked", "not_found", "too_old", "internal")


def said(state: OutboxState, reason: str | None = None) -> tuple[str, str]:
    """The sign and the text of words that stand so."""
    return delivered(Kept("out", "assistant", "Placeholder", AT, 1, delivery=state, reason=reason))


def test_each_way_in_which_words_do_not_arrive_has_a_sentence_of_its_own() -> None:
    texts = english(read_pack("serbia"))
    lines = {said(OutboxState.DEAD, reason) for reason in ENDS}
    assert {sign for sign, _ in lines} == {"✕"}
    assert len({texts[f"desk.{key}"].text for _, key in lines}) == len(ENDS)


def test_every_stand_and_every_reason_that_is_shown_has_words() -> None:
    texts = english(read_pack("serbia"))
    keys = {said(state, reason)[1] for state in OutboxState for reason in (*ENDS, "taken_back", None)}
    assert {f"desk.{key}" for key in keys} <= texts.keys()
    assert {f"desk.why.{reason}" for reason in WHYS} <= texts.keys()
