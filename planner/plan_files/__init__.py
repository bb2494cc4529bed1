"""A plan as a JSON file: written for another clinic or another install, read, and held against its own words."""

from planner.plan_files.bringing import Brought, bring, brought_answer, brought_draft
from planner.plan_files.reading import MOST_BYTES, NotAPlan
from planner.plan_files.writing import FORMAT, FORMAT_VERSION, Chosen, plan_file

__all__ = [
    "FORMAT", "FORMAT_VERSION", "MOST_BYTES", "Brought", "Chosen", "NotAPlan", "bring", "brought_answer",
    "brought_draft", "plan_file",
]  # fmt: skip
