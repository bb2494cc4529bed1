"""How a schedule is chosen: what a step costs, what makes a day harder, what wins a tie, which products a day takes."""

from decimal import Decimal

import pytest
from hypothesis import given, reject

from planner.taper.errors import BadInput, Stuck
from planner.taper.makings import Makings
from planner.taper.medicine import Product
from planner.taper.search import Bounds, PhaseRule, Search, Share
from planner.taper.shares import EvenShares, times_changed
from planner.taper.solve import Problem
from planner.taper.whole import Scale
from tests.taper.asking import Json, ask, read
from tests.taper.strategies import examples, requests
from tests.taper.test_examples import SOLUTION_1, TABLET_5, TABLET_10, inline
from tests.taper.test_rules_edges import of_code

HALVED = TABLET_10 | {"divides": 2}


def daily(answer: Json) -> list[str]:
    return [step["daily"] for step in answer["steps"]]


# cut / preferred x (((cut - preferred) / preferred)^2 + 0.05 x complications), in whole millionths


@pytest.mark.parametrize(
    ("cut", "preferred", "complications", "millionths"),
    [
        (10, (10, 1), 0, 0),
        (10, (10, 1), 1, 50_000),
        (5, (10, 1), 0, 125_000),  # 1/2 x 1/4
        (20, (10, 1), 2, 2_200_000),  # 2 x (1 + 0.1)
        (15, (10, 1), 3, 600_000),  # 3/2 x (1/4 + 0.15)
        (1, (3, 1), 0, 148_148),  # 1/3 x 4/9 = 0.1481481...
        (1, (14, 2), 0, 104_956),  # 1/7 x 36/49 = 0.1049562...
    ],
)
def test_cost_of_a_step(
    monkeypatch: pytest.MonkeyPatch, cut: int, preferred: tuple[int, int], complications: int, millionths: int
) -> None:
    """From 100 down to a target that one cut reaches, where a day at it is so complicated."""
    makings = Makings([Product("tablet", "tablet", Decimal(1))], Scale(1), 400)
    shares, rule = EvenShares(makings, (100,), (0,)), PhaseRule(Share(*preferred, False), None)
    search = Search(makings, shares, [100 - cut], [rule], Bounds(100 - cut, 1, Share(1, 1, True)), (0,))
    monkeypatch.setattr(search, "day_complications", lambda regimen: complications)
    assert search.path((100,)) == [(0, (100 - cut,))]
    rest = search.rest(100, (100,))
    assert rest is not None
    assert rest.value == (0, millionths)


@pytest.mark.parametrize(
    ("limit", "target", "cuts"),
    [
        ("20 mg", "0", 3),  # to 40, 20 and 10 mg, then stop
        ("5 mg", "0", 5),  # each over the limit, and then the smallest there is
        ("20 mg", "30", 2),  # to 40 and 30 mg
    ],
)
def test_fewest_cuts_to_the_end(limit: str, target: str, cuts: int) -> None:
    limits = {"cut": limit, "days": 7}
    problem = Problem.of(read(inline({"a": TABLET_10}, {"morning": "60"}, limit=limits, target=target)))
    assert problem.search.fewest_cuts(problem.ground.first) == cuts


@examples(60)
@given(requests(most=14, new_fields=True))
def test_no_schedule_has_fewer_cuts_than_the_fewest(request: Json) -> None:
    try:
        problem = Problem.of(read(request))
        path = problem.path()
    except (BadInput, Stuck):
        reject()
    assert len(path) >= problem.search.fewest_cuts(problem.ground.first)


@pytest.mark.parametrize(
    ("products", "doses", "complications"),
    [
        ({"a": HALVED}, ("10", "10", "10"), 0),
        ({"a": HALVED}, ("10", "20", "10"), 1),  # another dose
        ({"a": HALVED}, ("15", "15", "15"), 3),  # three divided tablets
        ({"a": HALVED}, ("5", "0", "5"), 2),  # two divided tablets; nothing is no dose
        ({"a": SOLUTION_1}, ("7", "7", "7"), 3),  # three measured doses
        ({"a": SOLUTION_1}, ("9", "8", "7"), 5),  # ... and two other doses
        ({"a": TABLET_10, "b": TABLET_5}, ("15", "10", "10"), 2),  # another product, another dose
        ({"a": TABLET_10, "b": SOLUTION_1}, ("17", "10", "10"), 3),  # ... and a measured dose
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple | dict) else str(value),
)
def test_what_makes_a_day_harder(products: dict[str, Json], doses: tuple[str, ...], complications: int) -> None:
    times = ("morning", "midday", "evening")
    problem = Problem.of(read(inline(products, dict.fromkeys(times, "20"))))
    scale = problem.ground.scale
    regimen = tuple(
        scale.whole(dose) for dose in read(inline(products, dict(zip(times, doses, strict=True)))).regimen.values()
    )
    assert problem.search.day_complications(regimen) == complications


@pytest.mark.parametrize(
    ("order", "evening"), [(["evening", "morning"], "20"), (["morning", "evening"], "20")], ids=["evening", "morning"]
)
def test_one_changed_time_is_simpler_than_two(order: list[str], evening: str) -> None:
    """From 30 and 20 mg to 30 mg a day: 10 + 20 changes the morning alone, 20 + 10 both, whichever comes first."""
    request = inline({"tablet-10": TABLET_10}, {"morning": "30", "evening": "20"}, target="30", order=order)
    answer = ask(request | {"pace": [{"cut": "20 mg", "every": 7}]})
    assert [step["regimen"] for step in answer["steps"]] == [{"morning": "10", "evening": evening}]


# Ties


def test_higher_daily_dose_comes_first_among_equal_costs() -> None:
    """Cuts of 8 and 12 mg, in either order, where 10 mg are wished for."""
    products = {f"tablet-{mg}": TABLET_10 | {"strength": mg} for mg in ("22", "18", "10")}
    assert daily(ask(inline(products, {"morning": "30"}, max_units="1", target="10"))) == ["22", "10"]


@pytest.mark.parametrize(
    ("order", "regimen"),
    [
        (["morning", "evening"], {"morning": "10", "evening": "10"}),
        (["evening", "morning"], {"morning": "20", "evening": "0"}),
    ],
    ids=["morning", "evening"],
)
def test_time_first_in_order_is_lowered_among_equal_costs(order: list[str], regimen: dict[str, str]) -> None:
    """From 20 and 10 mg to 20 mg a day: each way changes one time and leaves one dose."""
    request = inline({"tablet-10": TABLET_10}, {"morning": "20", "evening": "10"}, target="20", order=order)
    assert [step["regimen"] for step in ask(request)["steps"]] == [regimen]


# Limits


def test_no_part_of_a_milligram_is_cut_above_the_limit() -> None:
    """A fifth of 33 mg is 6.6: 26 mg would be 7 mg less. 1 then 6 mg cost 0.12 + 0.05, 6 then 1 mg 0.05 + 0.13."""
    fifth = {"cut": "20%", "of": "current"}
    request = inline({"liquid": SOLUTION_1}, {"morning": "33"}, target="26")
    answer = ask(request | {"pace": [fifth | {"every": 7}], "limit": fifth | {"days": 7}})
    assert daily(answer) == ["32", "26"]
    assert of_code(answer, "over-limit") == []


def test_percent_of_starting_is_of_the_dose_before_the_taper() -> None:
    """A tenth of 80 mg, where 60 mg is taken now, is wished for and allowed."""
    tenth = {"cut": "10%", "of": "starting"}
    request = inline({"liquid": SOLUTION_1}, {"morning": "60"}, target="44") | {"starting": "80"}
    answer = ask(request | {"pace": [tenth | {"every": 7}], "limit": tenth | {"days": 7}})
    assert daily(answer) == ["52", "44"]
    assert [step["cut_of_starting"] for step in answer["steps"]] == ["10.0", "10.0"]


# A day's products


@pytest.mark.parametrize("products", [["tablet-10", "capsule-10"], ["capsule-10", "tablet-10"]])
def test_product_named_first_is_taken_among_equals(products: list[str]) -> None:
    stock = {"capsule-10": TABLET_10 | {"form": "capsule"}, "tablet-10": TABLET_10}
    answer = ask(inline(stock, {"morning": "20"}) | {"products": products})
    assert [portion["product"] for portion in answer["steps"][0]["take"]["morning"]] == products[:1]


def whole(*strengths: str) -> dict[str, Json]:
    return {f"tablet-{mg}": TABLET_10 | {"strength": mg} for mg in strengths}


def solution(strength: str) -> dict[str, Json]:
    return {"solution": SOLUTION_1 | {"strength": strength}}


@pytest.mark.parametrize(
    ("products", "dose", "pieces"),
    [
        ({"tablet-10": HALVED, **whole("5")}, "5", {"tablet-5": "1"}),  # half a ten is 0.5, and 1 for dividing it
        ({**solution("1"), **whole("2.5")}, "5", {"solution": "5"}),  # 5 mL are as much as one piece
        ({**solution("1"), **whole("3")}, "6", {"tablet-3": "2"}),  # 6 mL are as much as two; no mL are less
        ({**solution("1"), **whole("2")}, "6", {"solution": "6"}),  # ... and three pieces more than two
        (whole("10", "5"), "15", {"tablet-5": "3"}),  # two pieces of two products are 2 and 2
        (whole("60", "45", "20", "10"), "100", {"tablet-60": "1", "tablet-20": "2"}),  # 45 + 45 + 10: smaller strengths
    ],
    ids=["whole before half", "5 mL", "6 mL or two", "6 mL or three", "one product", "larger strengths"],
)
def test_lightest_pieces_are_taken(products: dict[str, Json], dose: str, pieces: dict[str, str]) -> None:
    pace = [{"cut": "100%", "of": "current", "every": 7}]
    (step,) = ask(inline(products, {"morning": "110"}, target=dose, pace=pace, max_units="40"))["steps"]
    assert {portion["product"]: portion["units"] for portion in step["take"]["morning"]} == pieces


def test_even_doses_may_be_those_of_one_product_alone() -> None:
    """A third of 40 mg three times is 13.3: 10, 15 and 15 mg take two products, 10, 10 and 20 mg one."""
    request = inline(whole("10", "15"), dict.fromkeys(("morning", "midday", "evening"), "20"), target="40")
    (step,) = ask(request | {"pace": [{"cut": "20 mg", "every": 7}]})["steps"]
    assert list(step["regimen"].values()) == ["10", "10", "20"]


@pytest.mark.parametrize(("lower", "changed"), [((1, 1), 1), ((0, 0), 2), ((1, 2), 0), ((3, 0), 0), ((0, 2), 0)])
def test_no_time_rises_by_a_single_unit_on_the_way(lower: tuple[int, int], changed: int) -> None:
    assert times_changed((2, 1), lower) == changed
