"""How the bot introduces itself in Telegram: its commands and descriptions in the phone's language.

Only what differs from what stands there is set, so that a restart costs a few questions and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.cards import Msg
from bot.channels.telegram.api import Calls
from bot.compose import Composer
from bot.world import World
from i18n.locales import negotiate

#: In the order of the menu; each is a word of content/commands.yaml, told by bot.telegram.command_<name>.
COMMANDS = (
    "menu", "person", "urgent", "language", "news", "events", "requests", "reminders", "phrases",
    "people", "link", "recovery", "data", "privacy", "clear", "stop", "delete",
)  # fmt: skip
SOURCE = "en"  # for phones whose language we lack
PRIVATE = {"type": "all_private_chats"}  # in a group the bot has one line to say, and no menu
MENU = {"type": "commands"}


async def describe(api: Calls, world: World) -> None:
    """Bring commands, descriptions and the menu button up to date. Raises Refusal or SendError."""
    for code, locale in audiences(world.pickable):
        composer, language = Composer(world, locale), {"language_code": code} if code else {}
        commands = [{"command": name, "description": _say(composer, f"command_{name}")} for name in COMMANDS]
        await _update(api, "MyCommands", {"scope": PRIVATE, **language}, {"commands": commands})
        await _update(api, "MyDescription", language, {"description": _say(composer, "description")})
        await _update(api, "MyShortDescription", language, {"short_description": _say(composer, "short")})
    if (await api.call("getChatMenuButton", {})).get("type") != MENU["type"]:
        await api.call("setChatMenuButton", {"menu_button": MENU})


def audiences(pickable: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """(Telegram's two-letter code, the locale that such a phone reads); "" is for phones of all other languages."""
    yield "", SOURCE
    for code in dict.fromkeys(locale.split("_")[0] for locale in pickable):
        locale = negotiate(code, pickable)
        if locale is not None and code != SOURCE:
            yield code, locale


async def _update(api: Calls, what: str, whom: dict[str, Any], wanted: dict[str, Any]) -> None:
    stands = await api.call(f"get{what}", whom)
    if stands not in (wanted, wanted.get("commands")):
        await api.call(f"set{what}", whom | wanted)


def _say(composer: Composer, name: str) -> str:
    return composer.say(Msg(f"bot.telegram.{name}"))
