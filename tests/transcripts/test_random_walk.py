"""Whatever a person presses, types or forgets for days, in any language: the bot answers, and the answer is sound."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from bot.channels.arrivals import Words
from bot.world import PICKABLE, World
from flows.check import endings
from flows.model import FlowId, Profile
from i18n.locales import LOCALES
from tests.transcripts.routes import Route, Routes
from tests.transcripts.screen_rules import ScreenRules
from tests.transcripts.stage import Stage, shipped_world
from tests.transcripts.walker import Walker

STRANGERS = 5  # walks from /start in each language
TURNS = 100
FROM_A_STEP = 25  # turns of everybody who begins in the middle of a guide
EACH_STEP_IN = 3  # languages, by turns: all would take minutes


@pytest.fixture(scope="module")
def rules() -> ScreenRules:
    return ScreenRules(shipped_world())


@pytest.fixture(scope="module")
def routes() -> list[tuple[FlowId, Route]]:
    """Of every guide, the shortest way to each of its steps and the longest to each of its endings."""
    return list(ways_into(shipped_world()))


def ways_into(world: World) -> Iterator[tuple[FlowId, Route]]:
    for guide, flow in world.library.items():
        found = Routes(world.library, guide, Profile(country=world.pack.country, consent=True))
        for route in (*found.shortest().values(), *map(found.longest, endings(flow))):
            yield guide, route


def somebody(rules: ScreenRules, locale: str, seed: int) -> Walker:
    """Somebody with a phone in this language, at the language picker."""
    walker = Walker(rules, Stage(rules.world, {"phone": LOCALES[locale].tag}), Random(f"{locale} {seed}"))
    walker.says(Words("/start"))
    return walker


@pytest.mark.parametrize("locale", PICKABLE)
def test_whatever_a_stranger_does_is_answered_soundly(rules: ScreenRules, locale: str) -> None:
    for seed in range(STRANGERS):
        walker = somebody(rules, locale, seed)
        for _ in range(TURNS):
            walker.does_something()


@pytest.mark.parametrize("locale", PICKABLE)
def test_from_every_step_of_a_guide_all_that_people_do_is_answered_soundly(
    rules: ScreenRules, routes: list[tuple[FlowId, Route]], locale: str
) -> None:
    ours = PICKABLE.index(locale)
    for seed, (guide, route) in enumerate(routes):
        if (seed + ours) % len(PICKABLE) >= EACH_STEP_IN:
            continue
        walker = somebody(rules, locale, seed)
        walker.walks_into(guide, route)
        for _ in range(FROM_A_STEP):
            walker.does_something()
