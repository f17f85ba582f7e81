"""What of a mail is news, what is the reader's own affair, and where everybody can read it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.newsletters import (
    MailPosition,
    is_allowed,
    links_in_text,
    mail_position,
    mail_text,
    mail_title,
    unwrapped,
    web_copy,
)

COPY = "https://news.brevenne.example/letters/2026-08"


@given(st.integers(1, 2**63), st.integers(0, 2**63))
def test_a_position_survives_being_written_down(validity: int, uid: int) -> None:
    position = MailPosition(validity, uid)
    assert mail_position(str(position)) == position


@pytest.mark.parametrize("text", [None, "", "7", '"abc"', "7:", "7:8:9", "-1:2", "７:8"])
def test_anything_else_is_no_position(text: str | None) -> None:
    assert mail_position(text) is None


@pytest.mark.parametrize(
    ("sender", "allowed", "verdict"),
    [
        ("letter@brevenne.example", (), True),
        ("letter@brevenne.example", ("Letter@Brevenne.example",), True),
        ("letter@brevenne.example", ("@brevenne.example",), True),
        ("letter@mail.brevenne.example", ("@brevenne.example",), True),
        ("letter@notbrevenne.example", ("@brevenne.example",), False),
        ("letter@brevenne.example.evil.example", ("@brevenne.example",), False),
        ("other@brevenne.example", ("letter@brevenne.example",), False),
        ("", ("@brevenne.example",), False),
    ],
)
def test_allowed_senders(sender: str, allowed: tuple[str, ...], verdict: bool) -> None:
    assert is_allowed(sender, allowed) is verdict


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("Re: Fwd: Letter of August", "Letter of August"),
        ("TR : La lettre d'août", "La lettre d'août"),
        ("转发：三河市通讯", "三河市通讯"),
        ("Reform of twinning", "Reform of twinning"),
        ("Re[2]: news", "news"),
    ],
)
def test_marks_of_replies_are_no_title(subject: str, title: str) -> None:
    assert mail_title(subject) == title


# ---------------------------------------------------------------- text


def test_full_lines_are_joined_and_short_ones_are_not() -> None:
    text = (
        "The mayors of both towns met on Saturday in the old harbour\nhall.\n"
        "They signed.\n\n"
        "Items of the charter that was signed there are the following:\n- a summer camp\n- a book fair"
    )
    assert unwrapped(text).split("\n") == [
        "The mayors of both towns met on Saturday in the old harbour hall.",
        "They signed.",
        "",
        "Items of the charter that was signed there are the following:",
        "- a summer camp",
        "- a book fair",
    ]


def test_chinese_lines_are_joined_without_a_blank() -> None:
    first, second = "三河市代表团星期六访问了布雷文市并在市政厅与市长举行了友好会谈", "双方签署了协议。"
    assert unwrapped(f"{first}\n{second}") == first + second


@pytest.mark.parametrize(
    "line",
    [
        "View this email in your browser",
        "Voir cette lettre dans votre navigateur",
        "Newsletter im Browser ansehen | Abmelden",
        "Ver en el navegador",
        "Отписаться от рассылки",
        "如无法阅读，请在浏览器中打开",
        "配信停止はこちら",
        "Hủy đăng ký nhận tin",
        "Se désabonner de cette liste",
        "You can unsubscribe at any time.",
    ],
)
def test_lines_about_the_mail_itself_are_dropped(line: str) -> None:
    assert mail_text(f"{line}\n\nThe charter was signed.", "") == "The charter was signed."


def test_a_long_paragraph_is_kept_whatever_it_mentions() -> None:
    paragraph = "The city opened a web version of its archive. " * 6
    assert mail_text(paragraph, "") == paragraph.strip()


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_address_survives(plain: str, html: str) -> None:
    secret = "https://x.example/u?t=abc"
    text = mail_text(f"{plain} {secret}\nme@cityhall.example", f"{html}\n<{secret}>", ["me@cityhall.example"])
    assert "x.example" not in text
    assert "me@cityhall.example" not in text


# ---------------------------------------------------------------- the copy on the web


@pytest.mark.parametrize(
    "text",
    [
        "View in browser",
        "Lire la version en ligne",
        "Im Browser öffnen",
        "Versione web",
        "Открыть в браузере",
        "网页版",
        "ブラウザで表示",
        "브라우저에서 보기",
        "Xem trên trình duyệt",
    ],
)
def test_a_copy_is_known_in_many_languages(text: str) -> None:
    assert web_copy([("Home", "https://brevenne.example/"), (text, COPY)]) == COPY


@pytest.mark.parametrize(
    ("href", "url"),
    [
        (f"{COPY}?utm_source=letter&utm_medium=email", COPY),
        (f"{COPY}?id=12&email=me%40cityhall.example", f"{COPY}?id=12"),
        (f"{COPY}?token=abc&lang=fr", f"{COPY}?lang=fr"),
        ("https://us1.campaign-archive.com/?e=9f8a7c6b5d&u=0123456789abcdef01234567a&id=ab12cd34ef",
         "https://us1.campaign-archive.com/?u=0123456789abcdef01234567a&id=ab12cd34ef"),
        ("https://mailchi.mp/brevenne/charter-signed-15?e=9f8a7c6b5d", "https://mailchi.mp/brevenne/charter-signed-15"),
        ("https://sender.example/v/9f8a7c6b5d4e3f2a1b0c", None),
        ("https://sender.example/v?q=9f8a7c6b5d4e3f2a1b0c", None),
        ("https://sender.example/AbCdEfGhIjKlMnOpQr", None),
        ("https://sender.example/web/me@cityhall.example", None),
        ("https://sender.example/web/me%40cityhall.example", None),
        ("https://sender.example/ls/click?upn=x", None),
        ("https://sender.example/", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)  # fmt: skip
def test_what_names_the_reader_is_taken_off_or_the_link_is_left(href: str, url: str | None) -> None:
    assert web_copy([("View in browser", href)]) == url


def test_a_link_to_leave_is_never_taken() -> None:
    assert web_copy([("Unsubscribe or view in browser", COPY)]) is None
    assert web_copy([("Our new town hall", COPY)]) is None


def test_addresses_in_plain_text_have_the_words_before_them() -> None:
    text = f"To read online:\n<{COPY}>\n\nHome: https://brevenne.example/"
    assert links_in_text(text) == [("To read online:", COPY), ("Home", "https://brevenne.example/")]
    assert web_copy(links_in_text(f"View this letter in your browser:\n{COPY}\n")) == COPY
