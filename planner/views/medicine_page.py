"""A medicine file as its page shows it: in groups, each figure with its source and its sign-off."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from planner.forms_formulary import Ticks
from planner.formulary import MedicineFile
from planner.formulary.model import LABELS
from planner.formulary.review import HOLDS, Item
from planner.papers.numbers import short_date
from planner.sign_offs import Review, Reviewed
from planner.taper.medicine import Source, Standing
from planner.taper.words import listed

# The groups in the order of the page, and which parts of a file each holds. What no group names comes last.
GROUPS = (
    ("holds", "What the file holds", (HOLDS,)),
    (
        "down",
        "Going down",
        (
            "pace", "pace_basis", "paces", "limit", "limit_basis", "ceiling", "final_dose", "least_interval",
            "least_duration", "order", "finer", "alternate_days",
        ),
    ),
    ("differ", "Where sources differ", ("disagreements",)),
    (
        "doses",
        "Doses",
        (
            "maximums", "starts", "plausible_daily", "usual_times", "usual_at_once", "longest_gap", "hours",
            "nervous_system",
        ),
    ),
    ("products", "Products", ("products", "kept_apart")),
    ("factors", "Patient factors", ("factors",)),
    ("time", "Time course after a cut", ("timeline", "after_check_in")),
    ("patient", "What the patient reads", ("patient_reads",)),
    ("monitoring", "Monitoring", ("monitoring",)),
    ("interactions", "Interactions", ("interactions",)),
    ("cautions", "Cautions", ("cautions",)),
    ("facts", "Facts", ("facts",)),
    ("codes", "Codes", ("codes",)),
)  # fmt: skip
NAMES = {  # of what holds several figures
    "maximums": "Most a day",
    "timeline": "Time course after a cut",
    "after_check_in": "What a check-in’s answers lead to",
    "codes": "Codes",
    "monitoring": "Monitoring",
    "interactions": "Interactions",
}
OTHER = ("other", "Other figures")
STANDING_WORDS: dict[Standing, str] = {
    "verified": "Read in the document itself, or in a faithful copy. What kind of document stands beside it.",
    "second-hand": "Read in a page that reports the document.",
    "unverified": "Nobody has read a source for it.",
    "proposal": "Ours. No published rule was found.",
}


@dataclass(frozen=True)
class Row:
    """number: of the row on the page, for the tick's id; host: whose page the source is."""

    number: int
    reviewed: Reviewed
    ticked: bool

    @property
    def item(self) -> Item:
        return self.reviewed.item

    @property
    def host(self) -> str:
        return urlsplit(self.item.source.address).netloc.removeprefix("www.")


@dataclass(frozen=True)
class Group:
    """blocks: rows under a heading of their own, or under none; missing: what the file says to be not established."""

    key: str
    title: str
    blocks: tuple[tuple[str, tuple[Row, ...]], ...]
    waiting: int
    missing: tuple[str, ...]


def page_of(review: Review, country: str, ticks: Ticks, all_of: str = "") -> dict[str, Any]:
    """What the page is made of. ticks: what stays ticked; all_of: the group of which everything that waits is."""
    found = _groups(review, ticks, all_of)
    return {
        "file": review.file,
        "review": review.state,
        "signed_words": _signed_words(review),
        "signed_count": review.state.needed - review.state.waiting,
        "changed": [row for row in _rows(found) if row.reviewed.waits and row.reviewed.earlier],
        "groups": found,
        "standings": _standings(review),
        "never": [factor for factor in review.file.factors if factor.severity == "refuse"],
        "defaults": [review.file.products[key] for key in review.file.defaults_in(country)],
        "figures": len(review.rows),
        "shown": "\n".join(f"{row.item.path} {row.item.digest}" for row in review.rows if row.waits),
    }


def _groups(review: Review, ticks: Ticks, all_of: str) -> list[Group]:
    tops = {top: (key, title) for key, title, tops in GROUPS for top in tops}
    by_group: dict[tuple[str, str], list[Row]] = {(key, title): [] for key, title, _ in GROUPS}
    still = set(ticks.items)  # where the file says something else by now, it has to be read and ticked again
    for number, reviewed in enumerate(review.rows, 1):
        group = tops.get(reviewed.item.top, OTHER)
        ticked = reviewed.waits and (group[0] == all_of or (reviewed.item.path, reviewed.item.digest) in still)
        by_group.setdefault(group, []).append(Row(number, reviewed, ticked))
    groups = (_group(review.file, key, title, rows) for (key, title), rows in by_group.items())
    return [group for group in groups if group.blocks or group.missing]


def _group(file: MedicineFile, key: str, title: str, rows: Sequence[Row]) -> Group:
    order = next((tops for name, _, tops in GROUPS if name == key), ())
    missing = tuple(LABELS.get(top) or NAMES[top] for top in order if top in file.not_established)
    ordered = sorted(rows, key=lambda row: order.index(row.item.top)) if order else rows
    blocks = tuple((head, tuple(inside)) for head, inside in groupby(ordered, lambda row: row.item.heading))
    return Group(key, title, blocks, sum(row.reviewed.waits for row in rows), missing)


def _rows(groups: Iterable[Group]) -> Iterator[Row]:
    return (row for group in groups for _, rows in group.blocks for row in rows)


def _standings(review: Review) -> list[tuple[Source, str, int]]:
    """Each standing with what it means and how many figures have it."""
    counts = Counter(row.item.source.standing for row in review.rows)
    return [(Source(standing, "", ""), words, counts[standing]) for standing, words in STANDING_WORDS.items()]


def _signed_words(review: Review) -> str:
    """Who signed, and when the last of it was signed; empty while nothing is."""
    if not review.signed:
        return ""
    who = listed(list(dict.fromkeys(sign_off.by.name for sign_off in review.signed)))
    last = short_date(review.signed[-1].on, year=True)
    return f"by {who} on {last}"


def matches(file: MedicineFile, words: Iterable[str]) -> bool:
    """Whether each word stands in the medicine's names, key or codes."""
    codes = (f"{code.code} {code.display}" for code in file.codes)
    text = " ".join((file.name, file.plain_name, file.key, *file.other_names, *codes)).casefold()
    return all(word in text for word in words)
