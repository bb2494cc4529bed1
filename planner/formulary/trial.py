"""Whether a medicine file's own figures lead anywhere: its usual doses, tried with its products, paces and limits."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from planner.formulary.engine import engine_medicine
from planner.formulary.inline import inline_medicine
from planner.formulary.model import MedicineFile
from planner.taper import Answer, BadInput, parse_request, propose
from planner.taper.amounts import show
from planner.taper.medicine import Medicine

ANY_DAY = date(2024, 1, 1)  # no schedule's doses depend on it
Fault = tuple[str, str]


def trial_faults(file: MedicineFile) -> list[Fault]:
    """What is wrong where a file without contradictions is used: (key in the file, words)."""
    medicine = engine_medicine(file)
    shelves = {"default_products": file.default_products}
    shelves |= {f"default_products_by_market.{c}": keys for c, keys in file.default_products_by_market.items()}
    ask = partial(_faults, file, medicine)
    found = [fault for path, keys in shelves.items() for fault in ask(path, {"products": list(keys)})]
    found += [fault for name in file.paces for fault in ask(f"paces.{name}", {"pace": name})]
    return list(dict.fromkeys(found))


def _faults(file: MedicineFile, medicine: Medicine, path: str, asked: dict[str, Any]) -> Iterator[Fault]:
    for start in file.starts:
        regimen = {time: show(dose) for time, dose in start.regimen.items()}
        data = {"medicine": file.key, "regimen": regimen, "start": ANY_DAY.isoformat(), "factors": [], **asked}
        words = f"From {start.text(file.unit)}: "
        try:
            answer = propose(parse_request(data, lambda _: medicine, inline_medicine))
        except BadInput as bad:
            yield path, f"{words}{bad.field} {bad.value}: {bad.allowed}"
            continue
        yield from ((path, words + fault) for fault in _of_answer(answer))


def _of_answer(answer: Answer) -> Iterator[str]:
    unit = answer.medicine.unit
    if not answer.steps:
        yield " ".join(finding.message for finding in answer.findings)
    elif answer.steps[0].over_limit:
        first = answer.steps[0]
        yield f"the smallest first cut that these products make is {show(first.cut)} {unit}, over the limit."
