"""An archive that people judge on the pages, with an invented world behind the program."""

from __future__ import annotations

from monitor.bootstrap import App
from monitor.domain.model.events import KnownEvent
from tests.review_world import English, World
from tests.web.conftest import Browser

OTHER_URL, THIRD_URL = "https://lyon.example/2", "https://wire.example/3"


def world_of(app: App) -> World:
    """The invented world on the program's archive; the program knows no other places from now on."""
    world = World(app.database)
    app.__dict__.update(gazetteer=world.gazetteer, knowledge=world.knowledge, languages=English())
    return world


def press(browser: Browser, page: str, action: str, **more: str) -> str:
    """Press the button of the form with that action on a page; where it leads."""
    return browser.post(action, **fields_of(browser, page, action), **more)


def fields_of(browser: Browser, page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form with that action, as the page was made."""
    forms = browser.get(page).xpath(f"//main//form[@action='{action}']")
    assert forms, f"{page} has no form for {action}"
    return {one.get("name"): one.get("value", "") for one in forms[0].xpath(".//input[@type='hidden'][@name!='csrf']")}


def status_of(browser: Browser, page: str) -> str:
    """What the page says was done."""
    told = browser.get(page).xpath("//*[@role='status']")
    return " ".join(told[0].text_content().split()) if told else ""


def events(world: World) -> dict[str, KnownEvent]:
    """Those that are listed."""
    return {one.id: one for one in world.database.archive.events()}
