"""Where sites keep their feeds when no page says so: by the conventions of the systems that run them. Pure."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

# What any site may have, the most usual first.
_USUAL = ("/feed", "/rss.xml", "/rss", "/feed.xml", "/atom.xml", "/index.xml", "/feeds", "/rss/news")
# By a word of the generator; beside the page itself (no slash in front), then at the root.
_BY_SYSTEM = (
    ("wordpress", ("feed/", "/feed/", "/?feed=rss2")),
    ("spip", ("/spip.php?page=backend", "/backend.php")),
    ("drupal", ("rss.xml", "/rss.xml", "/news/rss.xml", "/feed")),
    ("joomla", ("?format=feed&type=rss", "/?format=feed&type=rss")),
    ("typo3", ("/rss.xml", "/?type=9818", "/feed.rss", "/?type=100")),
    ("movable type", ("atom.xml", "/atom.xml", "/index.rdf", "/rss.xml")),
    ("plone", ("RSS", "/RSS", "/atom.xml")),
    ("blogger", ("/feeds/posts/default?alt=rss",)),
    ("squarespace", ("?format=rss",)),
    ("ghost", ("/rss/",)),
    ("hugo", ("index.xml", "/index.xml")),
    ("jekyll", ("/feed.xml", "/atom.xml")),
    ("dedecms", ("/data/rssmap.xml", "/plus/rss.php?tid=1", "/rss.php")),
    ("phpcms", ("/index.php?m=content&c=rss", "/rss.php")),
    ("discuz", ("/forum.php?mod=rss", "/rss.php")),
    ("xoops", ("/backend.php", "/modules/news/backendt.php")),
    ("liferay", ("/rss", "/feed")),
)
_COMMENTS = ("/comments/", "comments/feed", "/comment", "feed=comments")
_COMMENT_TITLES = (
    "comments",
    "commentaires",
    "kommentare",
    "comentarios",
    "comentários",
    "commenti",
    "评论",
    "コメント",
)


def usual_feeds(page: str, generator: str | None) -> tuple[str, ...]:
    """Addresses at which a site may have a feed, the likeliest first: those of its system, of the section that the page
    stands for, of any site.
    """
    system = next((places for name, places in _BY_SYSTEM if name in (generator or "")), ())
    beside = ("feed/", "rss.xml") if urlsplit(page).path not in {"", "/"} and not system else ()
    return tuple(dict.fromkeys(_at(page, place) for place in (*system, *beside, *_USUAL)))


def is_of_comments(url: str, title: str | None) -> bool:
    """Whether a feed brings what readers say, not news."""
    said = (title or "").casefold()
    return any(mark in url.casefold() for mark in _COMMENTS) or said.startswith(_COMMENT_TITLES)


def _at(page: str, place: str) -> str:
    """Beside a page that stands for a folder, else beside the file."""
    bare = page.partition("?")[0]
    if place.startswith("?"):
        return f"{bare}{place}"
    is_file = page != bare or "." in bare.rpartition("/")[2]
    return urljoin(bare if is_file or bare.endswith("/") else f"{bare}/", place)
