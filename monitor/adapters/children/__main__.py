"""`python -m monitor.adapters.children SETTINGS`: started by `monitor.adapters.sandbox`, of no use by hand."""

from __future__ import annotations

import sys

from monitor.adapters.children.loop import serve

TASKS = {
    "parse-feed": "monitor.adapters.children.feed:parse_feed",
    "parse-page": "monitor.adapters.children.page:parse_page",
    "parse-telegram": "monitor.adapters.children.telegram:parse_telegram",
    "parse-mail": "monitor.adapters.children.mail:parse_mail",
    "parse-sitemap": "monitor.adapters.children.sitemap:parse_sitemap",
    "linked-feeds": "monitor.adapters.children.discovery:linked_feeds",
    "survey-page": "monitor.adapters.children.discovery:survey_page",
    "extract-article": "monitor.adapters.children.article:extract_article",
    "extract-pdf": "monitor.adapters.children.pdf:extract_pdf",
    "identify-language": "monitor.adapters.children.language:identify_language",
}

if __name__ == "__main__":
    serve(TASKS, sys.argv[1])
