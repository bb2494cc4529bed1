"""An answer written out in the formats that the commands know."""

import json
import sys
from pathlib import Path
from typing import Any

from planner.papers import ClinicOnPaper, Paper, PaperError, calendar_pdf, day_rows_csv
from planner.papers.model import PageSize
from planner.shelves import install_shelf
from planner.taper import Answer, BadInput, Step, answer_json
from planner.taper.amounts import show

FORMATS = ("table", "json", "csv", "pdf")
NO_CLINIC = "no clinic named"


def require_format(name: str) -> None:
    """Raises BadInput for a format that is not known."""
    if name not in FORMATS:
        raise BadInput("format", name, f"The formats are: {', '.join(FORMATS)}.")


def json_bytes(data: Any, indent: int | None = None) -> bytes:
    """JSON in UTF-8, with a line end. Half a surrogate pair, which UTF-8 lacks, is written as JSON's escape for it."""
    return (json.dumps(data, ensure_ascii=False, indent=indent) + "\n").encode(errors="backslashreplace")


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
        return json_bytes(answer_json(answer), indent=2)
    if form == "csv":
        return day_rows_csv(answer).encode()
    if form == "pdf":
        return _calendar(answer)
    return table(answer).encode()


def _calendar(answer: Answer) -> bytes:
    """The calendar as a draft that belongs to no clinic; every page says that it is not issued."""
    country = answer.request.context.country or "GB"
    clinic = ClinicOnPaper(
        name=NO_CLINIC, country=country, phone=NO_CLINIC, hours="", out_of_hours="", emergency="your emergency number"
    )
    page_size: PageSize = "Letter" if country in ("US", "CA") else "A4"
    try:
        return calendar_pdf(Paper(answer, install_shelf().load(answer.medicine.key), clinic, page_size=page_size))
    except PaperError as error:
        raise BadInput("format", "pdf", str(error)) from None


def table(answer: Answer) -> str:
    """The steps, findings and supply as plain text."""
    head = ["step", "from", "days", *answer.request.times, "a day", "cut", "of current", "of starting", ""]
    total = answer.supply.total if answer.supply else {}
    lines = [
        f"{answer.medicine.name}, {answer.medicine.unit}. Not issued: no medicine is to be taken by this.",
        "",
        *_aligned([head, *(_row(step) for step in answer.steps)]),
        "",
        *(_finding_line(f.severity, f.code, f.step, f.message) for f in answer.findings),
        "supply: " + ", ".join(f"{show(units)} of {product}" for product, units in total.items()),
        f"ends: {answer.ends}, after {answer.days} days" if answer.ends else "held until further notice",
    ]
    return "\n".join(lines) + "\n"


def _row(step: Step) -> list[str]:
    doses = [show(dose) for dose in step.regimen.values()]
    shares = [f"{step.cut_of_current} %", f"{step.cut_of_starting} %", "over the limit" if step.over_limit else ""]
    length = str(step.days) if step.days else "stop"
    return [str(step.number), step.start.isoformat(), length, *doses, show(step.daily), show(step.cut), *shares]


def _finding_line(severity: str, code: str, step: int | None, message: str) -> str:
    return f"{severity}: {code}{f' (step {step})' if step else ''}: {message}"


def _aligned(rows: list[list[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
