"""What holds after every test, whichever room it tries."""

from collections.abc import Iterator

import pytest

from tests.trail import assert_codes_alone


@pytest.fixture(autouse=True)
def codes_alone_in_the_trail(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test has the services write: its audit rows hold no name and nothing that somebody typed."""
    uses = {"db", "transactional_db"} & set(request.fixturenames)
    for name in uses:
        request.getfixturevalue(name)
    yield
    if uses:
        assert_codes_alone()
