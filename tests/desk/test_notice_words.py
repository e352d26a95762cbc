"""Everything that a page of notices can say about a closed set has words: states, reasons, what stands in the way."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pytest

from bot.loading import read_pack
from content.texts import english
from desk.console.notice_forms import REFUSALS
from desk.switches import SWITCHES
from notices.audience import Left
from notices.buttons import Does
from notices.drafts import Choice, Doubt, Hindrance
from notices.later import PASSING, Spared
from notices.lifecycle import Category, Kind, State
from notices.plan import Every
from storage import copies
from storage.notice_rows import Fate

#: Why a copy is held or was ended by us.
OURS = (copies.PAUSED, copies.STOPPED, copies.WITHDRAWN, copies.OVER, copies.NEVER_SENT)


@pytest.fixture(scope="module")
def texts() -> Collection[str]:
    """The keys of all texts."""
    return english(read_pack("serbia")).keys()


@pytest.mark.parametrize(
    ("section", "prefix", "values"),
    [
        ("notices_state", "", State),
        ("notices_kind", "", Kind),
        ("notices_category", "", Category),
        ("notices_left", "", Left),
        ("notices_way", "", Hindrance),
        ("notices_think", "", Doubt),
        ("notices_result", "", Fate),
        ("notices_text", "choice_", Choice),
        ("notices_text", "state_", ("tested", "written", "outdated", "missing", "none", *Choice)),
        ("notices_about", "does_", Does),
        ("notices_when", "every_", ("once", *filter(None, Every))),
        ("notices_fault", "", [key.partition(".")[2] for _, key in REFUSALS.values()]),
        ("notices_fault", "button_", ("many", "link", "guide", "event")),
        ("notices_po", "", ("no_file", "other_notice", "other_source", "empty", "marks")),
        ("why", "", [*Left, *Spared, *PASSING, *OURS]),
        *(("service", f"{name}_", ("explain", "on", "off", "begin", "end")) for name in SWITCHES),
    ],
)
def test_each_member_of_a_closed_set_has_words(
    texts: Collection[str], section: str, prefix: str, values: Iterable[str]
) -> None:
    wanted = [f"desk.{section}.{prefix}{value}" for value in values]
    assert [key for key in wanted if key not in texts] == []
