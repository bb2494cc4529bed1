import json
from planner.models import *
from tests.carried.conftest import exported, imported


def test_smoke(owner, stranger, lived):
    data = exported(lived, owner)
    print(len(data))
    open("/tmp/io_plan.json", "wb").write(data)
    made = imported(stranger, data)
    assert made.answer["steps"] == lived.current.answer["steps"]
    print(made.number, [(v.number, v.kind, v.elsewhere) for v in made.plan.versions.all()])
