"""At which doses and paces a clinic's tapers were held, stepped back or slowed: from a plan's versions, and counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from planner.course import Span, as_planned
from planner.models import Version

BAND = 5  # percent of the dose before a cut, in a week
MOST_BAND = 6  # this one has no upper end
TENTHS = 10
AFTER = {"hold": "held", "wait": "held", "step-back": "stepped_back"}


@dataclass(frozen=True)
class Made:
    """A cut of a course, with the version and step that made it."""

    day: date
    before: Decimal
    daily: Decimal
    version: int
    step: int


def cuts_of(versions: Sequence[Version], closed_on: date | None) -> list[dict[str, Any]]:
    """The columns of each cut of a plan, of its versions in their order; a stop is none, nothing is decided after it.

    Only cuts made by this clinic count: of a plan that was brought in, those from then on.
    """
    own = [version for version in versions if not version.elsewhere]
    since = own[0].issued_on if len(own) < len(versions) else date.min
    cuts = [cut for cut in _made(versions) if since <= cut.day and (closed_on is None or cut.day <= closed_on)]
    after: dict[Made, dict[str, bool]] = {cut: {} for cut in cuts}
    for version in own:
        if (name := _decided(version, versions)) and (cut := _cut_before(version, cuts)):
            after[cut][name] = True
    by_number = {version.number: version for version in versions}
    starting = _starting(versions[0])
    return [_columns(cut, starting, by_number) | after[cut] for cut in cuts]


def _made(versions: Sequence[Version]) -> list[Made]:
    before, found = _daily(versions[0].answer["request"]["regimen"]), []
    for span in as_planned(versions):
        if span.step and 0 < span.daily < before:
            found.append(_made_by(span, before))
        before = span.daily
    return found


def _made_by(span: Span, before: Decimal) -> Made:
    return Made(span.first, before, span.daily, span.version, span.step)


def _decided(version: Version, versions: Sequence[Version]) -> str:
    """What the version was issued for, as a column; another pace where its end comes later."""
    if version.kind != "pace":
        return AFTER.get(version.kind, "")
    before = versions[version.number - 2]
    return "slowed" if version.ends and before.ends and version.ends > before.ends else ""


def _cut_before(version: Version, cuts: Sequence[Made]) -> Made | None:
    """The cut at whose dose it was decided: one of the day itself counts where the version only settles it."""
    settled = len(version.answer["request"].get("lead") or ())
    made = [
        cut for cut in cuts
        if cut.day <= version.begins
        and (cut.version < version.number or (cut.version == version.number and cut.step <= settled))
    ]  # fmt: skip
    return made[-1] if made else None


def _columns(cut: Made, starting: Decimal, versions: Mapping[int, Version]) -> dict[str, Any]:
    weekly = Fraction(cut.before - cut.daily) / Fraction(cut.before) * 100 * 7 / _planned_days(cut, versions)
    return {
        "day": cut.day,
        "daily": cut.daily,
        "tenth": min(TENTHS, ceil(Fraction(cut.daily) / Fraction(starting) * TENTHS)),
        "weekly": min(MOST_BAND, ceil(weekly / BAND)),
    }


def _planned_days(cut: Made, versions: Mapping[int, Version]) -> int:
    """How long its dose was to be taken: before a hold that began on its very day, as the version before planned it."""
    version = versions[cut.version]
    step = version.answer["steps"][cut.step - 1]
    if cut.step <= len(version.answer["request"].get("lead") or ()) and cut.version - 1 in versions:
        earlier = versions[cut.version - 1].answer["steps"]
        step = next((one for one in earlier if one["start"] == step["start"] and one["days"]), step)
    return int(step["days"])


def _starting(first: Version) -> Decimal:
    request = first.answer["request"]
    return Decimal(request["starting"]) if request.get("starting") else _daily(request["regimen"])


def _daily(regimen: Mapping[str, str]) -> Decimal:
    return sum(map(Decimal, regimen.values()), Decimal(0))


# Counting


@dataclass(frozen=True)
class Counted:
    """Cuts to doses of a band at a pace of a band, and after how many of them what."""

    cuts: int
    held: int
    stepped_back: int
    slowed: int

    def plus(self, other: "Counted") -> "Counted":
        return Counted(*(one + more for one, more in zip(vars(self).values(), vars(other).values(), strict=True)))


NONE = Counted(0, 0, 0, 0)
Bands = dict[tuple[int, int], Counted]  # by dose and pace


def by_tenth(rows: Iterable[Mapping[str, Any]]) -> Bands:
    """By tenths of the starting dose."""
    return _summed((row["tenth"], row) for row in rows)


def by_dose(rows: Iterable[Mapping[str, Any]], width: Decimal) -> Bands:
    """By the dose in the medicine's unit: band n goes up to n times the width."""
    return _summed((ceil(row["daily"] / width), row) for row in rows)


def width_for(most: Decimal) -> Decimal:
    """The width of bands in which the highest dose lies in the tenth at most: 1, 2 or 5 of a power of ten."""
    step = Decimal(1).scaleb((most / TENTHS).adjusted())
    return next(step * times for times in (1, 2, 5, 10) if step * times * TENTHS >= most)


def total(bands: Bands) -> Counted:
    found = NONE
    for counted in bands.values():
        found = found.plus(counted)
    return found


def _summed(rows: Iterable[tuple[int, Mapping[str, Any]]]) -> Bands:
    found: Bands = {}
    for band, row in rows:
        key = (band, row["weekly"])
        counted = Counted(row["cuts"], row["held"], row["stepped_back"], row["slowed"])
        found[key] = found.get(key, NONE).plus(counted)
    return dict(sorted(found.items(), key=lambda item: (-item[0][0], item[0][1])))
