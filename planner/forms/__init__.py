"""The form of the planner's page."""

from planner.forms.planner import PlannerForm
from planner.forms.reading import field_of

__all__ = ["PlannerForm", "field_of"]
