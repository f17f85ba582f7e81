"""What the records of one request are written with."""

from __future__ import annotations

from fastapi import Request

from monitor.domain.export_records import Describing
from monitor.web.page import wording_of
from monitor.web.site import site_of


def describing(request: Request) -> Describing:
    """Headlines and names in the language that the request accepts (Accept-Language), else in the archive's."""
    site = site_of(request)
    return Describing(wording_of(request), site.app.gazetteer.place, site.options.base_url.rstrip("/"))
