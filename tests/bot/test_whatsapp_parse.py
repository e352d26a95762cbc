"""W4, W5, W6: what bodies of WhatsApp become, all cases re-created in our own words; nothing is dropped."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.arrivals import Attachment, Changed, Content, Inbound, Media, MediaKind, Press, Unreadable, Words
from bot.channels.whatsapp.parse import NOBODY, Batch, parse
from storage.deliveries import Delivery, Told

ACCOUNT = "1000"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SECONDS = int(NOW.timestamp()) - 60


def body(*values: dict[str, Any], number: str = ACCOUNT) -> dict[str, Any]:
    metadata = {"display_phone_number": "000", "phone_number_id": number}
    changes = [{"field": "messages", "value": {"metadata": metadata, **value}} for value in values]
    return {"object": "whatsapp_business_account", "entry": [{"id": "2000", "changes": changes}]}


def message(kind: str, part: object, n: int = 1, **more: object) -> dict[str, Any]:
    return {"id": f"wamid.{n}", "from": "381", "timestamp": str(SECONDS), "type": kind, kind: part} | more


def read(*values: dict[str, Any], number: str = ACCOUNT) -> Batch:
    return parse(body(*values, number=number), ACCOUNT, NOW, "digest")


def only(item: dict[str, Any], **beside: object) -> Inbound:
    (arrival,) = read({"messages": [item], **beside}).arrivals
    return arrival


REPLY = {"id": "h.1~x", "title": "t"}
OGG = {"id": "m1", "mime_type": "audio/ogg; codecs=opus", "sha256": "x", "voice": True}


@pytest.mark.parametrize(
    ("item", "content"),
    [
        (message("text", {"body": "سلام"}), Words("سلام")),
        (message("text", {"body": "a"}, context={"forwarded": True}), Words("a", forwarded=True)),
        (message("text", {"body": "a"}, context={"frequently_forwarded": True}), Words("a", forwarded=True)),
        (message("text", {"body": "a"}, context={"from": "1", "id": "wamid.0"}), Words("a")),
        (message("text", {"body": "a"}, referral={"source_url": "x"}), Words("a")),
        (message("button", {"payload": "p", "text": "Yes"}), Words("Yes")),
        (message("interactive", {"type": "button_reply", "button_reply": REPLY}), Press("h.1~x")),
        (message("interactive", {"type": "list_reply", "list_reply": REPLY}), Press("h.1~x")),
        (message("interactive", {"type": "nfm_reply", "nfm_reply": {}}), Media(MediaKind.OTHER)),
        (message("audio", OGG), Media(MediaKind.VOICE, file=Attachment("m1", None, "audio/ogg"))),
        (
            message("image", {"id": "m2", "mime_type": "image/jpeg", "caption": "paper"}),
            Media(MediaKind.PHOTO, "paper", file=Attachment("m2", None, "image/jpeg")),
        ),
        (
            message("document", {"id": "m3", "mime_type": "application/pdf", "filename": "name.pdf"}),
            Media(MediaKind.FILE, file=Attachment("m3", None, "application/pdf")),
        ),
        (
            message("video", {"id": "m4", "mime_type": "video/mp4"}),
            Media(MediaKind.VIDEO, file=Attachment("m4", None, "video/mp4")),
        ),
        (message("sticker", {"id": "m5", "mime_type": "image/webp", "animated": False}), Media(MediaKind.STICKER)),
        (message("reaction", {"message_id": "wamid.0", "emoji": "👍"}), Media(MediaKind.STICKER)),
        (message("reaction", {"message_id": "wamid.0"}), Media(MediaKind.STICKER)),
        (message("location", {"latitude": 44.8, "longitude": 20.4}), Media(MediaKind.PLACE, place=(44.8, 20.4))),
        (message("location", {"latitude": 944.8, "longitude": 20.4}), Media(MediaKind.PLACE)),
        (message("contacts", [{"name": {"formatted_name": "x"}, "phones": []}]), Media(MediaKind.CONTACT)),
        (message("order", {"catalog_id": "1", "product_items": []}), Media(MediaKind.OTHER)),
        (message("unsupported", None, errors=[{"code": 131051}]), Media(MediaKind.OTHER)),
        (message("unknown", None), Media(MediaKind.OTHER)),
        (message("poll_of_tomorrow", {"x": 1}), Media(MediaKind.OTHER)),
        (message("request_welcome", None), Words("/start")),
        (message("system", {"type": "user_changed_number", "body": "x", "wa_id": "382"}), Changed("382")),
        (message("system", {"type": "customer_identity_changed", "body": "x", "identity": "y"}), Changed()),
        (message("system", {"type": "something_new", "body": "x"}), Unreadable()),
    ],
)  # fmt: skip
def test_w5_every_kind_of_message_is_read(item: dict[str, Any], content: Content) -> None:
    arrival = only(item)
    assert arrival.content == content
    assert (arrival.opaque_id, arrival.external_id, arrival.message_id) == ("381", "m:wamid.1", "wamid.1")


@pytest.mark.parametrize("stamp", [str(SECONDS), SECONDS, str(SECONDS * 1000), SECONDS * 1000])
def test_w5_seconds_and_milliseconds_are_the_same_time(stamp: object) -> None:
    assert only(message("text", {"body": "a"}, timestamp=stamp)).received_at.timestamp() == SECONDS


def test_a_message_is_never_from_the_future() -> None:
    assert only(message("text", {"body": "a"}, timestamp=str(SECONDS + 10_000))).received_at == NOW


@pytest.mark.parametrize(
    ("who", "contacts", "found"),
    [
        ({"from": "381", "from_user_id": "RS.AbC1"}, [], "381"),
        ({"from_user_id": "RS.AbC1"}, [], "RS.AbC1"),
        ({"from": "", "from_user_id": "RS.AbC1"}, [], "RS.AbC1"),
        ({}, [{"wa_id": "381", "user_id": "RS.AbC1"}], "381"),
        ({}, [{"user_id": "RS.AbC1", "profile": {"name": "x"}}], "RS.AbC1"),
    ],
)
def test_w5_people_without_a_number_are_known_by_the_id_that_whatsapp_made(
    who: dict[str, str], contacts: list[dict[str, object]], found: str
) -> None:
    item = {name: value for name, value in message("text", {"body": "a"}).items() if name != "from"} | who
    assert only(item, contacts=contacts).opaque_id == found


def test_w6_what_another_number_of_the_business_got_is_not_ours() -> None:
    assert read({"messages": [message("text", {"body": "a"})]}, number="999") == Batch((), ())
    status = {"id": "wamid.9", "status": "sent", "biz_opaque_callback_data": "7"}
    assert read({"statuses": [status]}, number="999") == Batch((), ())


def test_w4_five_bad_ones_of_each_spoil_nothing_beside_them() -> None:
    bad_messages: list[Any] = [None, 5, {}, {"id": "wamid.x"}, message("text", "no object", 99)]
    of_ours = {"biz_opaque_callback_data": "1"}
    bad_statuses: list[Any] = [
        None,
        "x",
        {},
        {"status": [], **of_ours},
        {"status": "failed", "errors": [{}], **of_ours},
    ]
    messages = [message("text", {"body": "a"}, n) for n in range(45)]
    statuses = [{"id": f"w{n}", "status": "sent", "biz_opaque_callback_data": str(n + 1)} for n in range(45)]
    mixed = {"messages": [*bad_messages, *messages], "statuses": [*statuses, *bad_statuses]}
    batch = read(mixed)
    readable = [arrival for arrival in batch.arrivals if arrival.content != Unreadable()]
    assert (len(readable), len(batch.news), len(batch.arrivals)) == (45, 45, 55)
    unread = [arrival for arrival in batch.arrivals if arrival.content == Unreadable()]
    assert len({arrival.external_id for arrival in unread}) == 10
    assert {arrival.opaque_id for arrival in unread} == {NOBODY}
    assert batch == read(mixed), "the same body is the same arrivals"


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ({"status": "sent"}, Told("whatsapp", ACCOUNT, 7, Delivery.SENT)),
        ({"status": "delivered"}, Told("whatsapp", ACCOUNT, 7, Delivery.DELIVERED)),
        ({"status": "read"}, Told("whatsapp", ACCOUNT, 7, Delivery.READ)),
        ({"status": "played"}, Told("whatsapp", ACCOUNT, 7, Delivery.READ)),
        ({"status": "failed"}, Told("whatsapp", ACCOUNT, 7, Delivery.FAILED, "refused_0")),
        (
            {"status": "failed", "errors": [{"code": 131026}]},
            Told("whatsapp", ACCOUNT, 7, Delivery.FAILED, "undeliverable", gone=True),
        ),
        (
            {"status": "failed", "errors": [{"code": 131047}]},
            Told("whatsapp", ACCOUNT, 7, Delivery.FAILED, "needs_template"),
        ),
    ],
)
def test_a_status_tells_of_the_row_that_it_names(status: dict[str, Any], told: Told) -> None:
    assert read({"statuses": [{"id": "w", "biz_opaque_callback_data": "7", **status}]}).news == (told,)


@pytest.mark.parametrize("mark", [None, "", "x", "-1", "1.5", "٧", "9" * 19])
def test_a_status_of_nothing_of_ours_changes_nothing(mark: object) -> None:
    status = {"id": "w", "status": "sent", **({} if mark is None else {"biz_opaque_callback_data": mark})}
    assert read({"statuses": [status, {**status, "status": "warning"}]}) == Batch((), ())
