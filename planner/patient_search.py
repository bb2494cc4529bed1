"""Finding patients by beginnings of words: of the name, the identifier, the date of birth."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from planner.models import Clinic, Patient, PatientWord, User
from planner.models.patients import PatientQuerySet
from planner.patient_words import plain_words, range_of

MOST_WORDS = 8
FEW = 5000  # matches of a word from which the patients are looked up; of more, those in order are asked one by one
Term = tuple[str, ...]  # words of which one has to match

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>[a-z]{3,9})\.?"
_DATES = re.compile(
    rf"""\b(?: (?P<iso>\d{{4}}-\d\d?-\d\d?)
    | (?P<one>\d\d?) (?P<mark>[/.-]) (?P<two>\d\d?) (?P=mark) (?P<year>\d{{4}})
    | (?P<day>\d\d?)\s+{_MONTH}\s+(?P<year_after>\d{{4}})
    | {_MONTH.replace("month", "month_first")}\s+(?P<day_after>\d\d?),?\s+(?P<last_year>\d{{4}})
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
MONTH_FIRST = {"US": (True,), "CA": (False, True)}  # how a country writes 3/4/1968; elsewhere the day comes first


@dataclass(frozen=True)
class Wanted:
    """Which patients are looked for, in the way in which the database finds them soonest.

    few: numbers of patients, all of the clinic, who are looked up and then ordered; many: what the patients are asked
    one by one in the order of their names, the answer being yes for many.
    """

    few: Sequence[QuerySet[Any]] = ()
    many: Sequence[Exists] = ()

    def of(self, user: User) -> PatientQuerySet:
        """Where there are few, the clinic is not asked for again: SQLite would go through all of its patients."""
        found = Patient.objects.all() if self.few else Patient.for_user(user)
        by_number: PatientQuerySet = found.filter(*(Q(pk__in=numbers) for numbers in self.few))
        return by_number.filter(*self.many)


def fitting(clinic: Clinic, text: str) -> Wanted:
    """Those whom every word of the text fits; everybody where it has none."""
    terms = terms_of(text, clinic.country)
    if not terms:
        return Wanted()
    words = [PatientWord.objects.filter(_fits(term, clinic=clinic)) for term in terms]
    counts = [_count(matches) for matches in words]
    rarest = counts.index(min(counts))
    few = [words[rarest].values("patient")] if counts[rarest] < FEW else []
    others = [term for place, term in enumerate(terms) if not few or place != rarest]
    return Wanted(few, [Exists(PatientWord.objects.filter(_fits(term), patient=OuterRef("pk"))) for term in others])


def terms_of(text: str, country: str) -> list[Term]:
    """The words of what was typed, a date of birth as one; no more than count."""
    terms: list[Term] = []
    at = 0
    for found in _DATES.finditer(text):
        if read := [f"{day:%Y%m%d}" for day in _readings(found.groupdict(""), country)]:
            terms += [(word,) for word in plain_words(text[at : found.start()])]
            terms.append((*read, "".join(plain_words(found[0]))))  # an identifier may look like a date
            at = found.end()
    terms += [(word,) for word in plain_words(text[at:])]
    return list(dict.fromkeys(terms))[:MOST_WORDS]


def _readings(parts: dict[str, str], country: str) -> list[date]:
    """The days that something like a date can mean, as the country writes them; else the other way round."""
    if parts["iso"]:
        return _days([tuple(map(int, parts["iso"].split("-")))])
    if parts["month"] or parts["month_first"]:
        year, day = parts["year_after"] or parts["last_year"], parts["day"] or parts["day_after"]
        return _days([(int(year), _month(parts["month"] or parts["month_first"]), int(day))])
    one, two, full_year = (int(parts[name]) for name in ("one", "two", "year"))
    orders = {True: (full_year, one, two), False: (full_year, two, one)}
    usual = [orders[order] for order in MONTH_FIRST.get(country, (False,))]
    return _days(usual) or _days(list(orders.values()))


def _days(numbers: Sequence[Any]) -> list[date]:
    return list(dict.fromkeys(_real_days(numbers)))


def _real_days(numbers: Sequence[Any]) -> Iterator[date]:
    for year, month, day in numbers:
        try:
            yield date(year, month, day)
        except ValueError:
            continue


def _month(name: str) -> int:
    """1 to 12; 0 where it is none."""
    return MONTHS.index(name[:3].lower()) + 1 if name[:3].lower() in MONTHS else 0


def _fits(term: Term, **of: Any) -> Q:
    """One of the words. of: said with each, so that the index of words serves several too."""
    fits = Q()
    for word in term:
        first, end = range_of(word)
        fits |= Q(word__gte=first, word__lt=end, **of)
    return fits


def _count(matches: "QuerySet[PatientWord]") -> int:
    """How many there are, up to the number from which it does not matter."""
    return matches.order_by()[:FEW].count()
