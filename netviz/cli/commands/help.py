"""``netviz help``: the keys of network files, and the help of commands."""

from __future__ import annotations

import click
import cloup


@cloup.command("help")
@cloup.argument("name", required=False, help="A table, a key such as output.file, or a command.")
@cloup.option("--markdown", is_flag=True, help="Print the reference of all keys in Markdown.")
@click.pass_context
def command(context: click.Context, name: str | None, markdown: bool) -> None:
    """Explain a key of a network file, or a command."""
    from netviz.spec import reference

    program = context.parent
    if markdown:
        click.echo(reference.page(), nl=False)
    elif name is None:
        click.echo(reference.overview())
    elif (
        program
        and isinstance(program.command, click.Group)
        and (named := program.command.get_command(program, name))
    ):
        inner = named.make_context(name, [], parent=program, resilient_parsing=True)
        click.echo(named.get_help(inner))
    else:
        click.echo(reference.described(name))
