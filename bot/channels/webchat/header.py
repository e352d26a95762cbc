"""What stands round the messages on the chat page, in the person's language."""

from __future__ import annotations

from typing import Any

from bot import screens
from bot.actions import Act, Action, sign
from bot.cards import Msg
from bot.channels.webchat.cookies import Look
from bot.channels.webchat.door import LONGEST_WORDS
from bot.channels.webchat.screen import Choice, View
from bot.compose import Composer
from bot.world import World
from i18n.locales import LOCALES

MONDAY_TO_FRIDAY = [1, 2, 3, 4, 5]
URGENT_WORD = "/urgent"

#: Texts of the page, by the names that the template uses: those of the `page` section of content/texts/bot.yaml.
PLAIN = (
    "type", "send", "you", "quick_exit", "reload", "robot", "more", "clear", "bigger", "smaller", "shared",
    "not_shared", "shared_on", "code_make", "code_enter", "code_alone", "code_go", "code_keep", "code_copy",
    "code_copied", "sending", "offline", "again", "guides", "not_sent",
)  # fmt: skip


def texts(view: View) -> dict[str, str]:
    """Every text of the page in its language, by name."""
    composer, world = Composer(view.world, view.locale), view.world
    bot = screens.bot_name(world)
    name = composer.say(bot) if isinstance(bot, Msg) else bot
    said = {key: composer.say(Msg(f"bot.page.{key}")) for key in PLAIN}
    icons = world.pack.icons
    return said | {
        "bot": name,
        "title": composer.say(Msg("bot.page.title", {"bot": name})),
        "hours": hours(world, composer),
        "reduced": composer.say(Msg("bot.home.reduced")) if world.pack.service.reduced else "",
        "urgent": f"{icons['urgent']} {composer.say(Msg('bot.home.urgent'))}",
        "language": f"{icons['language']} {composer.say(Msg('bot.home.language'))}",
    }


def hours(world: World, composer: Composer) -> str:
    """When people answer; the days are named where they are the usual ones."""
    when = world.pack.hours
    clock = {"opens": f"{when.opens:%H:%M}", "closes": f"{when.closes:%H:%M}"}
    usual = sorted(when.weekdays) == MONDAY_TO_FRIDAY
    return composer.say(Msg("bot.request.weekdays" if usual else "bot.page.clock", clock))


def absolute(view: View, act: Act) -> Choice | None:
    """A button that works at any time; None where there is no address yet, or no more, that it could be signed for."""
    if view.visitor is None or view.visitor.parting:
        return None
    data = sign(Action(act), view.world.button_key, view.visitor.address_id)
    return Choice(label="", field="press", value=data)


def urgent(view: View) -> Choice:
    """A press leaves no words of ours in the person's mouth; who has no address says the word."""
    return absolute(view, Act.URGENT) or Choice(label="", field="words", value=URGENT_WORD)


def template(view: View, look: Look, exit_url: str) -> dict[str, Any]:
    """The template's values, but for the form's number and a notice."""
    return {
        "screen": view.screen,
        "tag": LOCALES[view.locale].tag,
        "look": look,
        "text": texts(view),
        "urgent": urgent(view),
        "language": absolute(view, Act.LANGUAGES),
        "exit_address": exit_url,
        "longest": LONGEST_WORDS,
        "draft": "",
        "notice": "",
        "code": "",
        "opening": None,
    }
