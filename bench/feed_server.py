"""A thousand publishers on one machine: invented feeds, each on a loopback address of its own, with ETag and
Last-Modified. `python -m bench.feed_server COUNT` prints its port, then serves until its input ends; each line of
input is the number of entries that every feed has brought out since the first poll.
"""

from __future__ import annotations

import asyncio
import random
import resource
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache

ENTRIES = 30
START = datetime(2026, 8, 1, 6, tzinfo=UTC)
WORDS = [
    "harbour",
    "council",
    "bridge",
    "delegation",
    "mayor",
    "orchestra",
    "river",
    "valley",
    "school",
    "choir",
    "market",
    "garden",
    "station",
    "visit",
    "signed",
    "agreed",
    "opened",
    "welcomed",
    "students",
    "museum",
    "winter",
    "summer",
    "festival",
    "library",
    "tram",
    "partner",
    "province",
    "hospital",
    "research",
    "exchange",
    "exhibition",
    "workshop",
    "engineers",
    "farmers",
    "theatre",
    "painter",
    "forest",
    "mountain",
    "island",
    "lighthouse",
    "bakery",
    "regatta",
    "anniversary",
]
ACCENTED = ("cérémonie", "señalización", "Gemüsemärkte", "međunarodni", "hợp tác", "友好城市", "сотрудничество", "협력")


def address(number: int) -> str:
    """The host of a feed."""
    return f"127.0.{1 + number // 250}.{1 + number % 250}"


def url(number: int, port: int) -> str:
    """The address of a feed."""
    return f"http://{address(number)}:{port}/news/feed.xml"


def document(number: int, brought: int) -> bytes:
    """The feed after it brought out `brought` entries more; the oldest make room. One in three is Atom."""
    shown = range(brought, brought + ENTRIES)
    make, frame = (_atom_entry, _ATOM) if number % 3 == 0 else (_rss_entry, _RSS)
    entries = "".join(make(number, one) for one in reversed(shown))
    return frame.format(number=number, date=_moment(brought + ENTRIES).isoformat(), entries=entries).encode()


_RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>Gazette {number}</title><link>https://gazette{number}.example/</link><description>News</description>
<language>en</language><lastBuildDate>{date}</lastBuildDate>
<atom:link href="https://gazette{number}.example/feed" rel="self" type="application/rss+xml"/>
{entries}</channel></rss>"""

_ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Gazette {number}</title>
<link href="https://gazette{number}.example/"/><link rel="self" href="https://gazette{number}.example/feed"/>
<id>tag:gazette{number}.example,2026:feed</id><updated>{date}</updated>
{entries}</feed>"""


def _moment(entry: int) -> datetime:
    return START + timedelta(hours=entry)


def _sentence(chance: random.Random, words: int) -> str:
    chosen = chance.choices(WORDS, k=words)
    chosen[chance.randrange(words)] = chance.choice(ACCENTED)
    return " ".join(chosen).capitalize()


@cache
def _texts(number: int, entry: int) -> tuple[str, str, str]:
    """Title, teaser and body of an entry."""
    chance = random.Random(f"{number}/{entry}")
    body = "".join(f"<p>{_sentence(chance, 16)}. <a href='/a/{entry}'>{_sentence(chance, 3)}</a></p>" for _ in range(2))
    return _sentence(chance, 8), f"<p>{_sentence(chance, 10)}&hellip;</p>", body


def _rss_entry(number: int, entry: int) -> str:
    title, teaser, body = _texts(number, entry)
    link = f"https://gazette{number}.example/2026/{entry}/story"
    return (
        f"<item><title>{title} &amp; more</title><link>{link}</link><guid isPermaLink='true'>{link}</guid>"
        f"<pubDate>{format_datetime(_moment(entry))}</pubDate><dc:creator>Desk {number % 7}</dc:creator>"
        f"<category>Town</category><media:thumbnail url='{link}.jpg' width='150' height='100'/>"
        f"<description><![CDATA[{teaser}]]></description>"
        f"<content:encoded><![CDATA[{body}]]></content:encoded></item>\n"
    )


def _atom_entry(number: int, entry: int) -> str:
    title, teaser, body = (text.replace("&", "&amp;").replace("<", "&lt;") for text in _texts(number, entry))
    link = f"https://gazette{number}.example/2026/{entry}/story"
    date = _moment(entry).isoformat()
    return (
        f'<entry><title type="text">{title}</title><link rel="alternate" type="text/html" href="{link}"/>'
        f"<id>{link}</id>"
        f"<published>{date}</published><updated>{date}</updated><author><name>Desk {number % 7}</name></author>"
        f'<category term="town"/><summary type="html">{teaser}</summary><content type="html">{body}</content></entry>\n'
    )


class _Feeds:
    """What all connections share."""

    def __init__(self, count: int) -> None:
        self.numbers = {address(number): number for number in range(count)}
        self.brought = 0
        self._documents: dict[tuple[int, int], bytes] = {}

    def prepare(self, brought: int) -> None:
        """Write all documents in advance, so that serving them costs next to nothing."""
        for number in self.numbers.values():
            self._documents[number, brought] = document(number, brought)
        self.brought = brought

    def answer(self, host: str, request: bytes) -> bytes:
        """The whole answer to a request."""
        number = self.numbers[host]
        tag = f'"{number}-{self.brought}"'
        known = _header(request, b"if-none-match") == tag.encode()
        body = b"" if known else self._documents[number, self.brought]
        head = (
            f"HTTP/1.1 {'304 Not Modified' if known else '200 OK'}\r\nContent-Type: application/xml; charset=utf-8\r\n"
            f"ETag: {tag}\r\nLast-Modified: {format_datetime(_moment(self.brought), usegmt=True)}\r\n"
        )
        length = "" if known else f"Content-Length: {len(body)}\r\n"
        return f"{head}{length}\r\n".encode() + body


def _header(request: bytes, name: bytes) -> bytes:
    for line in request.split(b"\r\n"):
        key, _, value = line.partition(b":")
        if key.lower() == name:
            return value.strip()
    return b""


class _Connection(asyncio.Protocol):
    def __init__(self, feeds: _Feeds) -> None:
        self._feeds = feeds
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._host = transport.get_extra_info("sockname")[0]

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            request, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            self._transport.write(self._feeds.answer(self._host, request))  # type: ignore[attr-defined]


async def _serve(count: int) -> None:
    feeds = _Feeds(count)
    feeds.prepare(0)
    loop = asyncio.get_running_loop()
    first = await loop.create_server(lambda: _Connection(feeds), address(0), 0)
    port = first.sockets[0].getsockname()[1]
    await loop.create_server(lambda: _Connection(feeds), [address(number) for number in range(1, count)], port)
    print(port, flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        feeds.prepare(int(line))
        print("ready", flush=True)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    asyncio.run(_serve(int(sys.argv[1])))


if __name__ == "__main__":
    main()
