"""From a request to the best schedule that keeps its rules."""

from planner.taper.check import exclusions
from planner.taper.edits import edited
from planner.taper.end_by import in_time
from planner.taper.lead import led
from planner.taper.request import Request
from planner.taper.schedule import Answer
from planner.taper.solve import solve


def propose(request: Request) -> Answer:
    """The best schedule of a request, checked by the rules; the README says what is best.

    Raises BadInput where the products cannot make the target or a final dose, or a change by hand cannot be made. An
    answer is refused where a patient factor forbids a schedule, where no smaller dose can be made, where `coarse` is
    refuse and a cut must pass the limit, or where no pace ends by the date that was wished for.
    """
    if forbidden := exclusions(request):
        return Answer("refused", request, findings=tuple(forbidden))
    if request.lead:
        return led(request, propose)
    found = solve(request) if request.end_by is None else in_time(request)
    return edited(request, found) if request.edits and found.steps else found
