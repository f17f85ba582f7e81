from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from html import unescape

import pytest
from lxml import html as lxml_html

from monitor.adapters.channels import render
from monitor.adapters.channels.render import ConsoleRenderer, EmailRenderer, SlackRenderer
from monitor.adapters.channels.view import safe_address
from monitor.domain import digest
from monitor.domain.model.digests import Digest, DigestLine, DigestSection, RenderedPart
from monitor.domain.model.events import ChangeKind
from tests.domain.digest_samples import (
    NOW,
    change,
    event,
    material,
    place,
    report,
    rich_material,
    subscription,
    told,
    words,
)

NASTY = [
    "<script>alert(1)</script>",
    "<img src=https://tracker.example/pixel.gif onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "</td></tr></table><table><tr><td>swallowed",
    "<!-- <style>*{display:none}</style>",
    "<form action=https://evil.example><input name=password>",
    "{{ 7 * 7 }} {% raw %} ${7*7}",
    "<!channel> <!here> <@U123> <#C1> @channel",
    "<https://evil.example|your bank>",
    "*_~`bold`~_* &lt;!channel&gt; a|b",
    "Charte\r\nBcc: victim@example\u2028X-Evil: 1\x00\x1b[31mred\ud800",
]
NASTY_ADDRESSES = [
    "javascript:alert(1)",
    "data:text/html,<script>",
    'https://a.example/"onmouseover=alert(1)',
    "//a.example",
]


def composed(language: str = "en") -> Digest:
    made = digest.compose(rich_material(), NOW, words(language), place)
    assert made is not None
    return made


def hostile_digest() -> Digest:
    lines = tuple(
        DigestLine(title, (title, title), (report(title, 'xx"><b>', title, address), report(title, "zh", title)))
        for title in NASTY
        for address in NASTY_ADDRESSES
    )
    return replace(
        composed(),
        subject=NASTY[-1] + NASTY[0],
        intro=NASTY[0] + NASTY[3],
        sections=(DigestSection("new", NASTY[4], lines),),
        coverage=tuple(NASTY),
        subscription_key=NASTY[2],
    )


def big_digest(items: int, details: int = 2) -> Digest:
    line = DigestLine("Signing: Nancy–Kunming, 2 October 2026", ("Also: talks",) * details, (report(), report()))
    return replace(composed(), sections=(DigestSection("new", "New events", (line,) * items),))


def email(one: Digest) -> RenderedPart:
    parts = EmailRenderer(words).render(one)
    assert len(parts) == 1
    return parts[0]


def parsed(part: RenderedPart) -> lxml_html.HtmlElement:
    assert part.html is not None
    return lxml_html.document_fromstring(part.html)


def slack(one: Digest) -> tuple[RenderedPart, ...]:
    return SlackRenderer(words).render(one)


def blocks(part: RenderedPart) -> list[dict[str, object]]:
    assert part.blocks is not None
    loaded: list[dict[str, object]] = json.loads(part.blocks)
    return loaded


def mrkdwn(parts: Sequence[RenderedPart]) -> list[str]:
    texts = [block["text"] for part in parts for block in blocks(part) if "text" in block]
    return [text["text"] for text in texts if text["type"] == "mrkdwn"]  # type: ignore[index]


# ---------------------------------------------------------------- text


@pytest.mark.parametrize("language", ["en", "fr", "zh", "vi"])
def test_the_text_tells_everything(language: str) -> None:
    one = composed(language)
    for part in (*ConsoleRenderer(words).render(one), email(one)):
        for section in one.sections:
            assert section.title in part.text
            for line in section.lines:
                assert line.headline in part.text
                assert all(detail in part.text for detail in line.details)
                assert all(linked.title in part.text and linked.url in part.text for linked in line.reports)
        assert all(sentence in part.text for sentence in one.coverage)
        assert part.subject == one.subject


def test_the_text_is_not_escaped() -> None:
    assert "https://wanbao.example/1?a=1&b=2" in email(composed()).text


def test_the_text_holds_no_control_character_and_no_forged_line() -> None:
    text = email(hostile_digest()).text
    assert not any(ord(char) < 32 and char != "\n" for char in text)
    assert not any(line.startswith("Bcc:") for line in text.splitlines())
    assert "javascript:" not in text


# ---------------------------------------------------------------- html


@pytest.mark.parametrize("language", ["en", "fr", "zh", "vi"])
def test_each_item_has_a_cell_of_its_own(language: str) -> None:
    one = composed(language)
    page = parsed(email(one))
    items = page.xpath("//td[contains(concat(' ', @class, ' '), ' item ')]")
    assert len(items) == sum(len(section.lines) for section in one.sections)
    assert [item.xpath("string(h3)") for item in items] == [line.headline for s in one.sections for line in s.lines]
    assert page.get("lang") == language


def test_titles_carry_their_language_and_link() -> None:
    links = parsed(email(composed())).xpath("//a")
    chinese = next(link for link in links if link.text == "南锡与昆明签署十年合作章程")
    assert (chinese.get("lang"), chinese.get("href")) == ("zh", "https://wanbao.example/1?a=1&b=2")


def test_hostile_text_stays_text_and_swallows_no_item() -> None:
    one = hostile_digest()
    page = parsed(email(one))
    items = page.xpath("//td[contains(concat(' ', @class, ' '), ' item ')]")
    assert len(items) == len(one.sections[0].lines)
    assert items[0].xpath("string(h3)") == NASTY[0]
    assert page.xpath("//script|//img|//svg|//form|//input|//iframe|//object|//link|//base|//b") == []
    assert page.xpath("//@*[starts-with(name(), 'on')]") == []
    assert {str(link.get("href")) for link in page.xpath("//a")} == {"https://courrier.example/charte"}


def test_nothing_is_loaded_from_afar() -> None:
    text = email(composed()).html or ""
    page = parsed(email(composed()))
    assert page.xpath("//@src|//@background|//link/@href") == []
    style = " ".join([*page.xpath("//style/text()"), *page.xpath("//@style")])
    assert "url(" not in style
    assert "@import" not in style
    assert text.count("http") == len(page.xpath("//a"))


def test_the_style_is_inline_and_dark_screens_are_thought_of() -> None:
    page = parsed(email(composed()))
    assert all(item.get("style") for item in page.xpath("//h3|//td[@class]"))
    assert "prefers-color-scheme: dark" in page.xpath("string(//style)")
    assert page.xpath("//meta[@name='color-scheme']/@content") == ["light dark"]
    assert page.xpath("//table[contains(@class, 'sheet')]/@width") == ["600"]


def test_a_long_digest_is_cut_in_html_only_and_says_so() -> None:
    part = email(big_digest(400))
    assert part.html is not None
    assert len(part.html.encode()) <= render.MAX_HTML_BYTES
    page = parsed(part)
    shown = len(page.xpath("//h3"))
    assert 50 < shown < 400
    assert f"Cut here to fit the message: {400 - shown} more lines." in page.text_content()
    assert part.text.count("Signing:") == 400
    assert all(sentence in page.text_content() for sentence in composed().coverage)


def test_two_hundred_ordinary_lines_fit_half_at_least() -> None:
    shown = len(parsed(email(big_digest(200))).xpath("//h3"))
    assert shown >= 100


def test_the_weekly_word_has_no_sections() -> None:
    made = digest.compose(material(subscribed=subscription()), NOW, words("fr"), place)
    assert made is not None
    page = parsed(email(made))
    assert "Rien de nouveau" in page.text_content()
    assert page.xpath("//h3") == []


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/1?x=1&y=2#z", True),
        ("http://a.example:8080/", True),
        ("HTTPS://A.example/", True),
        ("https://例え.example/城", True),
        ("javascript:alert(1)", False),
        ("JaVaScript://a.example/%0aalert(1)", False),
        ("data:text/html,x", False),
        ("ftp://a.example/", False),
        ("//a.example/", False),
        ("/relative", False),
        ("https://", False),
        ("https:///path", False),
        ("https://a.example/\\@evil.example", False),
        ("https://a.example/ b", False),
        ("https://a.example/\nb", False),
        ("https://a.example/\u202egpj", False),
        ("https://a.example/<b>", False),
        ('https://a.example/"x', False),
        ("https://[bad/", False),
        ("https://a.example/" + "x" * 2_000, False),
        ("", False),
    ],
)
def test_only_web_addresses_are_linked(url: str, safe: bool) -> None:
    assert safe_address(url) == (url if safe else None)


# ---------------------------------------------------------------- Slack


def test_a_slack_message_has_blocks_and_a_fallback_text() -> None:
    one = composed()
    (part,) = slack(one)
    shown = blocks(part)
    assert shown[0]["type"] == "header"
    assert len(shown) <= 50
    joined = "\n".join(mrkdwn([part]))
    assert all(f"*{line.headline}*" in joined for section in one.sections for line in section.lines)
    assert "<https://wanbao.example/1?a=1&amp;b=2|南锡与昆明签署十年合作章程>" in joined
    assert all(render.escaped(sentence) in joined for sentence in one.coverage)
    assert part.text.startswith(one.subject)


def test_no_text_from_outside_speaks_slack() -> None:
    parts = slack(hostile_digest())
    for text in (*mrkdwn(parts), *(part.text for part in parts)):
        links = [piece.partition(">")[0] for piece in text.split("<")[1:]]
        assert all(link.startswith("https://courrier.example/charte|") for link in links)
        assert not any(speech in text for speech in ("<!", "<@", "<#"))
    assert all(block["text"]["verbatim"] for part in parts for block in blocks(part) if block["type"] == "section")  # type: ignore[index]
    assert any("&amp;lt;!channel&amp;gt;" in text for text in mrkdwn(parts))


def test_a_bar_in_an_address_cannot_change_the_text_of_the_link() -> None:
    one = told(
        event(),
        reports=(report("Charte", url="https://a.example/x|Your bank"), report("B", url="https://a.example/x|y")),
    )
    made = digest.compose(material(one), NOW, words(), place)
    assert made is not None
    joined = "\n".join(mrkdwn(slack(made)))
    assert "<https://a.example/x%7Cy|B>" in joined
    assert "Your bank" not in joined


@pytest.mark.parametrize(("items", "details"), [(60, 2), (200, 2), (200, 12), (500, 40), (120, 100)])
def test_long_digests_are_split_between_items_within_slacks_limits(items: int, details: int) -> None:
    one = big_digest(items, details)
    parts = slack(one)
    assert 1 < len(parts) <= render.MAX_PARTS
    for number, part in enumerate(parts, start=1):
        shown = blocks(part)
        assert len(shown) <= render.MAX_BLOCKS
        assert len(part.blocks or "") <= 13_000
        assert len(part.text) <= render.MAX_FALLBACK_CHARS
        assert all(len(text) <= render.MAX_SECTION_CHARS for text in mrkdwn([part]))
        assert part.subject.endswith(f"({number}/{len(parts)})")
    told_lines = sum(text.count("*Signing:") for text in mrkdwn(parts))
    joined = "\n".join(mrkdwn(parts))
    assert told_lines == items or f"{items - told_lines} more line" in joined
    assert one.coverage[0] in joined


def test_a_line_over_the_limit_loses_whole_pieces() -> None:
    address = "https://a.example/" + "x" * 1_900
    line = DigestLine("Signing", ("y" * 500,) * 3, (report("Z", url=address), report("A", url=address)))
    made = replace(composed(), sections=(DigestSection("new", "New", (line,)),))
    text = next(text for text in mrkdwn(slack(made)) if "*Signing*" in text)
    assert len(text) <= render.MAX_SECTION_CHARS
    assert text.count("<") == text.count(">")


def test_more_than_three_reports_are_counted() -> None:
    reports = [report(str(number), url=f"https://a.example/{number}") for number in range(5)]
    made = digest.compose(material(told(event(), change(ChangeKind.OPENED), reports=reports)), NOW, words(), place)
    assert made is not None
    text = next(text for text in mrkdwn(slack(made)) if "*Signing" in text)
    assert text.count("<https://") == 3
    assert text.endswith("\n+2")
    assert unescape(text).count("Courrier") == 3
