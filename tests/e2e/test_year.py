"""Days of due dates with real processes that are killed: the issues that are open each day are those that an oracle
says, and each reminder falls on its day."""

from pathlib import Path

from bot.doctor import EVENTS
from tests.bot.reminders.year import Life
from tests.e2e.year import Days
from tests.stand import Stand


def test_each_day_the_open_issues_are_those_that_the_oracle_says_whatever_is_killed(tmp_path: Path) -> None:
    with Stand(events=EVENTS) as stand, Days(stand, tmp_path, seed=158, killed=0.4) as days:
        life = Life(days, count=4, seed=158, pace=4)
        stand.install("acme")
        assert list(life.live(days=28, every=4)) == []
        assert days.kills.total() > 2
        assert (days.reopened.total(), sum(len(one.words) for one in life.oracles.values())) == (7, 17)
