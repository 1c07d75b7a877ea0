"""`transfer-rules schema`: print a JSON Schema."""

from __future__ import annotations

import json

import click

from ..schema import pack_schema
from ..snapshots import decision_schema, snapshot_schema
from ._common import load_or_exit


@click.command("schema")
@click.argument("what", type=click.Choice(["pack", "snapshot", "decision"]))
@click.option("--policy", "-p", "pack", help="For a snapshot: the pack whose teams, areas and local facts it may hold.")
def command(what: str, pack: str | None) -> None:
    """Print the JSON Schema of a pack, a snapshot or a decision."""
    if what == "pack":
        schema = pack_schema()
    elif what == "decision":
        schema = decision_schema()
    else:
        schema = snapshot_schema(load_or_exit(pack) if pack else None)
    click.echo(json.dumps(schema, indent=2, ensure_ascii=True))
