"""The engine: from a request to a dated schedule of doses that can really be made, and the rules that check one.

Standard library only: no files, no clock, no floats. The README tells how it decides.
"""

from planner.taper.answer import answer_json, refusal_json, request_json
from planner.taper.check import check
from planner.taper.checkins import CheckIn, check_ins
from planner.taper.closures import Closures
from planner.taper.errors import BadInput, TaperError
from planner.taper.explain import StepWhy, explain_length, explain_step
from planner.taper.options import Option, options
from planner.taper.propose import propose
from planner.taper.read import parse_request
from planner.taper.request import Context, Request
from planner.taper.schedule import Answer, Finding, Step
from planner.taper.ways import Way, ways_out
from planner.taper.ways_calm import calm_ways

ENGINE_VERSION = "1.3"

__all__ = [
    "ENGINE_VERSION", "Answer", "BadInput", "CheckIn", "Closures", "Context", "Finding", "Option", "Request", "Step",
    "StepWhy", "TaperError", "Way", "answer_json", "calm_ways", "check", "check_ins", "explain_length", "explain_step",
    "options", "parse_request", "propose", "refusal_json", "request_json", "ways_out",
]  # fmt: skip
