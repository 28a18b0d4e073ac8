"""An approval by a command is of what its sender could have seen."""

from datetime import timedelta

from bot.store.ledger import Ledger
from tests.e2e.given import HERE, POLICY
from tests.e2e.plant import Plant, judged
from tests.e2e.test_approvals import EASED, RED

WAIVE = "/pilot waive INT002 until +2w because x"


def test_what_is_pushed_while_a_command_waits_for_github_is_not_approved_by_it(line: Plant, number: int) -> None:
    line.stand.fail(lambda asked: asked.method == "POST" and "reactions" in str(asked.route), status=502)
    line.stand.comment(HERE, number, WAIVE, by="ana-r")
    line.settle()
    line.clock.now += timedelta(minutes=1)
    line.stand.push(HERE, "feature", {POLICY: EASED})
    assert judged(line, HERE, number) == RED
    line.clock.now += timedelta(minutes=5)
    line.settle()
    assert (judged(line, HERE, number)[0], Ledger(line.stored).named(HERE)) == ("failure", [])


def test_a_policy_that_another_changes_between_read_and_write_is_not_approved(line: Plant, number: int) -> None:

    def meanwhile(asked: object) -> bool:
        if getattr(asked, "method", "") == "PUT" and not done:
            done.append(True)
            line.stand.push(HERE, "feature", {POLICY: EASED})
        return False

    done: list[bool] = []
    line.stand.fail(meanwhile)
    line.stand.comment(HERE, number, WAIVE, by="ana-r")
    line.settle()
    assert done
    assert (judged(line, HERE, number)[0], Ledger(line.stored).named(HERE)) == ("failure", [])
