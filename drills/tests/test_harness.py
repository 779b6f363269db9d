"""Test that a control proves a guard only when each attack succeeds without it."""

import pytest

from drills.harness.runner import Result

pytestmark = pytest.mark.anywhere


@pytest.mark.parametrize(
    ("passed", "attacks", "proves"),
    [
        (False, {}, True),
        (True, {}, False),
        (False, {"forged": True, "edited": True}, True),
        (False, {"forged": True, "edited": False}, False),
        (True, {"forged": False}, False),
    ],
)
def test_a_control_proves_guards_only_when_every_attack_succeeded(passed, attacks, proves):
    assert Result("1", "", "", passed, attacks).proves_guards is proves


def test_an_attack_that_fails_without_its_guard_is_named():
    result = Result("1", "", "", passed=False, attacks={"forged": True, "edited": False, "old": False})
    assert result.still_refused == ["edited", "old"]
