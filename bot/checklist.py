"""The papers of a guide as a list to tick: one message, edited in place. Ticks are kept only after OK to saving.

A button says the end state ("this paper is ready"), so it may be pressed again for ever, from an old message too.
Papers go by their ids: an edited guide keeps the ticks.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot import step_cards, walking
from bot.exchange import Exchange
from bot.state import Place
from content.schema import Guide
from i18n.fold import number

_BETWEEN = re.compile(r"[\s,،;؛+&]+")  # what people put between numbers


def show(exchange: Exchange, guide_id: str, *, edits: bool = False) -> None:
    """The checklist of a guide. edits: in the message in which it stood before."""
    guide = exchange.world.guide(guide_id)
    if guide is None:
        walking.open_intro(exchange, guide_id)
        return
    begun = any(run.flow == guide.id for run in exchange.state.session.runs[:1])
    ready = exchange.memory.ticked(guide.id) if exchange.saves else None
    card = step_cards.papers(guide, ready, begun=begun)
    exchange.show(replace(card, edits=edits), Place.PAPERS, guide=guide.id)


def tick(exchange: Exchange, args: tuple[str, ...]) -> None:
    """Bring a paper into the state that the button names, and show the list."""
    guide_id, paper, ready = args
    guide = exchange.world.guide(guide_id)
    if guide is not None and exchange.saves and paper in _ids(guide):
        exchange.memory.tick(guide_id, paper, ready=ready == "1")
    show(exchange, guide_id, edits=True)


def typed(exchange: Exchange, words: str) -> bool:
    """Turn the papers whose numbers were typed ("1 3 5") on the list; whether that is what was typed."""
    guide = exchange.world.guide(exchange.state.guide)
    if exchange.state.place is not Place.PAPERS or guide is None:
        return False
    numbers = {number(word) for word in _BETWEEN.split(words.strip())}
    ids = _ids(guide)
    chosen = [id for position, id in enumerate(ids, 1) if position in numbers]
    if len(chosen) != len(numbers):
        return False
    if exchange.saves:
        ready = exchange.memory.ticked(guide.id)
        for paper in chosen:
            exchange.memory.tick(guide.id, paper, ready=paper not in ready)
    show(exchange, guide.id)
    return True


def _ids(guide: Guide) -> list[str]:
    return [paper.id for paper in guide.papers]
