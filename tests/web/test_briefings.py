"""Briefings: picked, put in order, annotated, frozen and sent."""

from __future__ import annotations

import pytest
from fastapi import Request

from monitor.bootstrap import App
from monitor.domain.model.accounts import Role
from monitor.domain.model.digests import ChannelKind
from monitor.ports import Stage
from monitor.web import app as web_app
from monitor.web.site import Visitor
from tests.storage import samples
from tests.web import relations_world
from tests.web.conftest import Browser, browser, site_with


class Reader:
    """Lets everybody in to read."""

    is_open = False

    def visitor(self, request: Request, visit: str) -> Visitor:
        del request
        return Visitor(visit, Role.READER)


@pytest.fixture
def found(assembled: App) -> dict[str, str]:
    return relations_world.fill(assembled)


def begun(local: Browser, *events: str) -> str:
    """The address of a draft with these events."""
    local.get("/briefings")
    address = local.post("/briefings", title="Visit of the mayor")
    for event in events:
        assert local.post(f"{address}/events", event=event) == address
    return address


def order(local: Browser, address: str) -> list[str]:
    return [one.removeprefix("event-") for one in local.get(address).xpath("//ol[@class='items']/li/@id")]


def test_events_are_picked_and_put_in_order_without_script(local: Browser, found: dict[str, str]) -> None:
    one, two, three = found["visit"], found["exchange"], found["announced"]
    address = begun(local, one, two, three)
    assert order(local, address) == [one, two, three]
    local.post(f"{address}/events/{three}", act="up", note="Ask about the tram")
    local.post(f"{address}/events/{one}", act="down")
    local.post(f"{address}/events/{two}", act="drop")
    assert order(local, address) == [three, one]
    note = local.get(address).xpath(f"//textarea[@id='note-{three}']/text()")
    assert [text.strip() for text in note] == ["Ask about the tram"]


def test_the_pages_of_events_add_to_a_chosen_briefing(local: Browser, found: dict[str, str]) -> None:
    address = begun(local)
    number = address.rpartition("/")[2]
    assert local.post("/briefings/events", briefing=number, event=found["visit"], back="/events?q=a") == "/events?q=a"
    assert order(local, address) == [found["visit"]]
    data = {"csrf": local.token, "briefing": number, "event": "ev_none"}
    assert local.client.post("/briefings/events", data=data).status_code == 404


def test_a_frozen_briefing_is_sent_once_to_each_subscription(
    assembled: App, local: Browser, found: dict[str, str]
) -> None:
    paris = samples.subscription("paris", channel=ChannelKind.CONSOLE, recipients=("stdout",))
    number = samples.subscribe(assembled.database, paris)
    address = begun(local, found["visit"])
    local.post(address, title="Dinner", intro="For Tuesday")
    refused = local.client.post(f"{address}/send", data={"csrf": local.token, "to": str(number)})
    assert refused.status_code == 409
    assert local.post(f"{address}/freeze") == f"{address}?done=frozen"
    assert not local.get(address).xpath("//textarea | //button[@value='up']")
    late = local.client.post(f"{address}/events", data={"csrf": local.token, "event": found["exchange"]})
    assert late.status_code == 409
    assert local.post(f"{address}/send", to=str(number)) == f"{address}?done=sent"
    assert local.post(f"{address}/send", to=str(number)) == f"{address}?done=nothing"
    assert local.get(address).xpath("//input[@name='to' and @disabled]")
    assert assembled.dispatcher.drain(Stage.DELIVER).done == 1
    assert "sent" in local.get(address).xpath("//section[@aria-labelledby='send']")[0].text_content()


def test_the_preview_is_in_the_language_asked_for(local: Browser, found: dict[str, str]) -> None:
    address = begun(local, found["visit"])
    local.post(f"{address}/events/{found['visit']}", act="note", note="First\nSecond")
    shown = local.get(f"{address}/preview?lang=fr").xpath("//div[@lang='fr']")[0].text_content()
    assert "Visite" in shown
    assert "First" in shown
    assert "Second" in shown


def test_an_empty_briefing_cannot_be_frozen_and_a_draft_can_be_thrown_away(local: Browser) -> None:
    address = begun(local)
    assert local.client.post(f"{address}/freeze", data={"csrf": local.token}).status_code == 409
    assert local.post(f"{address}/remove") == "/briefings"
    assert local.client.get(address).status_code == 404


def test_readers_read_and_change_nothing(assembled: App, local: Browser, found: dict[str, str]) -> None:
    address = begun(local, found["visit"])
    reader = browser(web_app.create(site_with(assembled, Reader())))
    tree = reader.get(address)
    assert not tree.xpath("//main//form")
    answer = reader.client.post(f"{address}/freeze", data={"csrf": reader.token})
    assert answer.status_code == 403
