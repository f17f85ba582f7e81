"""The reader of mails by itself: whatever the bytes, an answer of the same shape or a refusal."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from monitor.adapters.children.loop import Refused
from monitor.adapters.children.mail import header_text, parse_mail

MAIL = (
    b"From: =?gb2312?B?yP26087g?= <news@sanhe.example>\r\nTo: a@b.example\r\nSubject: =?utf-8?Q?Charta_=C3=BC?=\r\n"
    b"Date: Sat, 22 Aug 2026 10:00:00 +0200\r\nMessage-ID: <1@sanhe.example>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/alternative; boundary="b1"\r\n\r\n--b1\r\nContent-Type: text/plain; charset=gb18030\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\nwb3K0MrQs6TJz87n\r\n--b1\r\nContent-Type: text/html\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>Two =3D mayors</p>\r\n--b1--\r\n"
)
KEYS = {
    *("guid", "title", "content", "sender_name", "sender", "list", "published_raw", "language", "web_copy", "notes"),
}  # fmt: skip

positions = st.integers(0, len(MAIL) - 1)


def mutated(changes: list[tuple[int, int]], cut: int, doubled: int) -> bytes:
    data = bytearray(MAIL)
    for position, value in changes:
        data[position] = value
    return bytes(data[:doubled]) + bytes(data[doubled // 2 : cut])


def shape(how: dict[str, object], mail: bytes) -> set[str] | str:
    """The fields of the answer, or the label of the refusal."""
    try:
        answer = parse_mail(how, mail)
    except Refused as refused:
        return refused.label
    assert answer["guid"]
    json.dumps(answer)
    return set(answer)


@given(st.lists(st.tuples(positions, st.integers(0, 255)), max_size=20), positions, positions)
def test_a_damaged_mail_is_read_or_refused(changes: list[tuple[int, int]], cut: int, doubled: int) -> None:
    mail = mutated(changes, cut, doubled)
    assert shape({}, mail) in (KEYS, "not-a-feed")
    assert shape({"head_only": True}, mail) in (KEYS, "not-a-feed")


@given(st.binary(max_size=2_000))
def test_so_is_anything_at_all(body: bytes) -> None:
    assert shape({}, body) in (KEYS, "not-a-feed")


@given(st.text(max_size=300))
def test_a_field_of_any_text_is_read(raw: str) -> None:
    assert isinstance(header_text(raw.encode("utf-8", "replace").decode("ascii", "surrogateescape")), str)


def test_the_sound_one_is_read_whole() -> None:
    answer = parse_mail({}, MAIL)
    assert (answer["title"], answer["sender"], answer["notes"]) == ("Charta ü", "news@sanhe.example", [])
    assert answer["sender_name"].startswith("三河")
    assert answer["content"] == "两市市长上午"
