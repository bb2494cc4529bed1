"""A medicine file with a fault is not used; the message names the file, the key and what is allowed."""

from decimal import Decimal
from pathlib import Path

import pytest

from planner.formulary import FormularyError, engine_medicine, shelf, validate_all
from planner.formulary.cuts import within
from planner.formulary.faults import makes
from planner.formulary.loading import read_file, read_text
from planner.formulary.shelf import FOLDER
from planner.taper.medicine import Change

TEXT = (FOLDER / "baclofen.toml").read_text(encoding="utf-8")
DEFAULT_PACE = '[pace]\nphases = [{ cut = "10%", of = "current", every = 7 }]'
LIMIT = '[limit]\ncut = "20%"'
TABLET_5 = '[products.tablet-5]\nform = "tablet"\nstrength = "5"\ndivides = 1'
SOLUTION_1 = '[products.solution-1]\nform = "solution"\nstrength = "1"'
SLOW = 'label = "eGFR 30 to 59"\nseverity = "advise"\npace = [{ cut = "10%", of = "current", every = 14 }]'


def changed(old: str, new: str) -> str:
    assert TEXT.count(old) == 1, old
    return TEXT.replace(old, new)


def messages(text: str, name: str = "baclofen.toml") -> tuple[str, ...]:
    with pytest.raises(FormularyError) as raised:
        read_text(name, text)
    return raised.value.messages


CASES = {
    "limit-above-ceiling": (
        LIMIT,
        '[limit]\ncut = "30%"',
        "limit.cut: It is above the ceiling: at most 25 % of the current dose in 7 days.",
    ),
    "limit-in-other-terms-than-ceiling": (
        LIMIT + '\nof = "current"',
        '[limit]\ncut = "20%"\nof = "starting"',
        "limit.of: Limit and ceiling must be counted in the same terms, so that they can be compared.",
    ),
    "limit-of-another-unit": (
        LIMIT + '\nof = "current"',
        '[limit]\ncut = "5 mcg"',
        "limit.cut: '5 mcg' cannot be used.",
    ),
    "pace-passes-limit": (
        DEFAULT_PACE,
        '[pace]\nphases = [{ cut = "21%", of = "current", every = 7 }]',
        "pace.phases.0.cut: Cuts of 21 % of the current dose pass the limit of 20 % of the current dose in 7 days.",
    ),
    "pace-passes-limit-in-its-window": (
        DEFAULT_PACE,
        '[pace]\nphases = [{ cut = "11%", of = "current", every = 6 }]',
        "pace.phases.0.cut: Cuts of 11 % of the current dose pass the limit of 20 % of the current dose in 7 days.",
    ),
    "pace-under-least-interval": (
        DEFAULT_PACE,
        '[pace]\nphases = [{ cut = "5%", of = "current", every = 6 }]',
        "pace.phases.0.every: At least 7 days (least_interval.days).",
    ),
    "pace-shorter-than-final-dose": (
        'daily = "5"\ndays = 7',
        'daily = "5"\ndays = 8',
        "pace.phases.0.every: The final dose must be taken 8 days or more.",
    ),
    "pace-last-phase-with-bound": (
        DEFAULT_PACE,
        '[pace]\nphases = [{ cut = "10%", of = "current", every = 7, down_to = "20 mg" }]',
        "pace.phases.0.down_to: '20 mg' cannot be used. The last phase",
    ),
    "pace-bound-in-percent": (
        DEFAULT_PACE,
        '[pace]\nphases = [{ cut = "10%", of = "current", every = 7, down_to = "30%" }]',
        "pace.phases.0.down_to: ",
    ),
    "percent-of-nothing": (
        '[ceiling]\ncut = "25%"\nof = "current"',
        '[ceiling]\ncut = "25%"',
        "ceiling: a percent, and nothing else, says of what it is: of = current or starting.",
    ),
    "factor-faster-than-default": (
        SLOW,
        SLOW.replace("14", "7").replace("10%", "15%"),
        "factors.egfr-30-59.pace: It is faster than the default pace, 10 % of the current dose every 7 days.",
    ),
    "factor-in-other-terms": (
        SLOW,
        SLOW.replace('cut = "10%", of = "current"', 'cut = "1 mg"'),
        "factors.egfr-30-59.pace: It must be counted in the same terms as the default pace, so that they can be",
    ),
    "factor-twice": ('key = "age-65"', 'key = "pregnancy"', "factors.pregnancy.key: Two factors have this key."),
    "factor-ages-crossed": (
        "age_from = 12\nage_below = 18",
        "age_from = 18\nage_below = 12",
        "factors.age-12-to-17.age_from: It must be below age_below, 12.",
    ),
    "factor-refuses-with-a-pace": (
        'key = "egfr-30-59"\n' + SLOW,
        'key = "egfr-30-59"\n' + SLOW.replace("advise", "refuse"),
        "factors.egfr-30-59.severity: A factor that refuses has no pace and no limit.",
    ),
    "factor-advises-a-specialist": (
        'label = "Pregnant"\nseverity = "acknowledge"',
        'label = "Pregnant"\nseverity = "advise"',
        "factors.pregnancy.specialist: Only a factor of severity acknowledge names a specialist.",
    ),
    "factor-of-unknown-severity": (
        'label = "Pregnant"\nseverity = "acknowledge"',
        'label = "Pregnant"\nseverity = "warn"',
        "factors.pregnancy.severity: Input should be 'refuse', 'block', 'acknowledge' or 'advise'. Given: 'warn'.",
    ),
    "unit-that-is-not-known": (
        'unit = "mg"',
        'unit = "MG"',
        "unit: Give one of: mg, micrograms, g, units.",
    ),
    "uk-for-gb-maximum": (
        '[[maximums]]\ncountry = "GB"',
        '[[maximums]]\ncountry = "UK"',
        "maximums.UK: The United Kingdom's two letters are GB, not UK.",
    ),
    "uk-for-gb-product": (
        'sold = [\n  { country = "GB", source = "uk-tablet-5"',
        'sold = [\n  { country = "UK", source = "uk-tablet-5"',
        "products.tablet-5.sold.UK: The United Kingdom's two letters are GB, not UK.",
    ),
    "default-cannot-make-final-dose": (
        'daily = "5"\ndays = 7',
        'daily = "7"\ndays = 7',
        "default_products: They cannot make the final dose of 7 mg (final_dose.daily).",
    ),
    "market-default-cannot-make-final-dose": (
        'daily = "5"\ndays = 7',
        'daily = "7"\ndays = 7',
        "default_products_by_market.US: They cannot make the final dose of 7 mg (final_dose.daily).",
    ),
    "default-unknown": (
        '\ndefault_products = ["tablet-10"]',
        '\ndefault_products = ["tablet-11"]',
        "default_products: 'tablet-11' is no product of this file. Known: tablet-5, tablet-10,",
    ),
    "market-default-not-sold-there": (
        'CH = ["tablet-10"]',
        'CH = ["tablet-5"]',
        "default_products_by_market.CH: 'tablet-5' is not sold in CH by this file.",
    ),
    "finer-unknown": (
        'products = ["solution-1"]',
        'products = ["solution-9"]',
        "finer.products: 'solution-9' is no product of this file.",
    ),
    "tablet-with-syringe": (
        TABLET_5,
        TABLET_5 + '\nstep_ml = { ml = "1", source = "own-proposal", standing = "proposal" }',
        "products.tablet-5.step_ml: Only a solution is measured: leave step_ml out, give divides.",
    ),
    "tablet-without-divides": (
        TABLET_5,
        TABLET_5.replace("divides = 1", ""),
        "products.tablet-5.divides: Say into how many parts a piece may be cut: 1, 2 or 4.",
    ),
    "tablet-in-thirds": (
        TABLET_5,
        TABLET_5.replace("divides = 1", "divides = 3"),
        "products.tablet-5.divides: Say into how many parts a piece may be cut: 1, 2 or 4.",
    ),
    "solution-divided": (
        SOLUTION_1,
        SOLUTION_1 + "\ndivides = 2",
        "products.solution-1.divides: A solution is measured, not divided: give step_ml, leave divides out.",
    ),
    "solution-without-syringe": (
        'step_ml = { ml = "0.2", ',
        'after = { ml = "0.2", ',
        "products.suspension-5.after: Unknown key. Correct its name, or leave it out.",
    ),
    "strength-unlike-key": (
        TABLET_5,
        TABLET_5.replace('"5"', '"15"'),
        "products.tablet-5.strength: The key 'tablet-5' ends in another strength than 15.",
    ),
    "label-with-another-strength": (
        'label = "Baclofen 15 mg tablets"',
        'label = "Baclofen 5 mg tablets"',
        "products.tablet-15.label: It does not say the strength as '15 mg'.",
    ),
    "liquid-label-without-concentration": (
        'label = "Baclofen oral solution 10 mg/5 mL (2 mg/mL)"',
        'label = "Baclofen oral solution 10 mg/5 mL"',
        "products.solution-2.label: It does not say the strength as '2 mg/mL'.",
    ),
    "product-sold-twice-in-a-country": (
        '{ country = "ES", source = "es-product"',
        '{ country = "DE", source = "es-product"',
        "products.tablet-25.sold: DE stands there twice.",
    ),
    "source-unknown": (
        'signs = "anxiety, poor sleep, tremor, more stiffness"\nsource = "withdrawal-guide"',
        'signs = "anxiety"\nsource = "withdrawal-gide"',
        "timeline.0.source: 'withdrawal-gide' is no source of this file. Known: own-proposal, not-found,",
    ),
    "source-unused": (
        "[sources.own-proposal]",
        '[sources.leftover]\nkind = "label"\ntitle = "A label"\nnote = "Nothing."\n\n[sources.own-proposal]',
        "sources.leftover: No figure names it. Cite it, or leave it out.",
    ),
    "source-without-address-or-note": (
        'title = "PRISCUS list, as reported"\nnote = "A report was read, not the list; it gave no address."',
        'title = "PRISCUS list, as reported"',
        "sources.priscus-report.note: A source without an address says in its note why.",
    ),
    "proposal-dressed-as-label": (
        '[plausible_daily]\ndaily = "300"\nsource = "own-proposal"\nstanding = "proposal"',
        '[plausible_daily]\ndaily = "300"\nsource = "alcohol-trials"\nstanding = "proposal"',
        "plausible_daily.standing: A proposal, and nothing else, has a source of the kind 'our own proposal'",
    ),
    "verified-but-not-read": (
        'country = "GB"\ndaily = "100"\nsource = "uk-dose-report"\nstanding = "second-hand"',
        'country = "GB"\ndaily = "100"\nsource = "uk-dose-report"\nstanding = "verified"',
        "maximums.GB.standing: Verified needs read_on or from_notes in sources.uk-dose-report.",
    ),
    "notes-with-a-day": (
        'title = "Baclofen monograph"\nread_on = "2026-11-23"',
        'title = "Baclofen monograph"\nread_on = "2026-11-23"\nfrom_notes = true',
        "sources.monograph.read_on: Notes kept no day: give read_on or from_notes, not both.",
    ),
    "own-figure-built-on-nothing": (
        'built_on = [\n  { source = "alcohol-trials", standing = "verified", note = "Trials in alcohol use, outside '
        'the label, gave 30 to 300 mg a day." },\n]',
        "built_on = []",
        "plausible_daily.built_on: ",
    ),
    "factor-with-days-below-zero": (
        "taken_days_over = 90",
        "taken_days_over = -1",
        "factors.long-high-use.taken_days_over: ",
    ),
    "factor-with-dose-as-number": (
        'daily_from = "60"',
        "daily_from = 60",
        'factors.long-high-use.daily_from: write an amount as text in quotes, such as "2.5". Given: 60.',
    ),
    "standing-unknown": (
        'country = "GB"\ndaily = "100"\nsource = "uk-dose-report"\nstanding = "second-hand"',
        'country = "GB"\ndaily = "100"\nsource = "uk-dose-report"\nstanding = "sure"',
        "maximums.GB.standing: Input should be 'verified', 'second-hand', 'unverified' or 'proposal'.",
    ),
    "maximum-beyond-plausible": (
        'country = "US"\ndaily = "80"',
        'country = "US"\ndaily = "800"',
        "maximums.US.daily: It must be at most plausible_daily.daily.",
    ),
    "maximum-twice": ('country = "HK"', 'country = "US"', "maximums.US: A country has one maximum."),
    "maximum-zero": (
        'country = "US"\ndaily = "80"',
        'country = "US"\ndaily = "0"',
        "maximums.US.daily: must be above 0.",
    ),
    "maximum-with-comma": (
        'country = "US"\ndaily = "80"',
        'country = "US"\ndaily = "80,5"',
        "maximums.US.daily: Give a plain number such as 20 or 12.5: digits, with a point for decimals. Given: '80,5'.",
    ),
    "amount-as-float": (
        'country = "US"\ndaily = "80"',
        'country = "US"\ndaily = 80.5',
        'maximums.US.daily: A number with decimals is written as text in quotes, such as "2.5".',
    ),
    "amount-as-number": (
        'country = "US"\ndaily = "80"',
        'country = "US"\ndaily = 80',
        'maximums.US.daily: write an amount as text in quotes, such as "2.5". Given: 80.',
    ),
    "days-as-text": (
        "[least_interval]\ndays = 7",
        '[least_interval]\ndays = "7"',
        "least_interval.days: Give a whole number without quotes. Given: '7'.",
    ),
    "key-unknown": (
        "[least_interval]\ndays = 7",
        "[least_interval]\ndays = 7\nweeks = 1",
        "least_interval.weeks: Unknown key. Correct its name, or leave it out. Given: 1.",
    ),
    "key-missing": ("[least_interval]\ndays = 7", "[least_interval]", "least_interval.days: It is required."),
    "order-incomplete": (
        'times = ["midday", "morning", "evening", "bedtime"]',
        'times = ["midday", "morning", "evening"]',
        "order.times: name each of morning, midday, evening, bedtime once.",
    ),
    "hours-out-of-order": (
        "morning = 8\n",
        "morning = 15\n",
        "hours: Each time of day must be later than the one before.",
    ),
    "usual-times-crossed": ("fewest = 3\nmost = 4", "fewest = 4\nmost = 3", "usual_times.fewest: It must be at most"),
    "window-without-end-in-sight": (
        "first = 6\nlast = 48",
        "first = 6\nlast = 8785",
        "timeline.0.last: The early window ends within a year.",
    ),
    "hours-beyond-any-calendar": (
        "first = 6\nlast = 48",
        "first = 6\nlast = 99999999999",
        "timeline.0.last: Input should be less than or equal to 99999.",
    ),
    "day-that-does-not-exist": (
        'title = "Baclofen monograph"\nread_on = "2026-11-23"',
        'title = "Baclofen monograph"\nread_on = "2026-11-31"',
        "sources.monograph.read_on: give a date that exists as year-month-day. Given: '2026-11-31'.",
    ),
    "address-that-cannot-be-read": (
        'title = "Baclofen monograph"\nread_on = "2026-11-23"',
        'title = "Baclofen monograph"\nread_on = "2026-11-23"\naddress = "https://[example.org"',
        "sources.monograph.address: give a whole address, such as https://example.org/page.",
    ),
    "window-crossed": ("first = 6\nlast = 48", "first = 48\nlast = 6", "timeline.0.first: It must be before last, 6."),
    "window-of-unknown-role": (
        'role = "early"',
        'role = "first"',
        "timeline.0.role: Input should be 'early' or 'peak'. Given: 'first'.",
    ),
    "two-windows-of-a-role": (
        'role = "early"',
        'role = "peak"',
        "timeline: Two windows have the role 'peak'; one may.",
    ),
    "window-with-a-role-without-end": (
        'unit = "days"\nfirst = 10\n',
        'role = "early"\nunit = "days"\nfirst = 10\n',
        "timeline.3.last: The early window needs its end.",
    ),
    "key-unlike-the-file": (
        '\nkey = "baclofen"',
        '\nkey = "baclofen-x"',
        "key: It must be the file's name, 'baclofen'.",
    ),
    "address-of-no-kind": (
        'address = "https://ibook.pub/baclofen-withdrawal.html"',
        'address = "ibook.pub"',
        "sources.case-digest.address: ",
    ),
}


@pytest.mark.parametrize(("old", "new", "message"), CASES.values(), ids=CASES)
def test_fault(old: str, new: str, message: str) -> None:
    found = messages(changed(old, new))
    assert any(one.startswith(f"baclofen.toml: {message}") for one in found), found


def test_solution_without_a_syringe_step() -> None:
    start = TEXT.index('step_ml = { ml = "0.2"')
    without = TEXT[:start] + TEXT[TEXT.index("\n", start) + 1 :]
    assert messages(without) == (
        "baclofen.toml: products.suspension-5.step_ml: "
        "A solution needs the least volume that its syringe measures, in mL.",
    )


def test_all_faults_are_told_at_once() -> None:
    both = changed(LIMIT, '[limit]\ncut = "30%"').replace("first = 6\nlast = 48", "first = 48\nlast = 6")
    assert [message.split(": ")[1] for message in messages(both)] == ["limit.cut", "timeline.0.first"]


def test_broken_toml_names_the_line() -> None:
    (message,) = messages('key = "baclofen\n')
    assert message.startswith("baclofen.toml: is not TOML: ")
    assert "line 1" in message


def test_more_trials_than_can_be_waited_for_are_refused() -> None:
    start = '\n[[starts]]\nregimen = { morning = "20" }\nsource = "own-proposal"\nstanding = "proposal"\n'
    (message,) = messages(TEXT + 100 * start)
    assert message.startswith("baclofen.toml: starts: With every market and pace they make ")
    assert message.endswith(" trials: at most 100. Leave some out.")


@pytest.mark.parametrize("part", ["sold", "maximum", "warning sign", "limit"])
def test_an_unverified_figure_that_bears_weight_shows_in_the_engine(part: str) -> None:
    second_hand = {
        "sold": 'source = "us-strengths", standing = "second-hand"',
        "maximum": 'source = "uk-dose-report"\nstanding = "second-hand"\nnote = "The UK product',
        "warning sign": '"Floppy or very weak", source = "overdose-report", standing = "second-hand"',
        "limit": 'days = 7\nsource = "withdrawal-guide"\nstanding = "verified"\nnote = "The upper end',
    }[part]
    unverified = second_hand.replace("second-hand", "unverified").replace('"verified"', '"unverified"')
    file = read_text("baclofen.toml", changed(second_hand, unverified))
    assert engine_medicine(file).unverified


def test_an_unverified_published_pace_bears_weight_too() -> None:
    file = shelf.load("diazepam")
    assert not file.unverified
    paces = {key: pace.model_copy(update={"standing": "unverified"}) for key, pace in file.paces.items()}
    assert file.model_copy(update={"paces": paces}).unverified


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FormularyError, match=r"none.toml: It cannot be read: No such file"):
        read_file(tmp_path / "none.toml")


def test_validate_all_tells_of_every_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "baclofen.toml").write_text(changed(LIMIT, '[limit]\ncut = "30%"'), encoding="utf-8")
    (tmp_path / "zopiclone.toml").write_bytes(b"\xff")
    monkeypatch.setattr(shelf, "FOLDER", tmp_path)
    monkeypatch.setattr(shelf, "medicine_keys", lambda: ("baclofen", "zopiclone"))
    found = validate_all()
    assert [message.split(":")[0] for message in found] == ["baclofen.toml", "zopiclone.toml"]


def test_validate_all_misses_an_empty_formulary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "medicine_keys", tuple)
    assert validate_all() == ["There is no medicine file (*.toml) in the formulary."]


@pytest.mark.parametrize(
    ("dose", "increments", "made"),
    [
        ("5", ["5"], True),
        ("5", ["10"], False),
        ("5", ["2", "3"], True),
        ("1", ["2", "3"], False),
        ("2.5", ["0.5"], True),
        ("2.5", [], False),
    ],
)
def test_makes(dose: str, increments: list[str], made: bool) -> None:
    assert makes(Decimal(dose), [Decimal(one) for one in increments]) is made


@pytest.mark.parametrize(
    ("cut", "every", "window", "total"),
    [
        (Change(Decimal(10), "current"), 7, 7, "10"),
        (Change(Decimal(10), "current"), 6, 7, "19"),  # 100, 90, 81
        (Change(Decimal(10), "starting"), 6, 7, "20"),
        (Change(Decimal(5), None), 3, 7, "15"),  # days 0, 3 and 6
    ],
)
def test_cuts_add_up_in_a_window(cut: Change, every: int, window: int, total: str) -> None:
    assert within(cut, every, window) == Decimal(total)


def test_a_file_may_name_no_window() -> None:
    text = changed('role = "early"\n', "").replace('role = "peak"\n', "")
    medicine = engine_medicine(read_text("baclofen.toml", text))
    assert (medicine.early_hours, medicine.peak_hours) == (None, None)
    assert medicine.sources.keys() & {"early_hours", "peak_hours"} == set()
