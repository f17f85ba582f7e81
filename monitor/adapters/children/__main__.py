"""`python -m monitor.adapters.children SETTINGS`: started by `monitor.adapters.sandbox`, of no use by hand."""

from __future__ import annotations

import sys

from monitor.adapters.children.loop import serve

TASKS = {
    "parse-feed": "monitor.adapters.children.feed:parse_feed",
    "parse-page": "monitor.adapters.children.page:parse_page",
    "parse-sitemap": "monitor.adapters.children.sitemap:parse_sitemap",
    "linked-feeds": "monitor.adapters.children.page:linked_feeds",
    "extract-article": "monitor.adapters.children.article:extract_article",
    "identify-language": "monitor.adapters.children.language:identify_language",
}

if __name__ == "__main__":
    serve(TASKS, sys.argv[1])
