"""Which figures a clinic signs off, and when a changed file asks again."""

import pytest

from planner.formulary import file_hash, load, medicine_keys
from planner.formulary.model import MedicineFile, walk
from planner.formulary.review import Item, review_items
from tests.formulary.changed import changed

MOST_FIELDS = 500  # that one form may send


def items(file: MedicineFile, file_hash: str = "") -> dict[str, Item]:
    return {item.path: item for item in review_items(file, file_hash or str(id(file)))}


def asked_again(*changes: tuple[str, str]) -> set[str]:
    """The places whose digest is another one in the changed file."""
    before = {item.digest for item in items(load("baclofen")).values()}
    return {item.place for item in items(changed(*changes)).values() if item.digest not in before}


@pytest.mark.parametrize("key", medicine_keys())
def test_every_figure_is_an_item_of_its_own(key: str) -> None:
    found = review_items(load(key), file_hash(key))
    assert [item.path for item in found] == ["holds", *(path for path, _ in walk(load(key)))]
    assert len({item.path for item in found}) == len(found)
    assert all(item.value and item.label for item in found)


@pytest.mark.parametrize("key", medicine_keys())
def test_everything_that_waits_fits_into_one_form(key: str) -> None:
    assert sum(item.needs for item in review_items(load(key), file_hash(key))) < MOST_FIELDS - 20


@pytest.mark.parametrize(
    ("path", "needs"),
    [
        ("pace", True),  # verified, but it decides what is planned
        ("pace_basis", True),
        ("limit", True),
        ("ceiling", True),
        ("maximums.US", True),
        ("products.tablet-10.sold.GB", True),
        ("patient_reads.call_us.0", True),
        ("final_dose", True),  # a proposal
        ("codes.1", True),  # second-hand
        ("usual_times", False),  # verified
        ("timeline.0", False),
        ("interactions.0", False),
    ],
)
def test_what_needs_a_sign_off(path: str, needs: bool) -> None:
    assert items(load("baclofen"))[path].needs is needs


def test_a_changed_figure_asks_again_for_itself_alone() -> None:
    assert asked_again(('cut = "25%"', 'cut = "24%"')) == {"ceiling"}


def test_a_product_that_divides_otherwise_asks_again_in_every_country() -> None:
    found = asked_again(('strength = "10"\ndivides = 2', 'strength = "10"\ndivides = 4'))
    assert found == {f"products.tablet-10.sold.{country}" for country in ("GB", "US", "CH", "CA")}


def test_what_a_patient_factor_does_is_part_of_it() -> None:
    assert asked_again(('key = "active-seizures"', 'key = "active-seizures"\nage_from = 90')) == {
        "factors.active-seizures"
    }
    file = changed(('key = "active-seizures"', 'key = "active-seizures"\nage_from = 90'))
    assert "It follows of itself from the age of 90." in items(file)["factors.active-seizures"].value


def test_another_source_asks_again() -> None:
    old = 'https://www.mims.com/hongkong/drug/info/pms-baclofen"'
    assert {"maximums.CA", "maximums.HK"} <= asked_again((old, 'https://example.org/"'))


def test_another_day_of_reading_asks_for_nothing() -> None:
    assert asked_again(('read_on = "2026-11-23"', 'read_on = "2026-11-24"')) == set()


def test_a_sentence_put_in_before_the_others_asks_for_itself_alone() -> None:
    first = '[[monitoring]]\nabout = "Weight"\nsays = "Each month."\nsource = "own-proposal"\nstanding = "proposal"\n\n'
    assert asked_again(("[[monitoring]]", f"{first}[[monitoring]]")) == {"monitoring.Weight"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('default_products = ["tablet-10"]', 'default_products = ["tablet-5"]'),
        ('plain_name = "baclofen"', 'plain_name = "it"'),
    ],
)
def test_what_the_planner_begins_with_and_calls_it_is_signed(old: str, new: str) -> None:
    assert asked_again((old, new)) == {"holds"}


def without(key: str, **left: object) -> set[str]:
    """The places that ask again where parts of the file are taken out, or put in another order."""
    file = load(key)
    before = {item.digest for item in items(file).values()}
    return {item.place for item in items(file.model_copy(update=left)).values() if item.digest not in before}


def test_what_is_taken_out_asks_again() -> None:
    file, reads = load("baclofen"), load("baclofen").patient_reads
    assert without("baclofen", factors=file.factors[1:]) == {"holds"}
    assert without("baclofen", maximums=file.maximums[1:]) == {"holds"}
    fewer = reads.model_copy(update={"emergency": reads.emergency[1:]})
    assert without("baclofen", patient_reads=fewer) == {"holds"}


def test_where_sources_differ_goes_by_what_it_is_about() -> None:
    first, *others = load("baclofen").disagreements
    assert others
    assert without("baclofen", disagreements=(*others, first)) == set()
    renamed = first.model_copy(update={"about": "Something else"})
    found = without("baclofen", disagreements=(renamed, *others))
    assert found == {f"disagreements.Something else.{rest}" for rest in (
        "taken", *(f"sides.{side.about}" for side in first.sides)
    )}  # fmt: skip


def test_a_number_at_the_start_of_a_note_stays_in_it() -> None:
    found = items(load("baclofen"))["usual_at_once"]
    assert (found.value, found.note[:22]) == ("20 mg", "20 mg four times a day")


def test_items_of_the_same_bytes_are_reckoned_once() -> None:
    assert review_items(load("baclofen"), "a hash") is review_items(changed(), "a hash")
    assert review_items(load("baclofen"), "a hash") is not review_items(load("baclofen"), "another")
