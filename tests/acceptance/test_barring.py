"""From a report to a closed way, as both sides see it (A28)."""

from __future__ import annotations

from bot.house import House
from tests.acceptance.colleagues import sign_in
from tests.acceptance.desk_browsers import stuck
from tests.acceptance.houses import stored
from tests.acceptance.walks import plain


async def test_a_report_is_looked_at_by_a_coordinator_who_bars_and_lifts(quiet_house: House, site: str) -> None:
    async with (
        sign_in(quiet_house, site, "assistant A") as anna,
        sign_in(quiet_house, site, "coordinator", "coordinator") as boss,
        stuck(site) as person,
    ):
        await anna.post("/desk/requests/1/claim")
        assert (await anna.post("/desk/requests/1/bar")).status_code == 409, "only coordinators"
        await anna.post("/desk/requests/1/report", data={"text": "insults"})
        assert "reported a person" not in (await anna.get("/desk")).text
        page = (await boss.get("/desk/requests/1")).text
        for part in ("A colleague reported a person", "A colleague reported how this person writes", ">insults<"):
            assert part in page
        assert "Bar from writing to us" not in (await anna.get("/desk/requests/1")).text
        await boss.post("/desk/requests/1/bar")

        await person.opens()
        assert "You can no longer write to our team here." in person.page.newest
        await person.taps("Not yet") if "Not yet" in person.page.labels else await person.says("You are all fools")
        assert "request number" not in person.page.newest
        await person.says("person")
        assert "Our team does not answer here now." in person.page.newest
        assert stored(quiet_house, "SELECT count(*) FROM request WHERE closed_at IS NULL") == [(0,)]
        await person.taps("Home")
        await person.taps("Driving licence")
        assert "Driving licence" in person.page.newest, "guides work as ever"
        await person.says("sos")
        await person.taps("Person")
        assert stored(quiet_house, "SELECT type FROM request WHERE closed_at IS NULL") == [("urgent",)]
        await person.says("We are in the street")
        assert "We are in the street" in plain((await boss.get("/desk/requests/2")).text)

        await boss.post("/desk/requests/1/lift")
        await person.opens()
        told = [plain(message) for message in person.page.messages]
        assert any("You can write to our team again." in said for said in told)
        assert sum("You can no longer write" in said for said in told) == 1
        acts = [act for (act,) in stored(quiet_house, "SELECT act FROM audit ORDER BY seq")]
        assert [act for act in acts if act in {"reported", "barred", "lifted"}] == ["reported", "barred", "lifted"]
