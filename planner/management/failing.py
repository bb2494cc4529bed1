"""How a command says that it cannot go on."""

import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser


def fail(error: object, code: int = 2) -> NoReturn:
    """One line on standard error, and the exit code."""
    print(" ".join(str(error).split()), file=sys.stderr)
    sys.exit(code)


class PlainCommand(BaseCommand):
    """A command without a database, whose options are taken as they are spelled; a wrong one ends it with one line."""

    requires_system_checks: tuple[str, ...] = ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, allow_abbrev=False, **kwargs)
        parser.called_from_command_line = False  # it then raises, where it would print its whole usage
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        try:
            super().run_from_argv(argv)
        except CommandError as error:
            fail(f"{error}. --help names every option.")
