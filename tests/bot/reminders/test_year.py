"""Months of due dates, against an oracle: the issues that are open each day, and the days on which there is a word."""

from tests.bot.reminders.year import Life, Year
from tests.stand import Stand


def test_each_day_of_a_year_the_open_issues_are_those_that_the_oracle_says() -> None:
    with Stand() as stand:
        year = Year(stand, seed=7, killed=0.08)
        life = Life(year, count=2, seed=7, pace=3)
        stand.install("acme")
        assert list(life.live(days=60)) == []
        assert year.kills > 5
        assert sum(len(one.words) for one in life.oracles.values()) > 10
        assert sum(one.again.total() for one in life.oracles.values()) > 5
