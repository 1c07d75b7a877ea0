"""`transfer-rules test`: run the worked examples of a pack."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..errors import PackError
from ..examples import examples_beside, read_examples, run_example
from ..loading import find_pack
from ._common import CLEAN, FINDINGS, fail, load_or_exit, printable


@click.command("test")
@click.argument("pack")
@click.option(
    "--examples", "files", multiple=True, help="A file of examples; without it, examples/<pack>.yaml beside the pack. May be given more than once."
)
def command(pack: str, files: tuple[str, ...]) -> None:
    """Run the worked examples of PACK and say which are not as expected.

    Exits 0 when all are, 1 when some are not, 2 when something cannot be read.
    """
    policy = load_or_exit(pack)
    paths = [Path(file) for file in files] or [examples_beside(find_pack(pack))]
    failed = total = 0
    for path in paths:
        try:
            examples = read_examples(path)
        except PackError as error:
            fail(error)
        for example in examples:
            total += 1
            differences = run_example(policy, example)
            if differences:
                failed += 1
                click.echo(printable(f"{example.place}: {example.name}"))
                for difference in differences:
                    click.echo(printable(f"    {difference}"))
    click.echo(f"{total - failed} of {total} examples as expected" + (f"; {failed} not" if failed else ""))
    sys.exit(FINDINGS if failed else CLEAN)
