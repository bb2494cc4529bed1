"""An answer written out in the formats that the commands know."""

import json
import sys
from pathlib import Path

from planner.formulary import load
from planner.papers import ClinicOnPaper, Paper, calendar_pdf, day_rows_csv
from planner.taper import Answer, BadInput, answer_json
from planner.taper.amounts import show

FORMATS = ("table", "json", "csv", "pdf")
NOBODY = ClinicOnPaper(name="", country="GB", phone="", hours="", out_of_hours="", emergency="")


def require_format(name: str) -> None:
    """Raises BadInput for a format that is not known."""
    if name not in FORMATS:
        raise BadInput("format", name, f"The formats are: {', '.join(FORMATS)}.")


def write(answer: Answer, form: str, output: Path | None) -> None:
    """Write an answer to a file, or to standard output. Raises BadInput where the file cannot be written."""
    content = rendered(answer, form)
    if output is None:
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise BadInput("output", output, f"It cannot be written: {error.strerror}.") from None


def rendered(answer: Answer, form: str) -> bytes:
    if form == "json" or not answer.steps:
        return (json.dumps(answer_json(answer), ensure_ascii=False, indent=2) + "\n").encode()
    if form == "csv":
        return day_rows_csv(answer).encode()
    if form == "pdf":
        return calendar_pdf(Paper(answer=answer, medicine=load(answer.medicine.key), clinic=NOBODY))
    return table(answer).encode()


def table(answer: Answer) -> str:
    """The steps, findings and supply as plain text."""
    unit = answer.medicine.unit
    rows = [["step", "from", "days", *answer.request.times, "a day", "cut", "of current", "of starting", ""]]
    for step in answer.steps:
        doses = [show(dose) for dose in step.regimen.values()]
        shares = [f"{step.cut_of_current} %", f"{step.cut_of_starting} %", "over the limit" if step.over_limit else ""]
        length = str(step.days) if step.days else "stop"
        rows.append([str(step.number), step.start.isoformat(), length, *doses, show(step.daily), show(step.cut), *shares])
    lines = [f"{answer.medicine.name}, {unit}. Not issued: no medicine is to be taken by this.", "", *_aligned(rows), ""]
    lines += [_finding_line(finding.severity, finding.code, finding.step, finding.message) for finding in answer.findings]
    total = answer.supply.total if answer.supply else {}
    lines.append("supply: " + ", ".join(f"{show(units)} of {product}" for product, units in total.items()))
    lines.append(f"ends: {answer.ends}, after {answer.days} days")
    return "\n".join(lines) + "\n"


def _finding_line(severity: str, code: str, step: int | None, message: str) -> str:
    return f"{severity}: {code}{f' (step {step})' if step else ''}: {message}"


def _aligned(rows: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
