"""The contract of the API as a document (OpenAPI 3.1). There is no page that shows it: such pages load scripts from
elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from starlette.routing import BaseRoute

from monitor import __version__
from monitor.domain.model.accounts import Role
from monitor.web.api import events, relations, running
from monitor.web.api.models import FieldProblem, Problem
from monitor.web.api.routing import ApiRoute
from monitor.web.guard import needs

router = APIRouter(prefix="/api/v1", route_class=ApiRoute, include_in_schema=False)

ROUTERS = (events.router, relations.router, running.router)
_PROBLEMS = (Problem, FieldProblem)
_REFERENCE = "#/components/schemas/{model}"


@router.get("/openapi.json")
@needs(Role.READER)
def openapi(request: Request) -> JSONResponse:
    """See the module."""
    del request
    return JSONResponse(document())


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The document, the same for everybody."""
    routes: Sequence[BaseRoute] = [route for router in ROUTERS for route in router.routes]
    made = get_openapi(
        title="sister-city-monitor",
        version=__version__,
        summary="Read the archive: events in relations between places, the articles that tell them, and what lasts.",
        routes=routes,
    )
    parts = made.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for model in _PROBLEMS:
        schema = model.model_json_schema(ref_template=_REFERENCE)
        schema.pop("$defs", None)
        schemas[model.__name__] = schema
    parts["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "Made by `monitor token add NAME`."}
    }
    made["security"] = [{"token": []}]
    return made
