"""The border to python-telegram-bot, whose authors wrote the shapes of what goes over the wire independently of us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from telegram import InlineKeyboardMarkup, Message, MessageEntity, TelegramObject

from bot.sandbox.spec import Json

NEVER_FALSE = frozenset({"channel_chat_created", "delete_chat_photo", "group_chat_created", "supergroup_chat_created"})
"""Fields that python-telegram-bot writes as false; Telegram sends true or leaves them out."""


def as_json(thing: TelegramObject) -> dict[str, Json]:
    """The object as Telegram would send it."""
    cleaned: dict[str, Json] = _clean(thing.to_dict())
    return cleaned


def _clean(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items() if key not in NEVER_FALSE}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return value


def rewritten(message: Mapping[str, Json]) -> dict[str, Json]:
    """A message of the bot, read and written again by python-telegram-bot; what it does not know is an error."""
    read = Message.de_json(dict(message), None)
    if read.api_kwargs:
        raise ValueError(f"python-telegram-bot knows no {', '.join(read.api_kwargs)} in a message")
    return as_json(read)


def strange_fields(params: Mapping[str, Json]) -> Iterator[str]:
    """Fields of keyboard and entities that python-telegram-bot does not know either."""
    markup = params.get("reply_markup", {})
    if "inline_keyboard" in markup:
        yield from unexplained(InlineKeyboardMarkup.de_json(markup, None))
    for name in ("entities", "caption_entities"):
        yield from unexplained(MessageEntity.de_list(params.get(name, []), None))


def unexplained(thing: object) -> Iterator[str]:
    """The names that were left over when python-telegram-bot read the object, at any depth."""
    if isinstance(thing, TelegramObject):
        yield from (f"{type(thing).__name__}.{name}" for name in thing.api_kwargs)
        for kind in type(thing).__mro__:
            for name in getattr(kind, "__slots__", ()):
                if not name.startswith("_"):
                    yield from unexplained(getattr(thing, name))
    elif isinstance(thing, tuple | list):
        for item in thing:
            yield from unexplained(item)
