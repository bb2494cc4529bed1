"""How a command says that it cannot go on."""

import sys
from typing import NoReturn


def fail(error: object, code: int = 2) -> NoReturn:
    """One line on standard error, and the exit code."""
    print(" ".join(str(error).split()), file=sys.stderr)
    sys.exit(code)
