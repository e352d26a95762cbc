"""A referral on its way: without agreement nothing, the slip for the counter, and what the institution answered."""

from __future__ import annotations

import re

from bot.house import House
from storage import audit
from tests.acceptance.colleagues import let_in
from tests.acceptance.desk_browsers import stuck
from tests.acceptance.houses import browser, stored
from tests.acceptance.walks import plain

REQUEST = "/desk/requests/1"
FORM = {"institution": "crpc", "text": "Please help with the <form>", "days": "5", "shares": "subject"}


async def test_a_slip_says_only_what_the_person_agreed_to_in_the_scripts_of_the_offices(
    site: str, quiet_house: House
) -> None:
    async with stuck(site), browser(site) as anna, browser(site) as ben:
        await let_in(quiet_house, anna, "assistant A")
        await let_in(quiet_house, ben, "assistant B")
        await anna.post(f"{REQUEST}/claim")
        refused = await anna.post(f"{REQUEST}/refer", data=FORM)
        assert refused.status_code == 422
        assert stored(quiet_house, "SELECT 1 FROM referral") == []
        await anna.post(f"{REQUEST}/refer", data=FORM | {"agreed": "yes"})
        ((id,),) = stored(quiet_house, "SELECT id FROM referral")
        slip = f"{REQUEST}/slip/{id}"
        assert f'href="{slip}"' in (await anna.get(REQUEST)).text
        assert (await ben.get(slip)).status_code == 404
        assert (await anna.get(f"{REQUEST}/slip/1")).status_code == 404
        for language, tag in (("", "sr-Cyrl"), ("sr_Latn", "sr-Latn"), ("en", "en"), ("../x", "sr-Cyrl")):
            page = plain((await anna.get(slip, params={"language": language})).text)
            paper = page[page.index('<article class="slip"') : page.index("</article>")]
            assert f'lang="{tag}"' in paper
            for said in ("CRPC", "Test organisation", "Please help with the &lt;form&gt;"):
                assert said in paper
            assert paper.count("<bdi>") == 2, "the institution and the subject, and nothing that was not agreed to"
        assert "About" in plain((await anna.get(slip, params={"language": "en"})).text)
    acts = [line.act for line in await quiet_house.database.read(audit.lines)]
    assert {"referred", "slip"} <= set(acts)


async def test_what_the_institution_answered_stands_on_the_card_of_the_referral(site: str, quiet_house: House) -> None:
    async with stuck(site), browser(site) as anna:
        await let_in(quiet_house, anna, "assistant A")
        await anna.post(f"{REQUEST}/claim")
        await anna.post(f"{REQUEST}/refer", data=FORM | {"agreed": "yes"})
        ((id,),) = stored(quiet_house, "SELECT id FROM referral")
        form = {"referral": str(id), "stage": "appointment"}
        assert (await anna.post(f"{REQUEST}/institution", data=form)).status_code == 422
        await anna.post(f"{REQUEST}/institution", data=form | {"days": "2", "text": "room 4"})
        page = plain((await anna.get(REQUEST)).text)
        card = re.search(r'<li class="card">.*?</li>', page, re.DOTALL)
        assert card is not None
        for said in ("CRPC", "There is an appointment", "room 4", "The person agreed"):
            assert said in card[0]
        assert "The institution: There is an appointment" in page
        slip = plain((await anna.get(f"{REQUEST}/slip/{id}", params={"language": "en"})).text)
        assert "Wednesday 25 November 2026 · room 4" in re.sub("<[^>]*>", "", slip)
        assert stored(quiet_house, "SELECT state FROM request") == [("office",)]
        assert (await anna.post(f"{REQUEST}/institution", data=form | {"stage": "outcome"})).status_code == 422
        await anna.post(f"{REQUEST}/institution", data=form | {"stage": "outcome", "text": "done"})
        assert stored(quiet_house, "SELECT state FROM request") == [("ours",)]
