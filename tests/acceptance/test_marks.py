"""What staff mark a request with, through the pages: who sees it then, what stands on the card, how it goes away."""

from __future__ import annotations

from bot.house import House
from tests.acceptance.colleagues import let_in
from tests.acceptance.desk_browsers import stuck
from tests.acceptance.houses import browser, stored
from tests.acceptance.walks import plain

REQUEST = "/desk/requests/1"


async def test_what_is_marked_urgent_leaves_the_lists_of_the_others_and_stands_marked_before_the_protection_group(
    site: str, quiet_house: House
) -> None:
    async with stuck(site), browser(site) as anna, browser(site) as carer:
        await let_in(quiet_house, anna, "assistant A")
        await let_in(quiet_house, carer, "protection", "protection")
        await anna.post(f"{REQUEST}/claim")
        assert 'class="flags"' not in (await anna.get(REQUEST)).text
        assert (await anna.post(f"{REQUEST}/flag", data={"flag": "nothing"})).status_code == 422
        after = await anna.post(f"{REQUEST}/flag", data={"flag": "violence"})
        assert after.url.path == "/desk"
        assert (await anna.get(REQUEST)).status_code == 404
        await carer.post(f"{REQUEST}/flag", data={"flag": "urgent"})
        assert stored(quiet_house, "SELECT urgent, protected, assignee_id FROM request") == [(1, 1, None)]
        shown = plain((await carer.get(REQUEST)).text)
        card = shown[shown.index('class="flags"') : shown.index("<dl>", shown.index('class="flags"'))]
        assert [card.count(f'name="flag" value="{name}"') for name in ("urgent", "violence", "sensitive")] == [1, 1, 0]
        for name in ("urgent", "violence", "sensitive"):
            await carer.post(f"{REQUEST}/unflag", data={"flag": name})
        assert (await anna.get(REQUEST)).status_code == 200
