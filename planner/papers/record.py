"""The plan as plain text, for pasting into another system."""

from collections.abc import Mapping
from decimal import Decimal

from planner.papers.days import ask_before, ends_at_zero, times_of
from planner.papers.glance import dates_words
from planner.papers.model import Paper, check_paper
from planner.papers.numbers import long_date, millilitres, number, percent
from planner.papers.wording import Wording, count_words
from planner.papers.words import NOT_ISSUED
from planner.taper.checkins import CheckIn, check_ins
from planner.taper.schedule import Finding, Step


def record_text(paper: Paper, reasons: Mapping[str, str] | None = None) -> str:
    """The plan in lines of text. reasons: by a finding's code, as given by the prescriber.

    Raises PaperError where there is no schedule.
    """
    check_paper(paper)
    parts = [_head(paper), _now(paper), _steps(paper), _check_ins(paper)]
    parts += [_findings(paper, reasons or {}), _supply(paper)]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _head(paper: Paper) -> list[str]:
    what = "Checked schedule" if paper.answer.outcome == "checked" else "Taper plan"
    lines = [f"{what}: {paper.medicine.name}", NOT_ISSUED if paper.not_issued else paper.stamp]
    if paper.patient:
        born = long_date(paper.patient.born, weekday=False)
        identifier = f", {paper.patient.identifier}" if paper.patient.identifier else ""
        lines.append(f"Patient: {paper.patient.name}, born {born}{identifier}")
    if paper.replaces:
        lines.append(f"Replaces version {paper.replaces[0]} of {long_date(paper.replaces[1], weekday=False)}")
    return lines


def _now(paper: Paper) -> list[str]:
    request, wording = paper.answer.request, Wording(paper)
    return [
        f"Takes now: {wording.dose(request.current)} a day ({wording.regimen(request.regimen)})",
        f"Starting dose: {wording.dose(request.starting)} a day",
        f"Target: {wording.dose(request.target)} a day",
        f"Products: {'; '.join(wording.label(key) for key in wording.products)}",
    ]


def _steps(paper: Paper) -> list[str]:
    lines = ["Steps (cut as percent of the current dose and of the starting dose):"]
    return [*lines, *(_step(paper, step) for step in paper.answer.steps), *_end(paper)]


def _step(paper: Paper, step: Step) -> str:
    wording, cut = Wording(paper), _cut(paper, step)
    if not step.days:
        return f"{step.number}. {dates_words(step)}: stop, no more doses ({cut})"
    doses = [
        f"{time} {wording.said(step.take.get(time, ()), step.regimen.get(time, Decimal(0)))}"
        for time in times_of(paper.answer)
    ]
    return f"{step.number}. {dates_words(step)}: {wording.dose(step.daily)} a day: {'; '.join(doses)} ({cut})"


def _cut(paper: Paper, step: Step) -> str:
    if not step.cut:
        return "no change"
    size, what = Wording(paper).dose(abs(step.cut)), "rise" if step.cut < 0 else "cut"
    of_current, of_starting = (percent(abs(p), paper.country) for p in (step.cut_of_current, step.cut_of_starting))
    over = ", over the limit" if step.over_limit else ""
    return f"{what} {size}, {of_current} of current, {of_starting} of starting{over}"


def _end(paper: Paper) -> list[str]:
    last = paper.answer.steps[-1]
    if ends_at_zero(paper.answer):
        return [f"Stop: {long_date(last.start)}"]
    if paper.answer.request.after_lead == "wait":
        return [f"Held at {Wording(paper).dose(last.daily)} a day until further notice"]
    until = ask_before(paper.answer)
    supplied = f", supplied to {long_date(until)}" if until else ""
    return [f"Goes on at {Wording(paper).dose(last.daily)} a day from {long_date(last.start)}{supplied}"]


def _check_ins(paper: Paper) -> list[str]:
    found = check_ins(paper.answer)
    return ["Check-ins (how is the patient?):", *(_check_in(each) for each in found)] if found else []


def _check_in(found: CheckIn) -> str:
    note = f"; {found.note}" if found.note else ""
    return f"- {long_date(found.day)}: step {found.step}, {found.why}{note}"


def _findings(paper: Paper, reasons: Mapping[str, str]) -> list[str]:
    if not paper.answer.findings:
        return []
    lines = [_finding(finding) for finding in paper.answer.findings]
    return ["Findings:", *lines, *(f"Reason for {code}: {reason}" for code, reason in sorted(reasons.items()))]


def _finding(finding: Finding) -> str:
    step = f", step {finding.step}" if finding.step is not None else ""
    return f"- {finding.code} ({finding.severity}{step}): {finding.message}"


def _supply(paper: Paper) -> list[str]:
    supply = paper.answer.supply
    if supply is None or not supply.fills:
        return []
    wording = Wording(paper)
    totals = [f"- {wording.label(key)}: {_units(wording, key, units)}" for key, units in supply.total.items()]
    return ["Supply:", *totals]


def _units(wording: Wording, key: str, units: Decimal) -> str:
    if wording.products[key].is_liquid:
        return millilitres(units, wording.country)
    return count_words(units, wording.country) if units % 1 else number(units, wording.country)
