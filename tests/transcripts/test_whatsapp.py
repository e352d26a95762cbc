"""W8 along the ways that people walk: a way to every wait and ending of every guide, in every language, on WhatsApp."""

from __future__ import annotations

from functools import partial

import pytest

from bot.channels.arrivals import Press
from bot.channels.outgoing import Outgoing
from bot.channels.whatsapp import render
from bot.sandbox.whatsapp_limits import breaches
from bot.testing import FakeClock, Talk
from bot.world import PICKABLE, World
from flows.model import FlowId, Profile
from tests.transcripts.routes import Routes
from tests.transcripts.stage import COUNTRY, shipped_world


def sent(world: World, out: Outgoing) -> render.Json:
    say = partial(lambda locale, key: world.catalog.text(locale, key).string, out.locale)
    return render.recipient("381601") | render.message(out, say)


def button(out: Outgoing, act: str, choice: str = "") -> Press:
    """The button of the newest message that does this, found by what it carries: its words differ by language."""
    found = [one.data for row in out.rows for one in row if one.data.split(".")[0] == act and f".{choice}" in one.data]
    return Press(found[0])


@pytest.mark.parametrize("locale", PICKABLE)
def test_w8_every_way_through_every_guide_is_shown_with_buttons(locale: str) -> None:
    world = shipped_world()
    messages = 0
    for guide in world.guides:
        routes = Routes(world.library, FlowId(guide), Profile(country=COUNTRY, language=locale)).shortest()
        for route in routes.values():
            talk = Talk(world, FakeClock(), channel="whatsapp")
            shown = talk.opens(guide, locale)
            for act, choice in (("s", ""), *(("a", f"{choice}.") for choice in route), ("", "")):
                for out in shown:
                    message = sent(world, out)
                    assert list(breaches(message)) == [], f"{guide} in {locale}, before {act} {choice}"
                    assert message["type"] == "interactive", f"{guide} in {locale}, before {act} {choice}"
                    messages += 1
                if act and talk.shown is not None:
                    shown = talk.says(button(talk.shown, act, choice))
    assert messages > 300
