"""Random requests of up to some 300 daily doses: fine liquids, tablets in quarters, both together."""

from fractions import Fraction

from hypothesis import assume
from hypothesis import strategies as st

from tests.taper.full_shelf import FAR, Item, common_grain, fewest_quarters, read_item
from tests.taper.strategies import TIMES, Json, cuts, limits, paces, show

MOST_DAILIES = 399
MOST_PIECES = 40
UNITS = ("0.05", "0.1", "0.25", "0.5", "1", "1.25", "2.5")


@st.composite
def large_requests(draw: st.DrawFn, most: int = 300, new_fields: bool = False) -> Json:
    """At most so many grains a day, of which every dose now and every product is made."""
    unit = Fraction(draw(st.sampled_from(UNITS)))
    products = draw(st.one_of(liquids(unit), quartered(unit), mixtures(unit)))
    regimen = draw(large_regimens(unit, most))
    current = sum(map(Fraction, regimen.values()), Fraction(0))
    request: Json = {
        "medicine": {"name": "Example", "unit": "mg", "products": products},
        "regimen": regimen,
        "start": "2026-12-07",
        "pace": draw(large_paces(unit, current)),
        "limit": draw(limits(unit * draw(st.integers(1, 20)))),
        **draw(choices(current, unit)),
    }
    if new_fields and draw(st.integers(0, 4)) == 0:
        request["shape"] = "one-time-first"
    assume(is_searchable(products, list(map(Fraction, regimen.values()))))
    return request


def is_searchable(products: Json, now: list[Fraction]) -> bool:
    """No more daily doses than are looked at without thinning, nor more pieces at one time than anyone swallows."""
    grain = common_grain(list(products.values()), now)
    doses = [int(dose / grain) for dose in now]
    items = [read_item(key, product, grain) for key, product in products.items()]
    needed = fewest_quarters(items, max(doses))
    pieces = [needed[dose] if needed[dose] < FAR else fewest_pieces(dose, items) for dose in doses]
    return sum(doses) <= MOST_DAILIES and max(pieces) <= 4 * MOST_PIECES


def fewest_pieces(dose: int, items: list[Item]) -> Fraction:
    """In quarters, of a dose that cannot be made: as if the largest piece could be divided at will."""
    return min(Fraction(0) if item.liquid else item.quarters * Fraction(dose, item.grains) for item in items)


@st.composite
def large_regimens(draw: st.DrawFn, unit: Fraction, most: int) -> dict[str, str]:
    """Equal times, or all different, or some equal."""
    times = TIMES[: draw(st.integers(1, 4))]
    share = draw(st.integers(min(60, most // len(times)), most)) // len(times)
    doses = st.one_of(st.just(share), st.integers(max(1, share // 2), share))
    return {time: show(draw(doses) * unit) for time in times}


@st.composite
def large_paces(draw: st.DrawFn, unit: Fraction, current: Fraction) -> list[Json]:
    """Slow ones, which meet many doses; the amounts some multiple of the least dose."""
    if draw(st.booleans()):
        return draw(paces(unit * draw(st.integers(1, 10)), current))
    slow = draw(cuts(unit * draw(st.integers(1, 10)), ["2", "3", "5", "7.5", "10"]))
    return [{**slow, "every": draw(st.sampled_from([1, 3, 7, 7, 14, 28]))}]


@st.composite
def liquids(draw: st.DrawFn, unit: Fraction) -> Json:
    step = Fraction(draw(st.sampled_from(["0.1", "0.25", "0.5", "1"])))
    return {"solution": {"form": "solution", "strength": show(unit / step), "step_ml": show(step)}}


@st.composite
def quartered(draw: st.DrawFn, unit: Fraction) -> Json:
    """Two or three strengths of tablets, some of them divided."""
    products = {}
    for times in sorted(draw(st.sets(st.sampled_from([1, 2, 4, 5, 10, 20, 40]), min_size=1, max_size=3))):
        divides = draw(st.sampled_from([1, 2, 4]))
        strength = show(unit * times * divides)
        products[f"tablet-{strength}"] = {"form": "tablet", "strength": strength, "divides": divides}
    return products


@st.composite
def mixtures(draw: st.DrawFn, unit: Fraction) -> Json:
    both = {**draw(liquids(unit)), **draw(quartered(unit * draw(st.sampled_from([1, 5, 10]))))}
    return {key: both[key] for key in draw(st.permutations(list(both)))}


@st.composite
def choices(draw: st.DrawFn, current: Fraction, unit: Fraction) -> Json:
    chosen: Json = {}
    if draw(st.integers(0, 3)) == 0:
        chosen["order"] = list(draw(st.permutations(TIMES)))
    if draw(st.integers(0, 3)) == 0:
        chosen["max_units"] = draw(st.sampled_from(["2", "4", "8", "12"]))
    if draw(st.integers(0, 3)) == 0:
        return {**chosen, "target": show(unit * draw(st.integers(1, int(current / unit) - 1)))}
    if draw(st.integers(0, 2)) == 0:
        chosen["final_dose"] = show(unit * draw(st.integers(1, 20)))
    return chosen
