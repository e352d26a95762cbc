"""An interpreter and a partner read along in one request, through the pages: asked in, writing beside, out again."""

from __future__ import annotations

import re

import httpx

from bot.house import House
from storage import audit
from tests.acceptance.colleagues import let_in
from tests.acceptance.desk_browsers import stuck
from tests.acceptance.houses import browser, stored
from tests.acceptance.pages import Visitor
from tests.acceptance.walks import plain

REQUEST = "/desk/requests/1"


async def page_of(http: httpx.AsyncClient, path: str = REQUEST) -> str:
    """What somebody reads there."""
    return plain((await http.get(path)).text)


async def told(visitor: Visitor) -> str:
    """All that the newcomer was told."""
    await visitor.opens()
    return plain("\n".join(visitor.page.messages))


async def test_an_interpreter_sees_the_thread_they_were_invited_to_writes_beside_it_and_the_person_is_told(
    site: str, quiet_house: House
) -> None:
    async with stuck(site) as person, stuck(site), browser(site) as anna, browser(site) as voice:
        await let_in(quiet_house, anna, "assistant A")
        interpreter = await let_in(quiet_house, voice, "interpreter I", "interpreter")
        await anna.post(f"{REQUEST}/claim")
        await person.says("سلام")
        assert "Request 1" not in await page_of(voice, "/desk")
        assert (await voice.get(REQUEST)).status_code == 404
        await anna.post(f"{REQUEST}/invite", data={"guest": f"interpreter:{interpreter.id}"})
        assert "An interpreter reads along in request 1." in await told(person)
        listed = await page_of(voice, "/desk")
        assert "Request 1" in listed
        assert "Request 2" not in listed
        assert (await voice.get("/desk/requests/2")).status_code == 404
        shown = await page_of(voice)
        assert "You read along" in shown
        assert 'action="/desk/requests/1/answer"' not in shown
        ((original,),) = stored(quiet_house, "SELECT id FROM message WHERE direction = 'in'")
        assert f'name="original" value="{original}"' in shown
        await voice.post(f"{REQUEST}/interpret", data={"original": str(original), "text": "Hello <there>"})
        await voice.post(f"{REQUEST}/note", data={"text": "speaks softly"})
        for act in ("answer", "close", "refer", "take-over", "invite"):
            assert (await voice.post(f"{REQUEST}/{act}", data={"text": "x"})).status_code == 403
        seen = await page_of(anna)
        bubble = re.search(r'<li class="bubble in">.*?</li>', seen, re.DOTALL)
        assert bubble is not None
        assert "سلام" in bubble[0]
        assert "Hello &lt;there&gt;" in bubble[0]
        assert "speaks softly" in seen
        assert "Hello" not in await told(person)
        await anna.post(f"{REQUEST}/dismiss", data={"guest": f"interpreter:{interpreter.id}"})
        assert (await voice.get(REQUEST)).status_code == 404
    acts = [line.act for line in await quiet_house.database.read(audit.lines) if line.thing == "request:1"]
    assert {"interpreter", "interpreted", "noted", "guest_left"} <= set(acts)


async def test_a_partner_reads_along_only_where_the_person_agreed(site: str, quiet_house: House) -> None:
    async with stuck(site) as person, browser(site) as anna, browser(site) as other:
        await let_in(quiet_house, anna, "assistant A")
        partner = await let_in(quiet_house, other, "partner P", "partner")
        await anna.post(f"{REQUEST}/claim")
        form = {"guest": f"partner:{partner.id}"}
        refused = await anna.post(f"{REQUEST}/invite", data=form)
        assert refused.status_code == 422
        assert (await other.get(REQUEST)).status_code == 404
        await anna.post(f"{REQUEST}/invite", data=form | {"agreed": "yes"})
        assert "You agreed to it." in await told(person)
        assert "the person agreed" in await page_of(anna)
        shown = await page_of(other)
        assert "Say what this means" not in shown
        await anna.post(f"{REQUEST}/close", data={"outcome": "informed"})
        assert (await other.get(REQUEST)).status_code == 404
