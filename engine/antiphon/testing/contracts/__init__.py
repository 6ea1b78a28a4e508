"""The contract that every connector keeps, ours or a stranger's: the same checks against whatever network.

    class PhoneBench(ServedBench):
        connector = Phone
        ...

    @pytest.mark.parametrize("check", CHECKS, ids=str)
    def test_contract(check: Check) -> None:
        check(PhoneBench)

A `Bench` tells how the network is started, broken and read back; a check raises `Broken` with a sentence, or `LeftOut`
(which pytest shows as skipped) with the reason why it does not apply. `antiphon plugins check` runs the same checks for
benches that are announced as entry points of the group `antiphon.benches`, under the connector's name.
"""

from antiphon.testing.contracts import changing, composing, publishing, reading, secrecy, whole
from antiphon.testing.contracts.bench import Bench, ServedBench
from antiphon.testing.contracts.check import Broken, Check, LeftOut

CHECKS: tuple[Check, ...] = tuple(
    check
    for part in (composing, publishing, changing, reading, whole, secrecy)
    for check in vars(part).values()
    if isinstance(check, Check)
)
"""Every check, in the order in which a connector grows."""

__all__ = ["CHECKS", "Bench", "Broken", "Check", "LeftOut", "ServedBench"]
