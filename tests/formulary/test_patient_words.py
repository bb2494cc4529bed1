"""What a patient reads is short and plain, and every published sign is there."""

import re

import pytest

from planner.formulary import load

FILE = load("baclofen")
SIGNS = [*FILE.patient.call_us, *FILE.patient.emergency, *FILE.patient.too_much]
SENTENCES = [
    *FILE.patient.missed_dose,
    *FILE.patient.never_stop,
    *filter(None, (p.look for p in FILE.products.values())),
]
LONGEST_GRADE = 6


def syllables(word: str) -> int:
    groups = re.findall(r"[aeiouy]+", word.lower())
    silent = word.lower().endswith("e") and not word.lower().endswith("le") and len(groups) > 1
    return max(1, len(groups) - silent)


def grade(text: str) -> float:
    """The Flesch-Kincaid school grade."""
    sentences = [s for s in re.split(r"[.!?]", text) if s.strip()]
    words = re.findall(r"[A-Za-z]+", text)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_is_a_short_phrase(sign: str) -> None:
    assert len(sign.split()) <= 9
    assert len(sign) <= 45
    assert not sign.endswith(".")
    assert max(len(word) for word in re.findall(r"[A-Za-z]+", sign)) <= 11


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_is_short_and_whole(sentence: str) -> None:
    assert sentence.endswith(".")
    assert sentence[0].isupper()
    assert max(len(part.split()) for part in re.split(r"(?<=\.) ", sentence)) <= 16


@pytest.mark.parametrize("sentences", [FILE.patient.missed_dose, FILE.patient.never_stop], ids=["missed", "never-stop"])
def test_a_sixth_grader_can_read_it(sentences: list[str]) -> None:
    assert grade(" ".join(sentences)) <= LONGEST_GRADE


@pytest.mark.parametrize("text", [*SIGNS, *SENTENCES])
def test_no_clinicians_word(text: str) -> None:
    assert not re.search(r"\b(BID|TID|QID|taper|withdrawal|titrat|spasticity|nausea|insomnia|toxicity)", text, re.I)


def test_no_sign_stands_twice() -> None:
    assert len(set(SIGNS)) == len(SIGNS)


@pytest.mark.parametrize(
    ("sign", "words"),
    [
        ("spasms or stiffness", "spasms or stiffness"),
        ("tremor", "Shaking"),
        ("insomnia", "cannot sleep"),
        ("anxiety", "worried"),
        ("irritability", "angry"),
        ("mood swings", "low"),
        ("sweating", "Sweating"),
        ("nausea", "sick to your stomach"),
        ("dizziness", "dizzy"),
        ("tingling", "Tingling"),
        ("itching", "itching"),
        ("memory", "remembering"),
        ("two missed doses", "2 doses in a row"),
        ("vomiting", "throw up"),
    ],
)
def test_call_us_covers(sign: str, words: str) -> None:
    assert any(words in phrase for phrase in FILE.patient.call_us)


@pytest.mark.parametrize(
    ("sign", "words"),
    [
        ("seizure", "seizure"),
        ("loss of consciousness", "pass out"),
        ("hallucinations", "not there"),
        ("severe confusion", "Very confused"),
        ("severe agitation", "very upset"),
        ("high fever", "High fever"),
        ("rapid heartbeat", "Racing heart"),
        ("rigidity", "Very stiff"),
        ("cannot move normally", "cannot move as usual"),
        ("muscle breakdown", "Dark urine with sore muscles"),
        ("breathing", "Trouble breathing"),
        ("suicidal thoughts", "Thoughts of ending your life"),
    ],
)
def test_emergency_covers(sign: str, words: str) -> None:
    assert any(words in phrase for phrase in FILE.patient.emergency)


@pytest.mark.parametrize("words", ["Very sleepy", "Floppy", "Hard to wake", "breathing", "heartbeat"])
def test_too_much_stands_apart(words: str) -> None:
    assert any(words in phrase for phrase in FILE.patient.too_much)
    assert not any(words in phrase for phrase in FILE.patient.emergency if phrase != "Trouble breathing")


def test_missed_dose_in_full() -> None:
    assert FILE.patient.missed_dose == [
        "Take it when you remember.",
        "If it is almost time for the next dose, skip it.",
        "Never take two doses at once.",
        "If you miss 2 doses in a row, call us today.",
        "If you throw up and cannot keep doses down, call us today.",
        "After that, start again only as we tell you.",
    ]


def test_any_hospital_is_told() -> None:
    assert "Tell any doctor or hospital that you take it, and show them this paper." in FILE.patient.never_stop


def test_the_sorting_of_signs_is_said_to_be_a_proposal() -> None:
    assert FILE.patient_reads.split.standing == "proposal"
    assert "ours" in FILE.patient_reads.split.note


def test_no_warning_sign_is_unverified() -> None:
    reads = FILE.patient_reads
    signs = (*reads.call_us, *reads.emergency, *reads.too_much)
    assert {sign.standing for sign in signs} <= {"verified", "second-hand", "proposal"}
