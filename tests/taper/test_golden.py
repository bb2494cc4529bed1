"""What a pharmacist would write, as tables: the day of each change, the doses, the daily dose, the pieces.

Pieces: `2x10 + 1x5` are two 10 mg pieces and one of 5 mg, `9 mL` is measured, `-` is nothing at that time.
"""

from fractions import Fraction

import pytest

from tests.taper.asking import Json, ask
from tests.taper.test_examples import BACLOFEN, daily_by_start

WEEKLY_LIMIT = {"cut": "50%", "of": "current", "days": 7}


def tablets(strengths: str, divides: int = 1, form: str = "tablet") -> Json:
    keys = {f"{form}-{strength}": strength for strength in strengths.split()}
    return {key: {"form": form, "strength": strength, "divides": divides} for key, strength in keys.items()}


def asked(name: str, products: Json, regimen: Json, pace: list[Json], limit: Json, **fields: object) -> Json:
    medicine = {"name": name, "unit": "mg", "products": products}
    return {
        "medicine": medicine, "regimen": regimen, "start": "2026-12-07", "pace": pace, "limit": limit, **fields,
    }  # fmt: skip


def written(answer: Json, products: Json) -> list[list[str]]:
    """The steps as rows of cells: day, doses, daily dose, pieces at each time."""
    return [_row(step, products) for step in answer["steps"]]


def _row(step: Json, products: Json) -> list[str]:
    pieces = [_pieces(step["take"].get(time, []), products) for time in step["regimen"]]
    return [step["start"], " / ".join(step["regimen"].values()), step["daily"], " | ".join(pieces)]


def _pieces(portions: list[Json], products: Json) -> str:
    def strength(portion: Json) -> Fraction:
        return Fraction(products[portion["product"]]["strength"])

    largest_first = sorted(portions, key=strength, reverse=True)
    return " + ".join(_portion(portion, products[portion["product"]]) for portion in largest_first) or "-"


def _portion(portion: Json, product: Json) -> str:
    return f"{portion['units']} mL" if product["form"] == "solution" else f"{portion['units']}x{product['strength']}"


def rows(table: str) -> list[list[str]]:
    """The cells of a table, which are parted by two or more blanks."""
    lines = [line.strip() for line in table.strip().splitlines()]
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines]


def most_pieces_at_once(answer: Json) -> Fraction:
    taken = [portions for step in answer["steps"] for portions in step["take"].values()]
    return max(sum((Fraction(portion["units"]) for portion in portions), Fraction(0)) for portions in taken)


# Baclofen 20 mg three times a day, 10 % of the current dose a week, at most 20 %

BACLOFEN_STOCK = tablets("10", 2) | {"solution-1": {"form": "solution", "strength": "1", "step_ml": "0.5"}}

HALVES_OF_TABLETS = """
    2026-12-07  20 / 15 / 20  55  2x10 | 1.5x10 | 2x10
    2026-12-14  15 / 15 / 20  50  1.5x10 | 1.5x10 | 2x10
    2026-12-21  15 / 15 / 15  45  1.5x10 | 1.5x10 | 1.5x10
    2026-12-28  15 / 10 / 15  40  1.5x10 | 1x10 | 1.5x10
    2027-01-04  10 / 10 / 15  35  1x10 | 1x10 | 1.5x10
    2027-01-11  10 / 10 / 10  30  1x10 | 1x10 | 1x10
"""
HALVES_TO_THE_END = """
    2027-01-18  10 / 5 / 10  25  1x10 | 0.5x10 | 1x10
    2027-01-25  5 / 5 / 10   20  0.5x10 | 0.5x10 | 1x10
    2027-02-01  5 / 5 / 5    15  0.5x10 | 0.5x10 | 0.5x10
    2027-02-08  5 / 0 / 5    10  0.5x10 | - | 0.5x10
    2027-02-15  0 / 0 / 5    5   - | - | 0.5x10
    2027-02-22  0 / 0 / 0    0   - | - | -
"""


def test_baclofen_in_halves_of_tablets() -> None:
    """55 mg are 5.5 tablets a day, 5 mg half a tablet less each week: 7 x (5.5 + 5 + ... + 0.5) = 231.

    The first four weeks take 7 x (5.5 + 5 + 4.5 + 4) = 133, the next 7 x (3.5 + 3 + 2.5 + 2) = 77, the last
    7 x (1.5 + 1 + 0.5) = 21.
    """
    answer = ask(BACLOFEN)
    assert written(answer, BACLOFEN_STOCK) == rows(HALVES_OF_TABLETS) + rows(HALVES_TO_THE_END)
    assert answer["supply"]["total"] == {"tablet-10": "231"}
    assert [fill["dispense"]["tablet-10"] for fill in answer["supply"]["fills"]] == ["133", "77", "21"]


BACLOFEN_WITH_LIQUID = BACLOFEN | {"products": ["tablet-10", "solution-1"]}

THEN_THE_LIQUID_ALONE = """
    2027-01-18  9 / 9 / 9        27    9 mL | 9 mL | 9 mL
    2027-01-25  8 / 8 / 8        24    8 mL | 8 mL | 8 mL
    2027-02-01  7 / 7 / 7.5      21.5  7 mL | 7 mL | 7.5 mL
    2027-02-08  6.5 / 6.5 / 6.5  19.5  6.5 mL | 6.5 mL | 6.5 mL
    2027-02-15  6 / 6 / 6        18    6 mL | 6 mL | 6 mL
    2027-02-22  5.5 / 5.5 / 5.5  16.5  5.5 mL | 5.5 mL | 5.5 mL
    2027-03-01  5 / 5 / 5        15    5 mL | 5 mL | 5 mL
    2027-03-08  4.5 / 4.5 / 4.5  13.5  4.5 mL | 4.5 mL | 4.5 mL
    2027-03-15  4 / 4 / 4        12    4 mL | 4 mL | 4 mL
    2027-03-22  3.5 / 3.5 / 4    11    3.5 mL | 3.5 mL | 4 mL
    2027-03-29  3.5 / 3 / 3.5    10    3.5 mL | 3 mL | 3.5 mL
    2027-04-05  3 / 3 / 3        9     3 mL | 3 mL | 3 mL
    2027-04-12  2.5 / 2.5 / 3    8     2.5 mL | 2.5 mL | 3 mL
    2027-04-19  2.5 / 2.5 / 2.5  7.5   2.5 mL | 2.5 mL | 2.5 mL
    2027-04-26  2.5 / 2 / 2.5    7     2.5 mL | 2 mL | 2.5 mL
    2027-05-03  2 / 2 / 2.5      6.5   2 mL | 2 mL | 2.5 mL
    2027-05-10  2 / 2 / 2        6     2 mL | 2 mL | 2 mL
    2027-05-17  2 / 1.5 / 2      5.5   2 mL | 1.5 mL | 2 mL
    2027-05-24  1.5 / 1.5 / 2    5     1.5 mL | 1.5 mL | 2 mL
    2027-05-31  0 / 0 / 0        0     - | - | -
"""


def test_baclofen_in_halves_of_tablets_down_to_30_mg_then_liquid_alone() -> None:
    """Below 30 mg, 3 mg are preferred: half a tablet less, 5 mg, is 16.7 % and the liquid's 27 mg is exact.

    Tablets: 7 x (5.5 + 5 + 4.5 + 4 + 3.5 + 3) = 178.5. Liquid, 1 mg in 1 mL: 7 x the sum of the daily doses from
    27 to 5 mg, 242.5: 1697.5 mL.
    """
    answer = ask(BACLOFEN_WITH_LIQUID)
    assert written(answer, BACLOFEN_STOCK) == rows(HALVES_OF_TABLETS) + rows(THEN_THE_LIQUID_ALONE)
    assert answer["supply"]["total"] == {"tablet-10": "178.5", "solution-1": "1697.5"}
    assert not [step for step in answer["steps"] if step["over_limit"]]


def test_baclofen_is_never_a_tablet_and_millilitres_in_one_dose() -> None:
    for step in ask(BACLOFEN_WITH_LIQUID)["steps"]:
        assert all(len(portions) == 1 for portions in step["take"].values())


def test_baclofen_liquid_is_to_be_collected_before_the_day_on_which_it_begins() -> None:
    said = [finding for finding in ask(BACLOFEN_WITH_LIQUID)["findings"] if finding["code"] == "new-product"]
    assert [(finding["severity"], finding["step"]) for finding in said] == [("advise", 7)]
    assert "1 mg/mL solution before 18 January 2027" in said[0]["message"]


# Diazepam 20 mg, 10 % of the current dose every two weeks, at most 25 %, in scored 2, 5 and 10 mg tablets

DIAZEPAM_STOCK = tablets("2 5 10", 2)
FORTNIGHTLY = ([{"cut": "10%", "of": "current", "every": 14}], {"cut": "25%", "of": "current", "days": 14})
DIAZEPAM_TWICE = asked("Diazepam", DIAZEPAM_STOCK, {"morning": "10", "bedtime": "10"}, *FORTNIGHTLY)
DIAZEPAM_ONCE = asked("Diazepam", DIAZEPAM_STOCK, {"bedtime": "20"}, *FORTNIGHTLY)

DIAZEPAM_TO_8_MG = """
    2026-12-07  9 / 9  18  1x5 + 2x2 | 1x5 + 2x2
    2026-12-21  8 / 8  16  4x2 | 4x2
    2027-01-04  7 / 7  14  1x5 + 1x2 | 1x5 + 1x2
    2027-01-18  6 / 7  13  1x5 + 0.5x2 | 1x5 + 1x2
    2027-02-01  6 / 6  12  3x2 | 3x2
    2027-02-15  5 / 6  11  1x5 | 1x5 + 0.5x2
    2027-03-01  5 / 5  10  1x5 | 1x5
    2027-03-15  4 / 5  9   2x2 | 1x5
    2027-03-29  4 / 4  8   2x2 | 2x2
"""


def test_diazepam_twice_a_day_in_whole_milligrams_down_to_8_mg() -> None:
    """A tenth of 20, 18 and 16 mg is 2, 1.8 and 1.6: 2 mg, one at each time. Of 14 mg and less it is nearer to 1 mg."""
    steps = written(ask(DIAZEPAM_TWICE), DIAZEPAM_STOCK)
    assert steps[:9] == rows(DIAZEPAM_TO_8_MG)


@pytest.mark.parametrize(("diazepam", "over"), [(DIAZEPAM_TWICE, ["2", "1"]), (DIAZEPAM_ONCE, ["1"])])
def test_diazepam_passes_the_limit_only_at_the_last_half_tablets(diazepam: Json, over: list[str]) -> None:
    """Half a 2 mg tablet is the least: 3 to 2 mg is 33.3 %, 2 to 1 mg is 50 %."""
    answer = ask(diazepam)
    assert [step["daily"] for step in answer["steps"] if step["over_limit"]] == over
    assert answer["steps"][-2]["daily"] == "1"
    assert {step["days"] for step in answer["steps"][:-1]} == {14}
    assert most_pieces_at_once(answer) <= 4


# Gabapentin 1,200 mg three times a day, 300 mg less each week, at most 300 mg

GABAPENTIN_STOCK = tablets("100 300 400", form="capsule") | tablets("600 800")
GABAPENTIN = asked(
    "Gabapentin", GABAPENTIN_STOCK, dict.fromkeys(("morning", "midday", "evening"), "1200"),
    [{"cut": "300 mg", "every": 7}], {"cut": "300 mg", "days": 7}, final_dose="300",
)  # fmt: skip


def test_gabapentin_falls_by_300_mg_a_week_one_time_after_the_other() -> None:
    regimens = [" / ".join(step["regimen"].values()) for step in ask(GABAPENTIN)["steps"]]
    assert regimens == [
        "900 / 1200 / 1200",
        "900 / 900 / 1200",
        "900 / 900 / 900",
        "600 / 900 / 900",
        "600 / 600 / 900",
        "600 / 600 / 600",
        "300 / 600 / 600",
        "300 / 300 / 600",
        "300 / 300 / 300",
        "0 / 300 / 300",
        "0 / 0 / 300",
        "0 / 0 / 0",
    ]


def test_gabapentin_is_one_or_two_pieces_at_each_time() -> None:
    """Not a handful of 100 mg capsules: at most one of them in a dose."""
    answer = ask(GABAPENTIN)
    assert most_pieces_at_once(answer) == 2
    taken = [portion for step in answer["steps"] for portions in step["take"].values() for portion in portions]
    assert all(portion["units"] == "1" for portion in taken if portion["product"] == "capsule-100")


def test_gabapentin_of_600_mg_is_a_tablet_and_of_300_mg_a_capsule() -> None:
    steps = {row[1]: row[3] for row in written(ask(GABAPENTIN), GABAPENTIN_STOCK)}
    assert steps["600 / 600 / 600"] == "1x600 | 1x600 | 1x600"
    assert steps["300 / 600 / 600"] == "1x300 | 1x600 | 1x600"
    assert steps["300 / 300 / 300"] == "1x300 | 1x300 | 1x300"


# Prednisone 60 mg in the morning: by 10 mg, then by 5 mg, then by 1 mg a week, in whole 1, 5 and 20 mg tablets

PREDNISONE_STOCK = tablets("1 5 20")


def prednisone(regimen: Json, to: str, then_to: str) -> Json:
    bands = [
        {"cut": "10 mg", "every": 7, "down_to": to},
        {"cut": "5 mg", "every": 7, "down_to": then_to},
        {"cut": "1 mg", "every": 7},
    ]
    return asked("Prednisone", PREDNISONE_STOCK, regimen, bands, WEEKLY_LIMIT)


BY_10_MG = """
    2026-12-07  50  50  2x20 + 2x5
    2026-12-14  40  40  2x20
    2026-12-21  30  30  1x20 + 2x5
"""
FROM_20_MG = """
    20  20  1x20
    15  15  3x5
    10  10  2x5
    9   9   1x5 + 4x1
    8   8   1x5 + 3x1
    7   7   1x5 + 2x1
    6   6   1x5 + 1x1
    5   5   1x5
    4   4   4x1
    3   3   3x1
    2   2   2x1
    1   1   1x1
    0   0   -
"""


def test_prednisone_by_bands_that_end_at_20_and_10_mg() -> None:
    steps = written(ask(prednisone({"morning": "60"}, "20 mg", "10 mg")), PREDNISONE_STOCK)
    assert steps[:3] == rows(BY_10_MG)
    assert [row[1:] for row in steps[3:]] == rows(FROM_20_MG)
    assert (steps[3][0], steps[-1][0]) == ("2026-12-28", "2027-03-22")


def test_prednisone_of_25_mg_is_one_of_20_and_one_of_5() -> None:
    """With 10 mg a week down to 30 mg only, 25 mg lies on the way."""
    steps = written(ask(prednisone({"morning": "60"}, "30 mg", "10 mg")), PREDNISONE_STOCK)
    assert steps[:3] == rows(BY_10_MG)
    assert steps[3] == ["2026-12-28", "25", "25", "1x20 + 1x5"]
    assert [row[1:] for row in steps[4:]] == rows(FROM_20_MG)


def test_prednisone_of_45_mg_gives_the_odd_5_mg_first() -> None:
    """45 to 40 is half the preferred cut, r = 0.5: 0.5 x 0.25 = 0.125, then 30 costs 0.05 for the second product and
    20 nothing: 0.175. 35 (0.05), 25 (0.05), 20 (0.125) cost 0.225."""
    daily = [step["daily"] for step in ask(prednisone({"morning": "45"}, "20 mg", "10 mg"))["steps"]]
    assert daily[:5] == ["40", "30", "20", "15", "10"]


# Sertraline 200 mg, 25 % of the current dose every four weeks, at most 25 %, in scored tablets

MONTHLY = ([{"cut": "25%", "of": "current", "every": 28}], {"cut": "25%", "of": "current", "days": 28})


def sertraline(strengths: str) -> Json:
    return asked("Sertraline", tablets(strengths, 2), {"morning": "200"}, *MONTHLY)


HALVES_OF_50_AND_100 = """
    2026-12-07  150  150  1.5x100
    2027-01-04  125  125  2.5x50
    2027-02-01  100  100  1x100
    2027-03-01  75   75   1.5x50
    2027-03-29  50   50   1x50
    2027-04-26  25   25   0.5x50
    2027-05-24  0    0    -
"""


def test_sertraline_in_halves_of_50_and_100_mg() -> None:
    """150 to 100 mg would be 33.3 %, so 125 lies between. 75 to 50 (33.3 %) and 50 to 25 mg (50 %) cannot be less."""
    answer = ask(sertraline("50 100"))
    assert written(answer, tablets("50 100", 2)) == rows(HALVES_OF_50_AND_100)
    assert [step["daily"] for step in answer["steps"] if step["over_limit"]] == ["50", "25"]


def test_sertraline_goes_to_150_mg_first_though_162_5_mg_can_be_made() -> None:
    answer = ask(sertraline("25 50 100"))
    assert list(daily_by_start(answer).values())[:4] == ["150", "125", "100", "75"]
    assert [step["daily"] for step in answer["steps"] if step["over_limit"]] == ["25", "12.5"]
