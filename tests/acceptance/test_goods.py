"""Goods or money on the page: questions that nobody must answer, few readers, and a decision that is told (U42)."""

from __future__ import annotations

from bot.house import House
from tests.acceptance.colleagues import sign_in
from tests.acceptance.houses import browser, stored
from tests.acceptance.pages import Visitor
from tests.acceptance.walks import plain


async def test_a_wish_for_things_has_a_short_form_few_readers_and_an_answer(quiet_house: House, site: str) -> None:
    async with (
        browser(site) as chat,
        sign_in(quiet_house, site, "assistant A") as other,
        sign_in(quiet_house, site, "protection", "protection") as carer,
    ):
        visitor = Visitor(chat)
        await visitor.opens()
        for label in ("English", "OK, continue", "Person", "Things or money", "3 short questions"):
            await visitor.taps(label)
        assert "What do you need most?" in visitor.page.newest
        assert "Question 1 of 3" in visitor.page.newest
        await visitor.taps("Help with a cost")
        await visitor.taps("Also for children")
        await visitor.says("A fee of the office")
        assert "Added to request number 1" in visitor.page.newest
        await visitor.taps("3 short questions")
        assert "Does somebody else help you" in visitor.page.newest, "what was answered is not asked again"
        await visitor.taps("Skip")
        assert "Your answers are with request 1." in visitor.page.newest

        assert (await other.get("/desk/requests/1")).status_code == 404
        page = plain((await carer.get("/desk/requests/1")).text)
        for part in ("Help with a cost", "Also for children", "A fee of the office"):
            assert part in page
        assert "Decide" not in page, "who has not claimed it decides nothing"
        await carer.post("/desk/requests/1/claim")
        assert "Decide and tell the person" in (await carer.get("/desk/requests/1")).text
        assert (await carer.post("/desk/requests/1/close", data={"outcome": "granted"})).status_code == 422
        form = {"decision": "other_help", "reason": ""}
        assert (await carer.post("/desk/requests/1/decide", data=form)).status_code == 422
        await carer.post("/desk/requests/1/decide", data=form | {"reason": "The fee is waived\nfor you: <b>ask</b>."})

        await visitor.opens()
        told = [plain(message) for message in visitor.page.messages]
        assert any("not this, but we can help in another way" in said for said in told)
        assert any("The fee is waived for you: <b>ask</b>." in said for said in told)
        assert "Request 1 is closed. Is it solved?" in told[-1]
        assert stored(quiet_house, "SELECT state, outcome FROM request") == [("done", "other_help")]
        assert ("goods_other_help", "request:1") in stored(quiet_house, "SELECT act, thing FROM audit")
        everything = stored(quiet_house, "SELECT detail FROM request_event") + stored(
            quiet_house, "SELECT detail FROM audit"
        )
        assert not [row for row in everything if "fee" in row[0] or "cost" in row[0]]
