"""Review on the pages: judging, taking back, two people at once, facts, adding, the history."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring
from sqlalchemy import update

from monitor.adapters.storage import tables as t
from monitor.bootstrap import App
from monitor.domain.model.accounts import Role
from monitor.domain.model.articles import Label
from monitor.domain.model.events import EventKind, EventOrigin, EventStatus, VerdictKind
from monitor.pipeline import review
from tests.review_world import ANN, FAIR, RETOLD, VISIT, World, borderline
from tests.web.conftest import Browser
from tests.web.judging import OTHER_URL, THIRD_URL, events, fields_of, press, status_of, world_of
from tests.web.signing_in import Town


@pytest.fixture
def world(assembled: App) -> World:
    return world_of(assembled)


def uncertain(world: World, topic: str = "tunnels", url: str = OTHER_URL) -> int:
    """The id of an article that waits."""
    intent, applied = world.tell(borderline(topic), url)
    assert intent.label is Label.UNCERTAIN
    return applied.article_id


def label(world: World, article_id: int) -> Label:
    return world.database.archive.article(article_id).label


# ---------------------------------------------------------------- the queue


def test_an_empty_queue_says_what_will_come(local: Browser, world: World) -> None:
    assert local.get("/review").xpath("//p[@class='empty']")


def test_an_article_is_confirmed_from_the_queue_told_and_taken_back(local: Browser, world: World) -> None:
    first, second = uncertain(world), uncertain(world, "bridges", THIRD_URL)
    queue = local.get("/review")
    assert [one.get("id") for one in queue.xpath("//li[@data-item]")] == [f"article-{second}", f"article-{first}"]
    assert "Engineers from Wuhan visit Lyon." in queue.xpath(f"//*[@id='article-{first}']")[0].text_content()
    led = press(local, "/review", f"/review/articles/{second}/confirm")
    assert led == f"/review?said=1#article-{first}"
    assert label(world, second) is Label.EVENT
    assert status_of(local, led).startswith("Confirmed")
    assert press(local, led, "/review/undo") == "/review?said=1"
    assert label(world, second) is Label.UNCERTAIN
    assert status_of(local, "/review?said=1").startswith("Taken back (Confirmed)")
    assert local.get("/review?said=1").xpath("//*[@role='status']//form") == []


def test_no_and_leave_it_so_take_an_article_from_the_queue(local: Browser, world: World) -> None:
    first, second = uncertain(world), uncertain(world, "bridges", THIRD_URL)
    press(local, "/review", f"/review/articles/{first}/reject")
    press(local, "/review", f"/review/articles/{second}/handled")
    assert (label(world, first), label(world, second)) == (Label.IRRELEVANT, Label.UNCERTAIN)
    queue = local.get("/review")
    assert queue.xpath("//li[@data-item]") == []
    assert queue.xpath("//form[@action='/review/undo']//*[@data-key='u']"), "the last own action can be taken back"


def test_every_key_has_a_control_that_works_without_it(local: Browser, world: World) -> None:
    uncertain(world)
    queue = local.get("/review")
    for key in "ynmh":
        [control] = queue.xpath(f"//*[@data-key='{key}']")
        assert control.tag == "button" or control.get("href"), key


def test_long_queues_go_on_page_by_page(local: Browser, world: World) -> None:
    for number in range(23):
        uncertain(world, f"topic{number}", f"https://wire.example/{number}")
    queue = local.get("/review")
    [older] = queue.xpath("//a[@rel='next']/@href")
    both = [one.get("id") for page in (queue, local.get(older)) for one in page.xpath("//li[@data-item]")]
    assert len(both) == len(set(both)) == 23


@pytest.mark.parametrize(
    "after", ["99999999999999999999~~", "x~y~z", "~2026-01-01~", "~~~", "1~9999-12-31T23:59:59-23:59~"]
)
def test_a_broken_place_in_the_queue_is_its_beginning_or_its_end(local: Browser, world: World, after: str) -> None:
    uncertain(world)
    assert local.client.get("/review", params={"after": after}).status_code == 200


def test_two_events_that_may_be_one_stand_side_by_side_and_are_judged_with_one_button(
    local: Browser, world: World
) -> None:
    _, visit = world.tell(VISIT)
    _, fair = world.tell(FAIR, OTHER_URL, "lyon")
    one, other = visit.event_ids[0], fair.event_ids[0]
    with world.database.writing() as connection:
        connection.execute(update(t.event).where(t.event.c.id == other).values(perhaps_same_as=one))
    [item] = local.get("/review").xpath("//li[@data-item]")
    assert item.get("id") == f"event-{other}"
    assert len(item.xpath(".//section")) == 2
    assert VISIT[0] in item.text_content()
    assert {one.get("data-key") for one in item.xpath(".//*[@data-key]")} == set("ynmsh")
    led = press(local, "/review", f"/review/events/{other}/apart")
    assert local.get("/review").xpath("//li[@data-item]") == []
    press(local, led, "/review/undo")
    press(local, "/review", f"/review/events/{other}/merge")
    assert events(world).keys() == {one}


# ---------------------------------------------------------------- two people at once


def test_a_form_that_somebody_was_faster_with_changes_nothing_and_says_so(local: Browser, world: World) -> None:
    article_id = uncertain(world)
    fields = fields_of(local, "/review", f"/review/articles/{article_id}/reject")
    review.confirm(article_id, ANN, world.later(), world.reviewing)
    answer = local.client.post(f"/review/articles/{article_id}/reject", data={"csrf": local.token, **fields})
    assert answer.status_code == 409
    assert "Somebody judged this while you were looking at it" in answer.text
    assert ANN in answer.text
    assert label(world, article_id) is Label.EVENT
    assert len(world.database.archive.verdicts()) == 1


def test_a_button_pressed_twice_judges_once(local: Browser, world: World) -> None:
    article_id = uncertain(world)
    fields = fields_of(local, "/review", f"/review/articles/{article_id}/handled")
    local.post(f"/review/articles/{article_id}/handled", **fields)
    again = local.client.post(f"/review/articles/{article_id}/handled", data={"csrf": local.token, **fields})
    assert again.status_code == 409
    assert len(world.database.archive.verdicts()) == 1


def test_notes_of_others_hinder_nobody(local: Browser, world: World) -> None:
    article_id = uncertain(world)
    fields = fields_of(local, "/review", f"/review/articles/{article_id}/confirm")
    review.note("call the town hall", ANN, world.later(), world.reviewing, article_id=article_id)
    local.post(f"/review/articles/{article_id}/confirm", **fields)
    assert label(world, article_id) is Label.EVENT


# ---------------------------------------------------------------- events


def test_events_are_merged_by_picking_a_neighbour_and_parted_by_undo(local: Browser, world: World) -> None:
    _, visit = world.tell(VISIT)
    _, fair = world.tell(FAIR, OTHER_URL, "lyon")
    one, other = visit.event_ids[0], fair.event_ids[0]
    path = f"/review/events/{other}"
    choices = local.get(path).xpath(f"//form[@action='{path}/merge']//input[@name='into']/@value")
    assert choices == [one], "they share a place and a time"
    led = press(local, path, f"{path}/merge")
    assert led == f"/review/events/{one}?said=1"
    assert events(world).keys() == {one}
    assert local.client.get(path).headers["location"] == f"/review/events/{one}"
    assert status_of(local, led).startswith("Merged")
    press(local, led, "/review/undo")
    assert events(world).keys() == {one, other}


def test_another_event_is_found_by_the_words_of_its_articles_or_its_id(local: Browser, world: World) -> None:
    _, visit = world.tell(VISIT)
    _, fair = world.tell(FAIR, OTHER_URL, "lyon")
    path = f"/review/events/{visit.event_ids[0]}"
    for words in ("lacquer", fair.event_ids[0]):
        page = local.get(f"{path}?q={words}")
        headings = page.xpath("//section[@aria-labelledby='merge']//h3/text()")
        assert headings[0] == "Found"
        assert fair.event_ids[0] in page.xpath("//input[@name='into']/@value"), words
    assert local.get(f"{path}?q=nothing+such").xpath("//section[@aria-labelledby='merge']//p[@class='empty']")


def test_ticked_reports_are_split_off_and_one_is_moved_back(local: Browser, world: World) -> None:
    _, visit = world.tell(VISIT)
    _, retold = world.tell(RETOLD, OTHER_URL, "lyon")
    whole = visit.event_ids[0]
    assert retold.event_ids == (whole,)
    path = f"/review/events/{whole}"
    led = press(local, path, f"{path}/split", article=str(retold.article_id))
    [part] = events(world).keys() - {whole}
    assert led == f"/review/events/{part}?said=1"
    desk = f"/review/articles/{retold.article_id}"
    fields = fields_of(local, desk, f"{desk}/move")
    assert (fields["leaves"], fields["event"]) == (part, whole)
    local.post(f"{desk}/move", **fields)
    assert world.database.archive.article(retold.article_id).event_ids == (whole,)


def test_a_split_without_a_ticked_report_is_refused_in_words(local: Browser, world: World) -> None:
    _, visit = world.tell(VISIT)
    world.tell(RETOLD, OTHER_URL, "lyon")
    path = f"/review/events/{visit.event_ids[0]}"
    fields = fields_of(local, path, f"{path}/split")
    answer = local.client.post(f"{path}/split", data=fields | {"csrf": local.token})
    assert answer.status_code == 409
    assert "a split leaves at least one report on each side" in answer.text


def test_an_event_is_confirmed_with_its_reports_and_counts_for_the_rules(local: Browser, world: World) -> None:
    _, visit = world.tell(VISIT)
    path = f"/review/events/{visit.event_ids[0]}"
    led = press(local, path, f"{path}/confirm")
    [precision] = world.database.archive.rule_precision()
    assert (precision.label, precision.confirmed) == (Label.EVENT, 1)
    assert "100 %" in local.get("/review/precision").text_content()
    again = local.client.post(f"{path}/confirm", data={"csrf": local.token, "seen": "9"})
    assert again.status_code == 409
    assert "said so already" in again.text
    press(local, led, "/review/undo")
    assert world.database.archive.rule_precision() == ()


def test_an_event_is_rejected_closed_noted_and_assigned(local: Browser, world: World) -> None:
    _, visit = world.tell(VISIT)
    _, fair = world.tell(FAIR, OTHER_URL, "lyon")
    path = f"/review/events/{fair.event_ids[0]}"
    press(local, path, f"{path}/note", text="<b>the glass is blue</b>")
    led = press(local, path, f"{path}/assign", to="Bérénice")
    assert status_of(local, led).startswith("Assigned: Bérénice")
    page = local.get(path)
    assert "<b>the glass is blue</b>" in page.text_content()
    assert page.xpath("//blockquote/b") == []
    press(local, path, f"{path}/close")
    assert "closed" in local.get(path).xpath("//p[@class='warn']")[0].text_content()
    other = f"/review/events/{visit.event_ids[0]}"
    press(local, other, f"{other}/reject")
    assert label(world, visit.article_id) is Label.IRRELEVANT
    assert events(world) == {}


def test_an_uncertain_article_is_put_to_an_event_by_hand(local: Browser, world: World) -> None:
    _, visit = world.tell(VISIT)
    article_id = uncertain(world)
    path = f"/review/events/{visit.event_ids[0]}"
    press(local, path, f"{path}/attach", article=OTHER_URL)
    assert world.database.archive.article(article_id).event_ids == visit.event_ids
    missing = local.client.post(
        f"{path}/attach", data={"csrf": local.token, "seen": "9", "article": "https://nowhere.example/"}
    )
    assert missing.status_code == 422


def test_pairs_that_may_be_one_are_kept_apart(local: Browser, world: World) -> None:
    _, visit = world.tell(VISIT)
    _, fair = world.tell(FAIR, OTHER_URL, "lyon")
    path = f"/review/events/{fair.event_ids[0]}"
    fields = fields_of(local, path, f"{path}/merge")
    local.post(f"{path}/apart", seen=fields["seen"], other=visit.event_ids[0])
    [record] = world.database.archive.verdicts()
    assert record.verdict.kind is VerdictKind.CANNOT_LINK


@pytest.mark.parametrize("event_id", ["ev_nothing", "1", "ev_x'--", "%00"])
def test_events_that_do_not_exist_are_not_found(local: Browser, world: World, event_id: str) -> None:
    assert local.client.get(f"/review/events/{event_id}").status_code == 404
    local.get("/review")
    answer = local.client.post(f"/review/events/{event_id}/close", data={"csrf": local.token, "seen": "0"})
    assert answer.status_code in (404, 409)


# ---------------------------------------------------------------- facts


def facts(world: World, event_id: str) -> dict[str, str]:
    event = events(world)[event_id]
    return {
        "title": event.title,
        "kind": event.kinds[0].value,
        "place": next(iter(event.participants)),
        "date": "2026-05-12",
        "host": event.host_id or "",
        "status": event.status.value,
        "seen": "0",
    }


def test_facts_are_set_by_name_and_what_the_news_told_stays_visible(local: Browser, world: World) -> None:
    _, visit = world.tell(VISIT)
    event_id = visit.event_ids[0]
    path = f"/review/events/{event_id}"
    local.get(path)
    told = events(world)[event_id]
    form = facts(world, event_id) | {"place": "nancy", "more": "Lyon\n昆明", "date": "2026-06", "kind": "exchange"}
    local.post(f"{path}/edit", **form)
    event = events(world)[event_id]
    assert event.participants == {"nancy", "lyon", "kunming"}
    assert event.kinds == (EventKind.EXCHANGE,)
    assert event.pins == {"participants", "when", "kinds"}
    originals = [one.text_content() for one in local.get(path).xpath("//p[@class='original']")]
    assert any("12 May 2026" in one for one in originals)
    assert any("visit" in one for one in originals)
    assert told.status is event.status is EventStatus.HAPPENED


def test_an_ambiguous_name_is_asked_about_and_the_form_keeps_what_was_typed(local: Browser, world: World) -> None:
    _, visit = world.tell(VISIT)
    event_id = visit.event_ids[0]
    path = f"/review/events/{event_id}"
    local.get(path)
    form = facts(world, event_id) | {"more": "Valencia\nAtlantis", "title": "Another title", "date": "some day"}
    answer = local.client.post(f"{path}/edit", data={"csrf": local.token, **form})
    assert answer.status_code == 422
    for words in ("Several places are called “Valencia”", "No place is called “Atlantis”", "“some day” is no date"):
        assert words in answer.text
    assert 'value="valencia"' in answer.text
    assert 'value="gn3625549"' in answer.text
    assert 'value="Another title"' in answer.text
    assert world.database.archive.verdicts() == ()
    form |= {"place": "gn3625549", "more": "Valencia", "date": "2026-05-12", "title": events(world)[event_id].title}
    local.post(f"{path}/edit", **form)
    assert events(world)[event_id].participants == {"gn3625549"}


def test_saving_an_untouched_form_changes_nothing(local: Browser, world: World) -> None:
    _, visit = world.tell(VISIT)
    event_id = visit.event_ids[0]
    path = f"/review/events/{event_id}"
    local.get(path)
    event = events(world)[event_id]
    form = facts(world, event_id)
    fields = {
        "csrf": local.token,
        **form,
        "place": sorted(event.participants),
        "also": [k.value for k in event.kinds[1:]],
    }
    answer = local.client.post(f"{path}/edit", data=fields)
    assert answer.status_code == 409
    assert "nothing is changed by that" in answer.text


# ---------------------------------------------------------------- adding


def test_an_event_is_added_by_hand_once_however_often_the_button_is_pressed(local: Browser, world: World) -> None:
    fields = fields_of(local, "/review/add", "/review/add")
    form = fields | {"title": "Harvest festival", "kind": "exchange", "more": "Nancy\nKanazawa", "date": "2026-09"}
    led = local.post("/review/add", **form)
    assert local.post("/review/add", **form) == led
    [event] = events(world).values()
    assert event.origin is EventOrigin.HAND
    assert event.participants == {"nancy", "kanazawa"}
    assert status_of(local, led).startswith("Added by hand")
    assert "added by hand" in local.get(led).text_content()


def test_a_pasted_text_is_read_and_opens_its_event(local: Browser, world: World) -> None:
    local.get("/review/add")
    led = local.post("/review/paste", title=VISIT[0], text=VISIT[1], published_on="2026-05-13", language="en")
    [event] = events(world).values()
    assert event.origin is EventOrigin.HAND
    assert event.participants == {"nancy", "kunming"}
    assert led.startswith(f"/review/events/{event.id}?said=")
    again = local.client.post("/review/paste", data={"csrf": local.token, "title": VISIT[0], "text": VISIT[1]})
    assert again.status_code == 409
    empty = local.client.post("/review/paste", data={"csrf": local.token, "title": "x", "text": " "})
    assert (empty.status_code, "A title and a text are needed." in empty.text) == (422, True)


# ---------------------------------------------------------------- the history


def test_any_action_in_the_history_can_be_taken_back_in_order(local: Browser, world: World) -> None:
    article_id = uncertain(world)
    review.confirm(article_id, ANN, world.later(), world.reviewing, "they met")
    history = local.get("/review/history")
    [record] = history.xpath("//ol[@class='records']/li")
    told = " ".join(record.text_content().split())
    assert "Confirmed · ann" in told
    assert "they met" in told
    assert "uncertain → tells an event" in told
    press(local, "/review/history", "/review/undo")
    assert "Taken back by local" in local.get("/review/history").text_content()
    assert label(world, article_id) is Label.UNCERTAIN


def test_the_status_never_says_what_a_link_wants_it_to_say(local: Browser, world: World) -> None:
    for said in ("7", "0", "99999999"):
        assert status_of(local, f"/review?said={said}") == ""
    assert local.client.get("/review?said=You+were+hacked").status_code == 422


def test_the_name_in_the_history_is_the_visitors(assembled: App) -> None:
    world = world_of(assembled)
    town = Town(assembled)
    town.add("ann")
    town.add("bo", Role.REVIEWER)
    article_id = uncertain(world)
    press(town.signed_in("bo"), "/review", f"/review/articles/{article_id}/confirm")
    [record] = world.database.archive.verdicts()
    assert record.verdict.by == "bo"


def test_what_was_learnt_is_shown_or_said_to_be_too_little(local: Browser, world: World) -> None:
    assert local.get("/review/learned").xpath("//p[@class='empty']")
    for article_id in [uncertain(world, f"topic{number}", f"https://wire.example/{number}") for number in range(8)]:
        review.reject(article_id, ANN, world.later(), world.reviewing)
    rows = local.get("/review/learned").xpath("//tbody/tr")
    assert rows


@pytest.mark.parametrize("language", ["fr", "zh", "vi"])
def test_the_pages_speak_the_visitors_language(local: Browser, world: World, language: str) -> None:
    article_id = uncertain(world)
    _, visit = world.tell(VISIT)
    review.note("hm", ANN, world.later(), world.reviewing, article_id=article_id)
    desks = (f"/review/articles/{article_id}", f"/review/events/{visit.event_ids[0]}")
    english = {one.text_content() for one in local.get("/review/add").xpath("//main//h2")}
    for path in ("/review", "/review/history", "/review/precision", "/review/learned", "/review/add", *desks):
        page = local.get(path, **{"accept-language": language})
        assert page.get("lang") == language
        found = {one.text_content() for one in page.xpath("//main//h2")}
        assert not found & english, path


@pytest.mark.parametrize(
    ("language", "expected"),
    [("fr", "n’a pas été écarté (relate un événement)"), ("zh", "并未被排除"), ("vi", "không bị loại bỏ")],
)
def test_what_stands_in_the_way_is_told_in_the_language_of_the_page(
    local: Browser, world: World, language: str, expected: str
) -> None:
    _, applied = world.tell(VISIT, OTHER_URL)
    article_id = applied.article_id
    local.get(f"/review/articles/{article_id}")
    path = f"/review/articles/{article_id}/rescue"
    answer = local.client.post(path, data={"csrf": local.token, "seen": 0}, headers={"accept-language": language})
    assert answer.status_code == 409
    [told] = document_fromstring(answer.text).xpath("//p[@role='alert']")
    assert expected in told.text_content()
    assert "was not dropped" not in answer.text
