"""The medicine files, for `manage.py check`."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from planner.formulary import validate_all
from planner.shelves import folder_faults


@register
def check_medicine_files(**_: Any) -> list[CheckMessage]:
    """Those that come with the planner, and those of the data folder."""
    return [Error(words, id="planner.medicine-file") for words in (*validate_all(), *folder_faults())]
