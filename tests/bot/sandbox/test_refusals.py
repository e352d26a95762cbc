"""What Telegram refuses is refused here in its words; what a bot must not send is a violation on record."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.sandbox import shapes
from bot.sandbox.people import Person
from bot.sandbox.telegram import TelegramServer

Calling = Callable[..., Coroutine[Any, Any, dict[str, Any]]]
Passing = Callable[[timedelta], None]

CHAT = 1001
SMILE = "\N{SMILING FACE WITH OPEN MOUTH}"


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def button(data: str = "x", **more: object) -> dict[str, Any]:
    return {"text": "Label", "callback_data": data, **more}


def entity(offset: int, length: int) -> dict[str, Any]:
    return {"type": "bold", "offset": offset, "length": length}


ALLOWED: list[tuple[str, dict[str, Any]]] = [
    ("sendMessage", {"text": "a" * 4096}),
    ("sendMessage", {"text": f"{SMILE} bold", "entities": [entity(0, 2), entity(3, 4)]}),
    ("sendMessage", {"text": "a" * 100, "entities": [entity(n, 1) for n in range(100)]}),
    ("sendMessage", {"text": "a", "reply_markup": keyboard([button("ж" * 32)])}),
    ("sendMessage", {"text": "a", "reply_markup": keyboard(*[[button()] * 8] * 12, [button()] * 4)}),
    ("sendMessage", {"text": "a", "reply_markup": keyboard([{"text": "a", "copy_text": {"text": "a" * 256}}])}),
    ("sendMessage", {"text": "a", "reply_markup": keyboard([button(style="danger")])}),
    ("sendMessage", {"text": "a", "reply_markup": {"remove_keyboard": True}}),
    ("sendMessage", {"text": "a", "link_preview_options": {"is_disabled": True}, "protect_content": True}),
    ("sendPhoto", {"photo": "https://photos.example/1.jpg", "caption": "a" * 1024}),
]

FORBIDDEN: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {}, "text is required"),
    ("sendMessage", {"text": ["a"]}, "text is no String"),
    ("sendMessage", {"text": "a", "disable_notification": "perhaps"}, "disable_notification is no Boolean"),
    ("sendMessage", {"text": "a", "colour": "red"}, "colour is not a parameter of sendMessage"),
    ("sendMessage", {"text": "a", "reply_markup": None}, "reply_markup is no"),
    ("sendMessage", {"text": "a", "reply_markup": keyboard([button(colour=1)])}, "colour is not a field of Inline"),
    ("sendMessage", {"text": "a", "reply_markup": keyboard([{"callback_data": "a"}])}, r"\[0\]\[0\].text is required"),
    ("sendMessage", {"text": "a", "reply_markup": {"inline_keyboard": button()}}, "inline_keyboard is no array"),
    ("sendMessage", {"text": " \n"}, "message text is empty"),
    ("sendMessage", {"text": "a" * 4097}, "message is too long"),
    ("sendMessage", {"text": SMILE * 2049}, "message is too long"),
    ("sendMessage", {"text": "ж" * 16_385}, "text is too long"),
    ("sendMessage", {"text": "a", "entities": [entity(0, 2)]}, "outside the text"),
    ("sendMessage", {"text": "a", "entities": [entity(0, 0)]}, "is empty"),
    ("sendMessage", {"text": f"{SMILE} a", "entities": [entity(1, 2)]}, "cuts a UTF-16 pair"),
    ("sendMessage", {"text": "a" * 101, "entities": [entity(n, 1) for n in range(101)]}, "too many entities"),
    ("sendMessage", {"text": "a", "reply_markup": keyboard([button("")])}, "BUTTON_DATA_INVALID"),
    ("sendMessage", {"text": "a", "reply_markup": keyboard([button("ж" * 32 + "a")])}, "BUTTON_DATA_INVALID"),
    ("sendMessage", {"text": "a", "reply_markup": keyboard([{"text": "a"}])}, "exactly one action"),
    ("sendMessage", {"text": "a", "reply_markup": keyboard([button(url="https://a.example")])}, "exactly one action"),
    ("sendMessage", {"text": "a", "reply_markup": keyboard([button()] * 9)}, "more than 8 buttons in a row"),
    ("sendMessage", {"text": "a", "reply_markup": keyboard(*[[button()] * 8] * 13)}, "more than 100 buttons"),
    (
        "sendMessage",
        {"text": "a", "reply_markup": keyboard([{"text": "a", "copy_text": {"text": "a" * 257}}])},
        "BUTTON_COPY_TEXT_INVALID",
    ),
    ("sendMessage", {"text": "a", "parse_mode": "HTML"}, "parse_mode is not available in the sandbox"),
    ("sendPhoto", {"photo": "https://photos.example/1.jpg", "caption": "a" * 1025}, "caption is too long"),
    ("editMessageText", {"message_id": 1}, "message text is empty"),
    ("sendChatAction", {"action": "thinking"}, "wrong parameter action"),
    ("deleteMessages", {"message_ids": []}, "wrong number of message identifiers"),
]

FORBIDDEN_SETTINGS: list[tuple[str, dict[str, Any], str]] = [
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "a" * 201}, "MESSAGE_TOO_LONG"),
    ("setMyCommands", {"commands": [{"command": "Home", "description": "Go home"}]}, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "home", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ("setMyDescription", {"description": "a" * 513}, "description is too long"),
    ("setMyShortDescription", {"short_description": "a" * 121}, "short description is too long"),
    ("setWebhook", {"url": "http://bot.example/hook"}, "HTTPS URL must be provided"),
    ("setWebhook", {"url": "https://bot.example/hook", "secret_token": "with space"}, "secret token"),
    ("sendTelepathy", {}, "method not found"),
    ("sendPoll", {}, "method not available in the sandbox"),
]


@pytest.mark.parametrize(("method", "params"), ALLOWED)
async def test_a_call_at_the_limit_is_done(
    call: Calling, server: TelegramServer, person: Person, method: str, params: dict[str, Any]
) -> None:
    answer = await call(method, chat_id=person.id, **params)
    assert answer["ok"], answer
    assert server.violations == []


@pytest.mark.parametrize(
    ("method", "params", "reason"),
    [(method, {"chat_id": CHAT, **params}, reason) for method, params, reason in FORBIDDEN] + FORBIDDEN_SETTINGS,
)
@pytest.mark.usefixtures("person")
async def test_a_call_beyond_the_limit_is_refused_and_on_record(
    call: Calling, server: TelegramServer, method: str, params: dict[str, Any], reason: str
) -> None:
    answer = await call(method, **params)
    assert answer["error_code"] in (400, 404)
    [violation] = server.violations
    assert violation.method == method
    assert violation.what == answer["description"]
    assert re.search(reason, violation.what)


async def test_parameters_mean_the_same_in_query_form_and_json(server: TelegramServer, person: Person) -> None:
    params = {"chat_id": str(person.id), "text": "1", "disable_notification": "true", "entities": "[]"}
    url = f"{server.base_url}/bot{server.token}/sendMessage"
    async with aiohttp.ClientSession() as session:
        for given in ({"params": params}, {"data": params}, {"json": params}):
            async with session.post(url, **given) as answer:  # type: ignore[arg-type]
                assert answer.status == 200, await answer.text()
    assert [call.params for call in server.calls[-3:]] == [
        {"chat_id": person.id, "text": "1", "disable_notification": True, "entities": []}
    ] * 3


async def test_a_body_that_is_no_json_object_is_refused(server: TelegramServer) -> None:
    url = f"{server.base_url}/bot{server.token}/sendMessage"
    async with aiohttp.ClientSession(headers={"Content-Type": "application/json"}) as session:
        for body in ("{", "[]"):
            async with session.post(url, data=body) as answer:
                assert (await answer.json())["description"] == "Bad Request: can't parse JSON object"
    assert len(server.violations) == 2


async def test_a_field_unknown_to_the_second_opinion_is_named() -> None:
    strange = shapes.strange_fields({"reply_markup": keyboard([button(new_field=1)])})
    assert list(strange) == ["InlineKeyboardButton.new_field"]


async def test_nobody_can_be_written_to_who_has_not_written(call: Calling, server: TelegramServer) -> None:
    stranger = server.person(2002)
    refused = await call("sendMessage", chat_id=2002, text="hello")
    assert refused == {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}
    await stranger.starts()
    assert (await call("sendMessage", chat_id=2002, text="hello"))["ok"]
    assert server.violations == []


async def test_an_edit_is_refused_where_it_changes_nothing_or_finds_nothing(call: Calling, person: Person) -> None:
    written = await person.says("mine")
    sent = await call("sendMessage", chat_id=CHAT, text="yours", reply_markup=keyboard([button()]))
    number = sent["result"]["message_id"]

    async def edit(message_id: int, **params: object) -> str:
        answer = await call("editMessageText", chat_id=CHAT, message_id=message_id, **params)
        return str(answer.get("description", "done"))

    assert "message is not modified" in await edit(number, text="yours", reply_markup=keyboard([button()]))
    assert await edit(number, text="yours") == "done"
    assert person.messages[-1].buttons == (), "an edit without a keyboard takes it away"
    assert "message can't be edited" in await edit(written.message_id, text="not mine any more")
    assert "message to edit not found" in await edit(999, text="nothing")
    await call("deleteMessage", chat_id=CHAT, message_id=number)
    assert "message to edit not found" in await edit(number, text="gone")


async def test_a_keyboard_can_be_taken_away_alone(call: Calling, person: Person) -> None:
    sent = await call("sendMessage", chat_id=CHAT, text="hello", reply_markup=keyboard([button()]))
    number = sent["result"]["message_id"]
    assert (await call("editMessageReplyMarkup", chat_id=CHAT, message_id=number))["ok"]
    again = await call("editMessageReplyMarkup", chat_id=CHAT, message_id=number)
    assert "message is not modified" in again["description"]
    assert (person.messages[-1].text, person.messages[-1].buttons) == ("hello", ())


async def test_messages_are_deleted_for_48_hours(call: Calling, person: Person, passes: Passing) -> None:
    numbers = [(await person.says(str(n))).message_id for n in range(2)]
    sent = await call("sendMessage", chat_id=CHAT, text="hello")
    assert (await call("deleteMessages", chat_id=CHAT, message_ids=[numbers[0], 999]))["result"] is True
    twice = await call("deleteMessage", chat_id=CHAT, message_id=numbers[0])
    assert twice["description"] == "Bad Request: message to delete not found"
    passes(timedelta(hours=48))
    late = await call("deleteMessage", chat_id=CHAT, message_id=sent["result"]["message_id"])
    assert late["description"] == "Bad Request: message can't be deleted for everyone"


async def test_an_unknown_file_is_refused(call: Calling, person: Person) -> None:
    refused = await call("sendPhoto", chat_id=person.id, photo="no-such-file")
    assert "wrong file identifier" in refused["description"]
    assert "invalid file_id" in (await call("getFile", file_id="no-such-file"))["description"]


async def test_more_than_the_rate_in_any_second_is_put_off(passes: Passing, clock: Any) -> None:
    async with (
        TelegramServer(clock=lambda: clock.now, ticks=clock.ticks, rate=30) as server,
        aiohttp.ClientSession() as session,
    ):
        await server.person(CHAT).starts()

        async def send() -> int:
            url = f"{server.base_url}/bot{server.token}/sendMessage"
            async with session.post(url, json={"chat_id": CHAT, "text": "hello"}) as answer:
                body = await answer.json()
                if answer.status == 429:
                    assert body["parameters"] == {"retry_after": 1}
                return answer.status

        assert [await send() for _ in range(31)] == [200] * 30 + [429]
        passes(timedelta(milliseconds=999))
        assert await send() == 429
        passes(timedelta(milliseconds=1))
        assert [await send() for _ in range(31)] == [200] * 30 + [429]


async def test_both_ways_of_writing_an_answer_give_the_same(person: Person, call: Calling, clock: Any) -> None:
    sends: list[tuple[str, dict[str, Any]]] = [
        ("sendMessage", {"text": "a b", "entities": [entity(0, 1)], "reply_markup": keyboard([button()])}),
        ("sendVenue", {"latitude": 44.8, "longitude": 20.4, "title": "An office", "address": "A street 1"}),
        ("sendLocation", {"latitude": 44.8, "longitude": 20.4}),
        ("sendPhoto", {"photo": "https://photos.example/1.jpg", "caption": "a", "caption_entities": [entity(0, 1)]}),
        ("sendVoice", {"voice": "https://voices.example/1.ogg", "duration": 3}),
        ("sendDocument", {"document": "https://papers.example/1.pdf"}),
        ("editMessageText", {"message_id": 2, "text": "c"}),
    ]
    async with (
        TelegramServer(clock=lambda: clock.now, ticks=clock.ticks, strict=False) as lean,
        aiohttp.ClientSession() as session,
    ):
        await lean.person(CHAT, language_code="fa").starts()
        for method, params in sends:
            url = f"{lean.base_url}/bot{lean.token}/{method}"
            async with session.post(url, json={"chat_id": CHAT, **params}) as answer:
                assert await call(method, chat_id=person.id, **params) == await answer.json()
