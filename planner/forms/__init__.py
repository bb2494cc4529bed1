"""The forms of the planner's page and of the page that checks a schedule."""

from planner.forms.check import CheckForm
from planner.forms.planner import PlannerForm
from planner.forms.reading import field_of

__all__ = ["CheckForm", "PlannerForm", "field_of"]
