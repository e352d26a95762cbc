"""The buttons that can stand below a notice."""

from __future__ import annotations

import pytest

from notices.buttons import Does, NotAButton, NoticeButton, checked, dump, load

LINK = NoticeButton(Does.LINK, "https://example.org/form?a=1", {"en": "Form", "ar": "الاستمارة"})


def test_buttons_come_back_as_they_were_stored() -> None:
    buttons = (LINK, NoticeButton(Does.GUIDE, "licence"), NoticeButton(Does.PERSON), NoticeButton(Does.RSVP))
    assert load(dump(buttons)) == buttons
    assert load("[]") == ()


@pytest.mark.parametrize(
    ("buttons", "why"),
    [
        ([LINK] * 4, "many"),
        ([NoticeButton(Does.LINK, "http://example.org")], "link"),
        ([NoticeButton(Does.LINK, "javascript:alert(1)")], "link"),
        ([NoticeButton(Does.LINK, "https://example.org@other.example")], "link"),
        ([NoticeButton(Does.LINK, "https://exаmple.org")], "link"),  # a Cyrillic letter
        ([NoticeButton(Does.LINK, "https://[")], "link"),
        ([NoticeButton(Does.GUIDE, "gone")], "guide"),
        ([NoticeButton(Does.RSVP)], "event"),
    ],
)
def test_what_leads_nowhere_or_elsewhere_is_refused(buttons: list[NoticeButton], why: str) -> None:
    with pytest.raises(NotAButton, match=why):
        checked(buttons, ["licence"], has_event=False)


def test_what_fits_is_let_through() -> None:
    buttons = (LINK, NoticeButton(Does.GUIDE, "licence"), NoticeButton(Does.RSVP))
    assert checked(buttons, ["licence"], has_event=True) == buttons
