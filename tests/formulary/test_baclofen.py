"""The baclofen file gives the engine exactly these figures."""

from decimal import Decimal

import pytest

from planner.formulary import engine_medicine, file_hash, find_medicine, load, medicine_keys, validate_all
from planner.formulary.model import MedicineFile, walk
from planner.taper.errors import BadInput
from planner.taper.medicine import Change, Limit, Medicine, Phase

REFUSED = (
    "pump-or-intrathecal",
    "withdrawal-now",
    "toxicity-now",
    "active-seizures",
    "active-psychosis-or-suicidal",
    "under-12",
)
SPECIALIST = (
    "egfr-under-30-or-dialysis",
    "pregnancy",
    "age-12-to-17",
    "past-severe-withdrawal",
    "breastfeeding-newborn",
)
REASON = ("serious-reaction", "peptic-ulcer", "other-cns-taper", "no-contact-or-supply")
SLOWER = ("egfr-30-59", "age-65", "long-high-use", "epilepsy-history", "psychiatric-history", "other-sedatives")
WITH_PACE = ("egfr-under-30-or-dialysis", "past-severe-withdrawal", "other-cns-taper", *SLOWER)


@pytest.fixture(scope="module")
def file() -> MedicineFile:
    return load("baclofen")


@pytest.fixture(scope="module")
def medicine(file: MedicineFile) -> Medicine:
    return engine_medicine(file)


def percent(amount: int) -> Change:
    return Change(Decimal(amount), "current")


def test_every_file_is_in_order() -> None:
    assert "baclofen" in medicine_keys()
    assert validate_all() == []


def test_pace_limit_and_ceiling_are_percents_of_the_current_dose(medicine: Medicine) -> None:
    assert medicine.pace == (Phase(percent(10), 7),)
    assert medicine.limit == Limit(percent(20), 7)
    assert medicine.ceiling == Limit(percent(25), 7)


def test_doses_and_days(medicine: Medicine) -> None:
    assert (medicine.key, medicine.name, medicine.unit) == ("baclofen", "Baclofen, oral", "mg")
    assert medicine.final_dose == Decimal(5)
    assert (medicine.least_interval, medicine.least_duration) == (7, 7)
    assert medicine.plausible_daily == Decimal(300)
    assert medicine.usual_times == (3, 4)
    assert medicine.usual_at_once == Decimal(20)
    assert medicine.longest_gap == 12
    assert medicine.hours == {"morning": 8, "midday": 14, "evening": 20, "bedtime": 22}
    assert medicine.order == ("midday", "morning", "evening", "bedtime")
    assert medicine.nervous_system
    assert not medicine.inline
    assert medicine.finer == ("solution-1",)


def test_three_usual_doses_leave_no_gap_above_the_bound(medicine: Medicine) -> None:
    # 8, 14 and 20 o'clock: 6, 6 and, through the night, 12 hours
    at = [medicine.hours["morning"], medicine.hours["midday"], medicine.hours["evening"]]
    assert [at[1] - at[0], at[2] - at[1], at[0] + 24 - at[2]] == [6, 6, 12]
    assert medicine.longest_gap == 12


@pytest.mark.parametrize(
    ("country", "daily", "standing"),
    [
        ("US", "80", "verified"),
        ("GB", "100", "second-hand"),
        ("CA", "80", "verified"),
        ("HK", "80", "verified"),
    ],
)
def test_maximum(medicine: Medicine, country: str, daily: str, standing: str) -> None:
    (maximum,) = [m for m in medicine.maximums if m.country == country]
    assert (maximum.daily, maximum.source.standing) == (Decimal(daily), standing)


@pytest.mark.parametrize(
    ("key", "form", "strength", "divides", "step_ml", "smallest"),
    [
        ("tablet-5", "tablet", "5", 1, None, "5"),
        ("tablet-10", "tablet", "10", 2, None, "5"),
        ("tablet-15", "tablet", "15", 1, None, "15"),
        ("tablet-20", "tablet", "20", 2, None, "10"),
        ("tablet-25", "tablet", "25", 1, None, "25"),
        ("solution-1", "solution", "1", 1, "0.5", "0.5"),
        ("solution-2", "solution", "2", 1, "0.5", "1"),
        ("suspension-5", "solution", "5", 1, "0.2", "1"),
        ("granules-5", "granules", "5", 1, None, "5"),
        ("granules-10", "granules", "10", 1, None, "10"),
        ("granules-20", "granules", "20", 1, None, "20"),
    ],
)
def test_product(
    file: MedicineFile,
    medicine: Medicine,
    key: str,
    form: str,
    strength: str,
    divides: int,
    step_ml: str,
    smallest: str,
) -> None:
    product = medicine.products[key]
    assert (product.key, product.form, product.strength) == (key, form, Decimal(strength))
    assert product.divides == divides
    assert product.step_ml == (Decimal(step_ml) if step_ml else None)
    assert product.markets == tuple(market.country for market in file.products[key].sold) != ()
    assert product.increment == file.products[key].increment == Decimal(smallest)


def test_no_product_is_left_untested(medicine: Medicine) -> None:
    assert len(medicine.products) == 11


@pytest.mark.parametrize(
    ("country", "keys"),
    [
        ("GB", ["tablet-5", "tablet-10", "solution-1"]),
        ("CH", ["tablet-10"]),
        ("CA", ["tablet-10", "tablet-20"]),
        ("DE", ["tablet-25"]),
        ("ES", ["tablet-25"]),
        ("NZ", []),
    ],
)
def test_products_of_a_country(file: MedicineFile, country: str, keys: list[str]) -> None:
    assert list(file.products_in(country)) == keys


def test_us_products_end_with_those_no_longer_made(file: MedicineFile) -> None:
    sold = file.products_in("US")
    assert list(sold)[-3:] == ["granules-5", "granules-10", "granules-20"]
    assert [p.discontinued for p in sold.values()] == [False] * 7 + [True] * 3


@pytest.mark.parametrize("country", ["GB", "US", "CH", "CA", "DE", None])
def test_default_product_is_the_10_mg_tablet_everywhere(file: MedicineFile, medicine: Medicine, country: str) -> None:
    assert file.defaults_in(country) == medicine.default_products == ("tablet-10",)


def test_standing_of_a_product_in_a_country(file: MedicineFile) -> None:
    swiss, canadian = file.products["tablet-10"].market("CH"), file.products["tablet-10"].market("CA")
    assert swiss is not None
    assert canadian is not None
    assert (swiss.standing, canadian.standing) == ("verified", "second-hand")
    assert file.products["tablet-10"].market("DE") is None


def test_factors_stand_in_their_groups(medicine: Medicine) -> None:
    groups = {
        "refuse": [f.key for f in medicine.factors if f.severity == "refuse"],
        "specialist": [f.key for f in medicine.factors if f.severity == "acknowledge" and f.specialist],
        "reason": [f.key for f in medicine.factors if f.severity == "acknowledge" and not f.specialist],
        "slower": [f.key for f in medicine.factors if f.severity == "advise"],
    }
    assert groups == {
        "refuse": list(REFUSED),
        "specialist": list(SPECIALIST),
        "reason": list(REASON),
        "slower": list(SLOWER),
    }
    assert len(medicine.factors) == 21


@pytest.mark.parametrize("key", WITH_PACE)
def test_slower_factors_wait_twice_as_long(medicine: Medicine, key: str) -> None:
    assert medicine.factor(key).pace == (Phase(percent(10), 14),)
    assert medicine.factor(key).limit is None


def test_no_other_factor_carries_a_pace(medicine: Medicine) -> None:
    assert tuple(factor.key for factor in medicine.factors if factor.pace) == WITH_PACE


def test_worse_kidneys_are_never_reduced_faster(medicine: Medicine) -> None:
    lighter, heavier = medicine.factor("egfr-30-59").pace, medicine.factor("egfr-under-30-or-dialysis").pace
    assert lighter
    assert heavier
    hundred = Decimal(100)
    heavy, light = (pace[0].cut.units(hundred, hundred) / pace[0].every for pace in (heavier, lighter))
    assert heavy <= light


@pytest.mark.parametrize("key", WITH_PACE)
def test_a_message_proposes_its_pace_and_claims_no_schedule(medicine: Medicine, key: str) -> None:
    message = medicine.factor(key).message
    assert "Go slower: this file proposes 10 % of the current dose every 14 days." in message
    assert "Slower:" not in message


def test_long_high_use_is_over_90_days_from_60_mg_on(medicine: Medicine) -> None:
    bounded = {f.key: (f.taken_days_over, f.daily_from) for f in medicine.factors if f.taken_days_over or f.daily_from}
    assert bounded == {"long-high-use": (90, Decimal(60))}


@pytest.mark.parametrize("key", REFUSED)
def test_a_refusal_says_whom_to_call(medicine: Medicine, key: str) -> None:
    assert "call" in medicine.factor(key).message.lower()


@pytest.mark.parametrize("key", SPECIALIST)
def test_a_specialist_factor_asks_for_the_name(medicine: Medicine, key: str) -> None:
    assert medicine.factor(key).message.endswith("Name the specialist and the reason.")


@pytest.mark.parametrize(
    ("age", "keys"),
    [
        (11, ["under-12"]),
        (12, ["age-12-to-17"]),
        (17, ["age-12-to-17"]),
        (18, []),
        (64, []),
        (65, ["age-65"]),
        (90, ["age-65"]),
    ],
)
def test_age_bounds(medicine: Medicine, age: int, keys: list[str]) -> None:
    bounded = [f for f in medicine.factors if (f.age_from, f.age_below) != (None, None)]
    held = [f.key for f in bounded if (f.age_from or 0) <= age and (f.age_below is None or age < f.age_below)]
    assert held == keys


def test_limit_is_verified_but_its_basis_is_a_proposal(medicine: Medicine) -> None:
    limit, basis = medicine.sources["limit"], medicine.sources["limit_basis"]
    assert (limit.standing, limit.kind) == ("verified", "web page of a treatment centre")
    assert limit.title == "Baclofen withdrawal guide"
    assert "our reading" in limit.note
    assert (basis.standing, basis.kind) == ("proposal", "our own proposal")


@pytest.mark.parametrize("name", ["ceiling", "final_dose", "least_interval", "least_duration", "longest_gap", "hours"])
def test_a_proposal_is_called_one_and_was_read_nowhere(medicine: Medicine, name: str) -> None:
    source = medicine.sources[name]
    assert (source.standing, source.kind, source.read_on) == ("proposal", "our own proposal", "")


def test_a_second_hand_figure_has_no_day_of_reading(medicine: Medicine) -> None:
    (british,) = [m for m in medicine.maximums if m.country == "GB"]
    assert british.source.read_on == ""
    assert british.source.note


def test_only_a_document_read_itself_has_a_day_of_reading(file: MedicineFile, medicine: Medicine) -> None:
    dated = {key: document.read_on for key, document in file.sources.items() if document.read_on}
    assert dated == {"withdrawal-guide": "2026-11-23", "monograph": "2026-11-23"}
    assert medicine.sources["limit"].read_on == "2026-11-23"


def test_a_figure_from_our_notes_says_so(medicine: Medicine) -> None:
    source = medicine.sources["usual_times"]
    assert (source.standing, source.read_on) == ("verified", "")
    assert source.note.endswith("From our own reading notes, day not kept.")
    assert "notes" not in medicine.sources["limit"].note


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("plausible_daily", "High-dose baclofen for reduction in alcohol intake (study, verified)"),
        ("nervous_system", "NHS Fife, gabapentinoid reduction, March 2025 (health service leaflet, verified)"),
    ],
)
def test_a_figure_of_our_own_names_the_fact_behind_it(medicine: Medicine, name: str, fact: str) -> None:
    source = medicine.sources[name]
    assert (source.standing, source.kind) == ("proposal", "our own proposal")
    assert f"Built on: {fact}." in source.note


def test_trouble_breathing_says_what_its_source_has(file: MedicineFile) -> None:
    (sign,) = [sign for sign in file.patient_reads.emergency if sign.says == "Trouble breathing"]
    assert (sign.source, sign.standing) == ("withdrawal-guide", "verified")
    assert all(words in sign.note for words in ("severe withdrawal", "under overdose", "sleep apnoea"))


def test_a_factor_tells_on_what_it_is_built(medicine: Medicine) -> None:
    source = medicine.factor("pump-or-intrathecal").source
    assert source.standing == "proposal"
    assert "Intrathecal baclofen, boxed warning (label, verified)" in source.note


def test_nothing_unverified_bears_weight(file: MedicineFile, medicine: Medicine) -> None:
    assert not medicine.unverified
    unverified = [path for path, cited in walk(file) if cited.standing == "unverified"]
    assert [file_path.split(".")[0] for file_path in unverified] == ["facts"]


def test_time_course(file: MedicineFile) -> None:
    assert [window.hours for window in file.timeline] == [(6, 48), (24, 72), (96, 240), (240, None)]
    assert [window.role for window in file.timeline] == ["early", "peak", None, None]


def test_engine_knows_the_early_and_the_peak_window_with_their_source(medicine: Medicine) -> None:
    assert (medicine.early_hours, medicine.peak_hours) == ((6, 48), (24, 72))
    for name in ("early_hours", "peak_hours"):
        source = medicine.sources[name]
        assert (source.standing, source.kind) == ("verified", "web page of a treatment centre")


def test_codes(file: MedicineFile) -> None:
    assert {code.system: code.code for code in file.codes} == {
        "ATC": "M03BX01",
        "RxNorm": "1292",
        "SNOMED CT": "387342009",
    }


def test_every_figure_has_label_words_and_source(file: MedicineFile) -> None:
    figures = list(file.figures())
    assert len(figures) == len(list(walk(file))) > 150
    assert [f.path for f in figures if not (f.label and f.value_text and f.source.title and f.source.kind)] == []
    assert len({f.path for f in figures}) == len(figures)


@pytest.mark.parametrize(
    ("path", "label", "text", "standing"),
    [
        ("pace", "Default pace", "10 % of the current dose every 7 days", "verified"),
        ("limit", "Default limit", "20 % of the current dose in 7 days", "verified"),
        ("ceiling", "Ceiling", "25 % of the current dose in 7 days", "proposal"),
        ("final_dose", "Final dose", "5 mg a day for at least 7 days", "proposal"),
        ("maximums.GB", "Most a day, GB", "100 mg a day", "second-hand"),
        ("timeline.0", "Early onset", "6 to 48 hours: anxiety, poor sleep, tremor, more stiffness", "verified"),
        ("timeline.3", "Residual", "Beyond 10 days: in some people mood swings or mild spasticity for weeks to months",
         "verified"),
        ("products.suspension-5.step_ml",
         "Baclofen oral suspension 25 mg/5 mL (5 mg/mL): least volume measured", "0.2 mL", "proposal"),
        ("codes.0", "ATC", "M03BX01 (baclofen)", "verified"),
    ],
)  # fmt: skip
def test_figure_in_words(file: MedicineFile, path: str, label: str, text: str, standing: str) -> None:
    (figure,) = [f for f in file.figures() if f.path == path]
    assert (figure.label, figure.value_text, figure.source.standing) == (label, text, standing)


def test_the_weight_bearing_texts_are_whole(file: MedicineFile) -> None:
    assert len(file.interactions) == 10
    assert len(file.monitoring) == 6
    assert {"Hypersensitivity", "Autonomic dysreflexia", "Lungs, liver, stroke"} <= {c.about for c in file.cautions}


def test_unknown_medicine_names_those_there_are() -> None:
    with pytest.raises(BadInput) as raised:
        find_medicine("aspirin")
    assert (raised.value.field, raised.value.value) == ("medicine", "aspirin")
    assert raised.value.allowed == f"Known medicines: {', '.join(medicine_keys())}."


@pytest.mark.parametrize("key", ["../baclofen", "baclofen.toml", "", "/etc/passwd", "BACLOFEN"])
def test_a_key_is_never_a_path(key: str) -> None:
    with pytest.raises(KeyError, match="no medicine file"):
        load(key)


def test_hash_and_found_medicine_are_those_of_the_file(medicine: Medicine) -> None:
    assert len(file_hash("baclofen")) == 64
    assert find_medicine("baclofen") == medicine
