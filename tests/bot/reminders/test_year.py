"""Months of due dates, against an oracle: the issues that are open each day, and the days on which there is a word."""

from collections import Counter

from tests.bot.reminders.year import Year, live
from tests.stand import Stand


def test_each_day_of_a_year_the_open_issues_are_those_that_the_oracle_says() -> None:
    with Stand() as stand:
        year = Year(stand, seed=7, killed=0.08)
        oracles = {}
        for today, name, open_, oracle in live(year, count=3, days=100):
            assert open_ == Counter(list(oracle.open)), (today, name)
            oracles[name] = oracle
        for name, oracle in oracles.items():
            assert year.words(name) == Counter(list(oracle.words)), name
        assert year.kills > 5
