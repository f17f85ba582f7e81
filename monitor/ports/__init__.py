"""What the stages need of the outside world: one Protocol a need.

Rules for every implementation, said once:

- Moments are aware UTC datetimes, days are dates; `now` comes from the caller.
- Text that arrives from outside has been cleaned by the adapter (`domain.text.clean`): no NUL, no surrogates.
- Expected failures are returned as values with an `Outcome`; storage raises the errors of `monitor.errors`; anything
  else that escapes is a fault and is meant to be loud.
- Fetcher, Sandbox, Parser, Extractor, LanguageIdentifier, CaptureStore, Gazetteer and Channel may be called from any
  thread. A UnitOfWork belongs to the thread that opened it.
"""

from __future__ import annotations

from monitor.ports.accounts import (
    Accounts,
    Identity,
    IdentityProvider,
    IdentityRefused,
    PasswordCheck,
    Secrets,
    SignInRequest,
)
from monitor.ports.archive import Archive
from monitor.ports.corrections import Corrections, Relations
from monitor.ports.desks import Briefings, SavedSearches
from monitor.ports.reading import (
    CaptureStore,
    Embeddings,
    Extractor,
    Gazetteer,
    Json,
    LanguageIdentifier,
    PageSurvey,
    Parser,
    Sandbox,
    SandboxFailed,
    Wall,
)
from monitor.ports.running import Dispatcher, StageReport
from monitor.ports.shadow import Shadow
from monitor.ports.telling import CalendarWriter, Channel, DossierWriter, FeedWriter, Packer, Renderer
from monitor.ports.units import Stage, UnitOfWork, Units, WorkQueue
from monitor.ports.web import (
    Answered,
    Fetched,
    Fetcher,
    FetchFailed,
    FetchRequest,
    FormSender,
    Mailbox,
    MailboxRead,
    NotModified,
    Posted,
    Poster,
    Purpose,
)

__all__ = [
    "Accounts",
    "Answered",
    "Archive",
    "Briefings",
    "CalendarWriter",
    "CaptureStore",
    "Channel",
    "Corrections",
    "Dispatcher",
    "DossierWriter",
    "Embeddings",
    "Extractor",
    "FeedWriter",
    "FetchFailed",
    "FetchRequest",
    "Fetched",
    "Fetcher",
    "FormSender",
    "Gazetteer",
    "Identity",
    "IdentityProvider",
    "IdentityRefused",
    "Json",
    "LanguageIdentifier",
    "Mailbox",
    "MailboxRead",
    "NotModified",
    "Packer",
    "PageSurvey",
    "Parser",
    "PasswordCheck",
    "Posted",
    "Poster",
    "Purpose",
    "Relations",
    "Renderer",
    "Sandbox",
    "SandboxFailed",
    "SavedSearches",
    "Secrets",
    "Shadow",
    "SignInRequest",
    "Stage",
    "StageReport",
    "UnitOfWork",
    "Units",
    "Wall",
    "WorkQueue",
]
