"""The API against its own document: schemathesis asks for what the document allows and for what it forbids."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import GenerationMode
from schemathesis.config import (
    ChecksConfig,
    GenerationConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from monitor.bootstrap import App
from monitor.settings import Configuration, Settings, SourcesFile
from monitor.web.api.openapi import document
from tests.web import relations_world
from tests.web.conftest import NOW
from tests.web.signing_in import Town
from tests.web.test_api import fill, program

EXAMPLES = 15  # of each operation, beside those that schemathesis derives from the document itself

ADDRESS = "/api/v1/openapi.json"
# A cursor is opaque: one that nobody gave out is refused (400), and what is not there is not found.
ACCEPTED = ["2xx", "304", "400", "404"]


class Lent:
    """An application that is named before it is there: the tests are collected from its document."""

    def __init__(self) -> None:
        self.token = ""
        self.site: ASGIApp = Starlette(routes=[Route(ADDRESS, lambda _request: JSONResponse(document()))])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.site(scope, receive, send)


LENT = Lent()
SCHEMA = schemathesis.openapi.from_asgi(
    ADDRESS,
    LENT,
    config=SchemathesisConfig(
        projects=ProjectsConfig(
            default=ProjectConfig(
                generation=GenerationConfig(
                    modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE], max_examples=EXAMPLES, deterministic=True
                ),
                checks=ChecksConfig(positive_data_acceptance=PositiveDataAcceptanceConfig(expected_statuses=ACCEPTED)),
            )
        )
    ),
)


@SCHEMA.auth()
class ByToken:
    """What a program sends; schemathesis also leaves it out, and expects to be turned away."""

    def get(self, _case: schemathesis.Case, _context: schemathesis.AuthContext) -> str:
        return LENT.token

    def set(self, case: schemathesis.Case, data: str, _context: schemathesis.AuthContext) -> None:
        case.headers["Authorization"] = data


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[None]:
    """A site with accounts and with something under every resource."""
    folder = tmp_path_factory.mktemp("contract")
    shutil.copy(migrated, folder / "monitor.db")
    configuration = Configuration(Settings(data_directory=folder), SourcesFile(), None)
    with App(configuration, clock=lambda: NOW, write=lambda _text: None) as app:
        town = Town(app)
        town.add()
        fill(app)
        relations_world.fill(app)
        LENT.site = town.web
        LENT.token = program(town).client.headers["authorization"]
        yield


@SCHEMA.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@pytest.mark.usefixtures("site")
def test_answers_are_what_the_document_says(case: schemathesis.Case) -> None:
    case.call_and_validate()
