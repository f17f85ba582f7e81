"""`monitor digest`: what would be told, and telling it now."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.bootstrap import App
from monitor.cli.context import JsonOption, fail, opened, out, print_json, print_table
from monitor.domain.model.digests import ChannelKind, DeliveryReport, Digest
from monitor.pipeline import publish
from monitor.ports import Stage

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

SubscriptionArgument = Annotated[str | None, typer.Argument(help="Key of a subscription; without it: all.")]


@app.command()
def preview(ctx: typer.Context, subscription: SubscriptionArgument = None, json: JsonOption = False) -> None:
    """Show the digest that would be composed now; writes and sends nothing."""
    with opened(ctx) as program:
        program.apply_declared()
        now, chosen = program.clock(), _chosen(program, subscription)
        digests = [made for _, id_ in chosen if (made := publish.preview(id_, now, program.publishing)) is not None]
        if json:
            print_json(digests)
            return
        for made in digests:
            for part in program.publishing.renderers[ChannelKind.CONSOLE].render(made):
                out.print(part.text, markup=False)
        if not digests:
            out.print("Nothing to tell.")


@app.command()
def send(ctx: typer.Context, subscription: SubscriptionArgument = None, json: JsonOption = False) -> None:
    """Compose what is due now, whatever the schedule says, and deliver it."""
    with opened(ctx) as program:
        program.apply_declared()
        program.database.queue.hurry(Stage.COMPOSE, [id_ for _, id_ in _chosen(program, subscription)], program.clock())
        composed: list[Digest] = []
        delivered: list[DeliveryReport] = []
        program.dispatcher.drain(
            Stage.COMPOSE, watch=lambda one: composed.append(one) if isinstance(one, Digest) else None
        )
        program.dispatcher.drain(
            Stage.DELIVER, watch=lambda one: delivered.append(one) if isinstance(one, DeliveryReport) else None
        )
        if json:
            print_json({"composed": composed, "delivered": delivered})
            return
        rows = [(one.channel, one.recipient, one.state, one.outcome, one.detail) for one in delivered]
        print_table("Delivered", ("channel", "recipient", "state", "outcome", "detail"), rows, "Nothing to tell.")


@app.command("list")
def list_digests(ctx: typer.Context, json: JsonOption = False) -> None:
    """Digests as composed, newest first, with their deliveries."""
    with opened(ctx) as program:
        views = program.database.archive.digests()
        if json:
            print_json(views)
            return
        rows = [
            (
                one.composed_at,
                one.subscription_key,
                one.subject,
                ", ".join(f"{who}: {state}" for who, state, _ in one.deliveries),
            )
            for one in views
        ]
        print_table(
            "Digests", ("composed", "subscription", "subject", "deliveries"), rows, "No digest was composed yet."
        )


def _chosen(program: App, key: str | None) -> list[tuple[str, int]]:
    known = [(data.key, id_) for id_, data in program.database.archive.subscriptions()]
    chosen = [one for one in known if key is None or one[0] == key]
    if not chosen:
        names = ", ".join(name for name, _ in known) or "none: add a [[subscription]] to the settings"
        raise fail(f"no such subscription; there is {names}" if key else f"subscriptions: {names}")
    return chosen
