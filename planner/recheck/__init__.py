"""A second, deliberately simple reckoning of an answer, sharing nothing with the engine.

It works on a proposed answer as JSON, day by day, and says every difference in words. At each issue it has to find
none. What only a search can know, whether a cut over the limit is the smallest there is, it leaves out; and of a
schedule that somebody changed by hand, how long its steps are and where it stops.
"""

from planner.recheck import schedule
from planner.recheck.amounts import Json
from planner.recheck.supply import pieces, supplied, unknown

ALWAYS = (
    schedule.order, schedule.dates, schedule.as_settled, schedule.falls, schedule.target, schedule.sums,
    schedule.cuts, schedule.wished, schedule.limit, schedule.over_limit_findings,
)  # fmt: skip
UNLESS_CHANGED = (schedule.begins, schedule.change_days, schedule.stop, schedule.waits, schedule.lengths)


def recheck(answer: Json, products: dict[str, Json]) -> list[str]:
    """The differences found in a proposed answer in its JSON form; none if it is right.

    products: by key ``strength`` (text, in the medicine's unit per piece or per mL), ``liquid`` (true or false),
    ``divides`` (into how many parts a piece may be cut) and ``step_ml`` (text; None unless it is a liquid).
    """
    if found := unknown(answer, products):
        return found
    rules = ALWAYS if answer["request"].get("edits") else (*ALWAYS, *UNLESS_CHANGED)
    found = [fault for reckoning in rules for fault in reckoning(answer)]
    return [*found, *pieces(answer, products), *supplied(answer)]
