"""A plan's page in each of its states, by the worked example: 60 mg to 7 December, then 5 mg less each Monday."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from planner.models import Acknowledgement, Patient, Plan, User
from planner.revising import Decision
from planner.services import end_plan
from tests.formulary.example import example
from tests.plans.conftest import address, fresh, plan_with, recorded, shown
from tests.revisions.conftest import mg, revised

D = date
TAGS = re.compile(r"<[^>]+>")


def words(page: Client, plan: Plan) -> str:
    """What is read on the page, without its tags."""
    return " ".join(TAGS.sub(" ", page.get(address(plan)).content.decode()).split())


def on(day: date, owner: User, page: Client) -> Any:
    travel = time_machine.travel(day, tick=False)
    travel.start()
    page.force_login(owner)
    return travel


def told(html: str) -> str:
    found = re.search(r'<svg class="chart-wide"[^>]*aria-label="([^"]+)"', html)
    assert found
    return found[1]


def test_now_and_next(page: Client, plan: Plan) -> None:
    """The third day of 30 mg, 10 mg three times a day; 25 mg from Monday the 18th, the midday dose halved."""
    said = words(page, plan)
    assert "Now, Wednesday 13 January 2027 30 mg a day, day 3 of 7" in said
    assert said.count("10 mg 1 tablet 1 tablet") == 3
    assert "Next change, in 5 days Monday 18 January" in said
    assert "The midday dose goes from 10 mg to 5 mg : half a tablet instead of 1 tablet." in said
    assert "Morning and evening stay the same." in said
    assert "30 to 25 mg a day. 16.7 % of current , 8.3 % of starting." in said
    assert (
        "30 mg a day is taken until Sunday 17 January 2027. On Monday 18 January 2027 the dose goes down to 25 mg a "
        "day. 5 further changes follow, the last of them the stop on Monday 22 February 2027."
    ) in said


def test_head_names_the_patient_and_what_is_taken(page: Client, plan: Plan, patient: Patient) -> None:
    said = words(page, plan)
    assert "Test Patient Born 14 March 1968 · TP-0001 · Baclofen, oral · 10 mg tablets Going on" in said
    html = shown(page.get(address(plan)))
    assert f'href="/versions/{fresh(plan).current_id}/calendar-A4.pdf">Print the calendar' in html


def test_steps_taken_are_folded_and_the_present_one_is_marked(page: Client, plan: Plan) -> None:
    html = shown(page.get(address(plan)))
    folded, rest = html.split("</details>", 1)
    assert "<summary>Show the 5 steps already taken</summary>" in folded
    assert all(f'<span class="real">{dose} mg</span>' in folded for dose in (55, 50, 45, 40, 35))
    assert '<tr role="row" class="current"> <td role="cell" class="no">6</td>' in rest
    assert rest.count('<tr role="row" class="over">') == 3
    assert "From Mon 22 Feb 2027" in rest


def test_kept_reasons_stand_below_the_steps(page: Client, owner: User, plan: Plan) -> None:
    Acknowledgement.objects.create(plan=plan, version=plan.current, by=owner, reasons={"gap": "Given later"})
    said = words(page, plan)
    assert "3 cuts are over the limit: “Weekly visits from here on”" in said
    assert "“Given later” Test Owner" in said


def test_supply_is_what_the_fills_gave_less_what_was_taken(page: Client, plan: Plan) -> None:
    """46.5 tablets in hand (tests/revisions); to 31 January 5 x 3, 7 x 2.5 and 7 x 2: 46.5. Then 28 days less."""
    said = words(page, plan)
    assert "In hand: 46.5 tablets. Needed to Sunday 31 January: 46.5 tablets." in said
    assert "Next fill Mon 1 Feb: 21 tablets, to Sun 21 Feb." in said


def test_supply_in_hand_is_told_while_another_version_is_still_to_begin(page: Client, owner: User, plan: Plan) -> None:
    """46.5 tablets on the 13th, as before; held from the 15th: 3 a day until then, and a fill of its own."""
    revised(owner, plan, Decision("hold", D(2027, 1, 15), days=7))
    said = words(page, plan)
    assert "In hand: 46.5 tablets. Needed to Thursday 14 January: 6 tablets." in said
    assert "Next fill Fri 15 Jan: " in said


def test_fill_of_the_paper_in_force_is_told_where_another_version_begins_after_it(
    page: Client, owner: User, plan: Plan
) -> None:
    """Held from 10 February: until then the first paper holds, with 21 tablets from the 1st."""
    revised(owner, plan, Decision("hold", D(2027, 2, 10), days=7))
    said = words(page, plan)
    assert "In hand: 46.5 tablets. Needed to Sunday 31 January: 46.5 tablets." in said
    assert "Next fill Mon 1 Feb: 21 tablets" in said


def test_chart_says_it_in_words(page: Client, plan: Plan) -> None:
    said = told(shown(page.get(address(plan))))
    assert said.startswith("Planned and taken. 60 mg a day until 7 Dec 2026, then 55 mg from 7 Dec, 50 mg from 14 Dec")
    assert "3 cuts over the limit, kept with a reason. Today 30 mg a day. Stop on Mon 22 Feb 2027." in said


def test_page_holds_no_inline_style_or_script(page: Client, plan: Plan) -> None:
    html = shown(page.get(address(plan)))
    assert " style=" not in html
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)


def test_held_then_resumed_is_one_stretch_with_its_days(page: Client, owner: User, plan: Plan) -> None:
    """30 mg since the 11th, held to the 24th: the row, the bracket and the sentence all say 7 days."""
    check_in = recorded(owner, plan, "mild", "hold", reason="Mild signs")
    revised(owner, plan, Decision("hold", D(2027, 1, 13), days=7), check_in=check_in)
    html = shown(page.get(address(plan)))
    said = words(page, plan)
    assert "Held at 30 mg until Sun 24 Jan 2027" in said
    assert "30 mg a day, day 3 of 14" in said
    assert "11–24 Jan 2027 Now held 7 days 30 mg" in said
    assert "30 mg held 7 days longer, from 18 Jan to 24 Jan." in told(html)
    assert "Stop on Mon 1 Mar 2027, 1 week later than in version 1" in said
    assert "version 1, replaced" in html
    assert "kind=resume" in html
    assert "Version 2 Current Wed 13 Jan 2027 30 mg held 7 days: Mild signs, day 3" in said
    assert "Mild Wed 13 Jan 2027 at 30 mg a day Decision: hold. “Mild signs” Test Owner" in said


def test_held_until_further_notice(page: Client, owner: User, plan: Plan) -> None:
    revised(owner, plan, Decision("wait", D(2027, 1, 13), days=14))
    said = words(page, plan)
    assert "Held at 30 mg until further notice" in said
    assert "None planned" in said
    assert "No stop is planned" in said
    assert "What comes next is to be decided by Tuesday 26 January 2027." in said
    assert "Not planned" in said  # the last dose


def test_stepped_back(page: Client, owner: User, plan: Plan) -> None:
    revised(owner, plan, Decision("step-back", D(2027, 1, 14), days=7, daily=mg("40")))
    said = words(page, plan)
    assert "goes up to 40 mg a day" in said
    travel = on(D(2027, 1, 15), owner, page)
    said, html = words(page, plan), shown(page.get(address(plan)))
    travel.stop()
    assert "Stepped back to 40 mg, until Wed 20 Jan 2027" in said
    assert "10 mg more 33.3 % more 16.7 % more" in said.replace("\N{NO-BREAK SPACE}", " ")
    assert "back to 40 mg" in html


def test_stepped_back_from_midday_names_the_dose_gone_back_to(page: Client, owner: User, plan: Plan) -> None:
    """30 mg is 10 mg at each time, 40 mg is 15, 10 and 15 mg: today only the evening dose rises."""
    revised(owner, plan, Decision("step-back", D(2027, 1, 13), from_time="midday", days=7, daily=mg("40")))
    said = words(page, plan)
    assert "Stepped back to 40 mg, until Wed 20 Jan 2027" in said
    assert "35 mg a day, day 1 of 1" in said


def test_other_products_are_a_change_at_the_same_dose(page: Client, owner: User, plan: Plan) -> None:
    revised(owner, plan, Decision("products", D(2027, 1, 14), products=("tablet-5",)))
    said = words(page, plan)
    assert "The morning dose stays 10 mg: 2 tablets of 5 mg instead of 1 tablet of 10 mg." in said
    assert "30 mg a day, as now." in said
    assert "On Thursday 14 January 2027 the products change; the dose stays 30 mg a day." in said
    assert "stay the same" not in said
    html = shown(page.get("/patients/?show=running")).replace("\N{NO-BREAK SPACE}", " ")
    assert "stays 30 mg" in html


def test_slowed(page: Client, owner: User, plan: Plan) -> None:
    pace = [{"cut": "5 mg", "every": 14}]
    revised(owner, plan, Decision("pace", D(2027, 1, 13), pace=pace))
    said = words(page, plan)
    assert "Going on at another pace" in said
    assert "day 3 of 14" in said


def test_another_target_goes_on(page: Client, owner: User, plan: Plan) -> None:
    revised(owner, plan, Decision("stay", D(2027, 1, 13)))
    said = words(page, plan)
    assert "Stays on 30 mg" in said
    assert "The patient keeps taking 30 mg a day. No change is planned." in said


def test_not_begun(page: Client, owner: User, plan: Plan) -> None:
    travel = on(D(2026, 11, 26), owner, page)
    said, html = words(page, plan), shown(page.get(address(plan)))
    travel.stop()
    assert "Begins on Mon 7 Dec 2026" in said
    assert "60 mg a day, before the first change" in said
    assert "Next change, in 11 days Monday 7 December" in said
    assert "Next fill Mon 7 Dec: 133 tablets, to Sun 3 Jan." in said
    assert "steps already taken" not in said
    assert "kind=step-back" not in html


def test_last_day_before_the_stop_and_after_it(page: Client, owner: User, plan: Plan) -> None:
    travel = on(D(2027, 2, 21), owner, page)
    said = words(page, plan)
    travel.stop()
    assert "Stop, tomorrow Monday 22 February" in said
    assert "The last dose is on Sunday 21 February 2027." in said
    travel = on(D(2027, 2, 24), owner, page)
    said, html = words(page, plan), shown(page.get(address(plan)))
    travel.stop()
    assert "Ended: nothing is taken from Mon 22 Feb 2027 on" in said
    assert "Show the 11 steps already taken" in said
    assert "From Mon 22 Feb 2027" in said
    assert 'id="check"' in html
    assert "kind=" not in html


def test_closed(page: Client, owner: User, plan: Plan) -> None:
    end_plan(by=owner, plan=plan, based_on=fresh(plan).current_id, on=D(2027, 1, 12), reason="elsewhere", note="Moved")
    said, html = words(page, plan), shown(page.get(address(plan)))
    assert "Closed on Tue 12 Jan 2027" in said
    assert "Somebody else takes the taper over" in said
    assert "18–24 Jan" not in said
    assert 'id="check"' not in html
    assert "kind=" not in html
    assert "Version 1 Closed" in said
    assert '<span class="tag tag-now">Now</span>' not in html


def test_plan_without_a_file_is_still_read(
    page: Client, owner: User, patient: Patient, today: date, tmp_path: Path, settings: Any
) -> None:
    (tmp_path / "examplazine.toml").write_text(example(), encoding="utf-8")
    settings.MEDICINE_FOLDER = tmp_path
    plan = plan_with(
        owner, patient, {"medicine": "examplazine", "regimen": {"morning": "30", "evening": "30"}, "factors": []}
    )
    settings.MEDICINE_FOLDER = tmp_path / "gone"
    answer = page.get(address(plan))
    said = words(page, plan)
    assert answer.status_code == 200
    assert "The medicine’s file has gone" in said
    assert "× tablet-10" in said
    assert "kind=" not in shown(answer)
    assert page.post(address(plan, "check-in/"), {"look": "1", "too_much": "no", "how": "mild"}).status_code == 200
    assert recorded(owner, plan, "mild", "hold").suggested == "hold"


def test_queries_do_not_grow_with_check_ins_and_versions(page: Client, owner: User, plan: Plan) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert page.get(address(plan)).status_code == 200
        return len(queries)

    revised(owner, plan, Decision("hold", D(2027, 1, 13), days=7))
    recorded(owner, plan, "well")
    count()  # the first look is noted
    few = count()
    for number in range(3):
        recorded(owner, plan, "well", submission=f"more-{number}")
    revised(owner, plan, Decision("hold", D(2027, 1, 13), days=8))
    assert count() == few


def test_owner_colleague_and_stranger(
    page: Client, colleague: Client, client: Client, stranger: User, plan: Plan
) -> None:
    assert colleague.get(address(plan)).status_code == 200
    client.force_login(stranger)
    assert client.get(address(plan)).status_code == 404
    client.logout()
    assert client.get(address(plan))["Location"].startswith("/sign-in/")


def test_patient_and_version_lead_here(page: Client, plan: Plan, patient: Patient) -> None:
    for other in (f"/patients/{patient.pk}/", f"/versions/{fresh(plan).current_id}/"):
        assert f'href="{address(plan)}"' in shown(page.get(other))
