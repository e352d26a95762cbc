"""What WhatsApp's Cloud API takes in a message, and its limits.

Source: Meta's OpenAPI description of the Cloud API, version 23.0 (github.com/facebook/openapi, MIT), schemas
TextMessage, InteractiveMessage, ActionObject, SectionObject, TemplateObject, and the media messages. It sets no limit
to a text and lacks `cta_url` and `recipient` (people without a visible number); these follow Meta's pages. Lengths are
counted in UTF-16 units: whoever keeps to these keeps to characters too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import Any, TypeAlias

from bot.sandbox.whatsapp_errors import Code

Json: TypeAlias = Any  # what came over the wire: anything that JSON has
Breach = tuple[Code, str]

TEXT, BODY, CAPTION, HEADER, FOOTER = 4096, 1024, 1024, 60, 60
BUTTONS, BUTTON_TITLE, BUTTON_ID = 3, 20, 256
ROWS, ROW_ID, ROW_TITLE, ROW_ABOUT, SECTIONS, SECTION_TITLE, OPENER = 10, 200, 24, 72, 10, 24, 20
LINK_TITLE, OPAQUE, TEMPLATE_NAME = 20, 512, 512

ENVELOPE = frozenset(
    {"messaging_product", "recipient_type", "to", "recipient", "type", "context", "biz_opaque_callback_data"}
)


def breaches(message: Mapping[str, Json]) -> Iterator[Breach]:
    """Everything that is wrong with a message, each with the code that Meta answers."""
    kind = message.get("type", "text")
    check = CHECKS.get(kind)
    if message.get("messaging_product") != "whatsapp":
        yield Code.MISSING, "messaging_product must be whatsapp"
    if check is None:
        yield Code.INVALID, f"type {kind} is not available in the sandbox"
        return
    if strange := message.keys() - ENVELOPE - {kind}:
        yield Code.INVALID, f"unknown keys: {', '.join(sorted(strange))}"
    if len(message.get("biz_opaque_callback_data", "")) > OPAQUE:
        yield Code.INVALID, "biz_opaque_callback_data is too long"
    part = message.get(kind)
    if not isinstance(part, Mapping):
        yield Code.MISSING, f"{kind} is missing"
        return
    yield from check(part)


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _said(what: str, text: Json, most: int) -> Iterator[Breach]:
    """A text that must be there, not longer than `most`."""
    if not isinstance(text, str) or not text.strip():
        yield Code.MISSING, f"{what} is empty"
    elif units(text) > most:
        yield Code.INVALID, f"{what} is longer than {most}: {units(text)}"


def _in_text(text: Mapping[str, Json]) -> Iterator[Breach]:
    if strange := text.keys() - {"body", "preview_url"}:
        yield Code.INVALID, f"unknown keys in text: {', '.join(sorted(strange))}"
    yield from _said("text body", text.get("body"), TEXT)


def _in_interactive(part: Mapping[str, Json]) -> Iterator[Breach]:
    if strange := part.keys() - {"type", "header", "body", "footer", "action"}:
        yield Code.INVALID, f"unknown keys in interactive: {', '.join(sorted(strange))}"
    yield from _said("interactive body", part.get("body", {}).get("text"), BODY)
    if "header" in part:
        yield from _said("header", part["header"].get("text"), HEADER)
    if "footer" in part:
        yield from _said("footer", part["footer"].get("text"), FOOTER)
    action = part.get("action", {})
    match part.get("type"):
        case "button":
            yield from _in_buttons(action.get("buttons", []))
        case "list":
            yield from _in_list(action)
        case "cta_url":
            yield from _in_link(action)
        case other:
            yield Code.INVALID, f"interactive type {other} is not available in the sandbox"


def _in_buttons(buttons: Sequence[Mapping[str, Json]]) -> Iterator[Breach]:
    if not 1 <= len(buttons) <= BUTTONS:
        yield Code.INVALID, f"{len(buttons)} reply buttons"
    replies = [button.get("reply", {}) for button in buttons]
    if any(button.get("type") != "reply" for button in buttons):
        yield Code.INVALID, "a button is a reply"
    for reply in replies:
        yield from _said("button title", reply.get("title"), BUTTON_TITLE)
        yield from _said("button id", reply.get("id"), BUTTON_ID)
    yield from _unique("button", replies)


def _in_list(action: Mapping[str, Json]) -> Iterator[Breach]:
    yield from _said("list button", action.get("button"), OPENER)
    sections = action.get("sections", [])
    if not 1 <= len(sections) <= SECTIONS:
        yield Code.INVALID, f"{len(sections)} sections"
    rows = [row for section in sections for row in section.get("rows", [])]
    if not 1 <= len(rows) <= ROWS:
        yield Code.INVALID, f"{len(rows)} list rows"
    for section in sections:
        if "title" in section or len(sections) > 1:
            yield from _said("section title", section.get("title"), SECTION_TITLE)
    for row in rows:
        if strange := row.keys() - {"id", "title", "description"}:
            yield Code.INVALID, f"unknown keys in a row: {', '.join(sorted(strange))}"
        yield from _said("row title", row.get("title"), ROW_TITLE)
        yield from _said("row id", row.get("id"), ROW_ID)
        if "description" in row:
            yield from _said("row description", row["description"], ROW_ABOUT)
    yield from _unique("row", rows, titles=False)


def _unique(what: str, items: Sequence[Mapping[str, Json]], *, titles: bool = True) -> Iterator[Breach]:
    for name in ("id", "title") if titles else ("id",):
        if len({item.get(name) for item in items}) < len(items):
            yield Code.INVALID, f"two of the same {what} {name}"


def _in_link(action: Mapping[str, Json]) -> Iterator[Breach]:
    parameters = action.get("parameters", {})
    if action.get("name") != "cta_url" or not str(parameters.get("url", "")).startswith(("https://", "http://")):
        yield Code.INVALID, "a link button needs a name and an address"
    yield from _said("link button", parameters.get("display_text"), LINK_TITLE)


def _in_document(part: Mapping[str, Json]) -> Iterator[Breach]:
    yield from _uploaded("document", part, {"id", "link", "caption", "filename"})


def _in_image(part: Mapping[str, Json]) -> Iterator[Breach]:
    yield from _uploaded("image", part, {"id", "link", "caption"})


def _in_audio(part: Mapping[str, Json]) -> Iterator[Breach]:
    yield from _uploaded("audio", part, {"id", "link", "voice"})


def _uploaded(kind: str, part: Mapping[str, Json], known: Set[str]) -> Iterator[Breach]:
    if strange := part.keys() - known:
        yield Code.INVALID, f"unknown keys in {kind}: {', '.join(sorted(strange))}"
    if ("id" in part) == ("link" in part):
        yield Code.INVALID, f"{kind} has either an id or a link"
    if "caption" in part:
        yield from _said("caption", part["caption"], CAPTION)


def _in_location(part: Mapping[str, Json]) -> Iterator[Breach]:
    if strange := part.keys() - {"latitude", "longitude", "name", "address"}:
        yield Code.INVALID, f"unknown keys in location: {', '.join(sorted(strange))}"
    if not all(isinstance(part.get(name), int | float) for name in ("latitude", "longitude")):
        yield Code.INVALID, "a location needs its degrees"


def _in_template(part: Mapping[str, Json]) -> Iterator[Breach]:
    yield from _said("template name", part.get("name"), TEMPLATE_NAME)
    yield from _said("template language", part.get("language", {}).get("code"), TEMPLATE_NAME)


CHECKS: Mapping[str, Callable[[Mapping[str, Json]], Iterator[Breach]]] = {
    "text": _in_text,
    "interactive": _in_interactive,
    "document": _in_document,
    "image": _in_image,
    "audio": _in_audio,
    "location": _in_location,
    "template": _in_template,
}
