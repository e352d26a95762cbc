"""A link opens one guide or one step, in one language if it says so, and never names a person."""

from __future__ import annotations

import pytest

from bot.links import Link, read
from bot.loading import build_world, read_pack
from bot.settings import Settings
from bot.world import World


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(Settings(), read_pack("serbia"), {}, b"k" * 32)


@pytest.mark.parametrize(
    ("payload", "link"),
    [
        ("driving-licence", Link("driving-licence")),
        ("driving-licence-ar", Link("driving-licence", language="ar")),
        ("driving-licence.medical", Link("driving-licence", "medical")),
        ("driving-licence-fear-wait-prs", Link("driving-licence", "fear-wait", "fa_AF")),
        ("driving-licence-medical-sr-Cyrl", Link("driving-licence", "medical", "sr_Cyrl")),
        ("driving-licence-nothing-like-it", None),
        ("driving", None),
        ("", None),
        ("'; drop table request --", None),
    ],
)
def test_a_payload_is_read(world: World, payload: str, link: Link | None) -> None:
    assert read(payload, world) == link
