"""Whether a medicine file's own figures lead anywhere: its usual doses, tried with its products, paces and limits."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from planner.formulary.engine import engine_medicine
from planner.formulary.inline import inline_medicine
from planner.formulary.model import MedicineFile
from planner.formulary.parts import Start
from planner.taper import BadInput, parse_request, propose
from planner.taper.amounts import show
from planner.taper.medicine import Medicine

ANY_DAY = date(2024, 1, 1)  # no schedule's doses depend on it
Fault = tuple[str, str]


def trial_faults(file: MedicineFile) -> list[Fault]:
    """What is wrong where a file without contradictions is used: (key in the file, words).

    The default products have to lead down from each usual dose, the first cut within the limit; those of a market, and
    a published pace, from one of them at least: what is too coarse there is flagged when it is planned.
    """
    trial = partial(_trial, file, engine_medicine(file))
    found = [fault for start in file.starts if (fault := trial(start, "default_products", {}, first=True))]
    for country, keys in file.default_products_by_market.items():
        found += _nowhere(file, partial(trial, path=f"default_products_by_market.{country}", asked={"products": keys}))
    for name in file.paces:
        found += _nowhere(file, partial(trial, path=f"paces.{name}", asked={"pace": name}))
    return found


def _nowhere(file: MedicineFile, trial: Callable[[Start], Fault | None]) -> list[Fault]:
    """The faults where no usual dose leads anywhere."""
    found = [trial(start) for start in file.starts]
    return [fault for fault in found if fault] if all(found) else []


def _trial(
    file: MedicineFile, medicine: Medicine, start: Start, path: str, asked: dict[str, Any], *, first: bool = False
) -> Fault | None:
    regimen = {time: show(dose) for time, dose in start.regimen.items()}
    data = {"medicine": file.key, "regimen": regimen, "start": ANY_DAY.isoformat(), "factors": [], **asked}
    words = f"From {start.text(file.unit)}: "
    try:
        answer = propose(parse_request(data, lambda _: medicine, inline_medicine))
    except BadInput as bad:
        return path, f"{words}{bad.field} {bad.value}: {bad.allowed}"
    if not answer.steps:
        return path, words + " ".join(finding.message for finding in answer.findings)
    if first and answer.steps[0].over_limit:
        step, most = answer.steps[0], file.limit.text(file.unit)
        cut = f"{show(step.cut)} {file.unit}, {step.cut_of_current} % of the current dose"
        ways = "Add a finer product, widen the limit, or leave this dose out of starts."
        return path, f"{words}the smallest first cut that these products make is {cut}; the limit is {most}. {ways}"
    return None
