"""How the tests of the vendors' formats read files: as a policy that names them all would."""

from textwrap import dedent

from hypothesis import strategies as st

from rules.evidence.monitoring import Alert, Alerts, Reached, Unreached, Untold
from tests.rules import given

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)


def alerts(*texts: str, suffix: str = "yaml") -> Alerts:
    """What is found in files of these texts, dedented."""
    files = {f"m/{number}.{suffix}": dedent(text).lstrip("\n").encode() for number, text in enumerate(texts)}
    return Alerts.read(given.policy(f"monitoring: {{configs: ['m/*.{suffix}']}}"), given.holding(files))


def alert(*texts: str, suffix: str = "yaml") -> Alert:
    """The only alert in files of these texts, in which nothing is broken or unknown."""
    found = alerts(*texts, suffix=suffix)
    assert (found.broken, found.opaque, found.missing) == ((), (), ())
    (one,) = found.alerts
    return one


def reason(one: Alert) -> str:
    """Why an alert reaches nobody, or can't be told to."""
    assert isinstance(one.reach, Unreached | Untold)
    return f"{type(one.reach).__name__}: {one.reach.reason}"


def receiver(one: Alert) -> str:
    """Where an alert ends."""
    assert isinstance(one.reach, Reached)
    return one.reach.receiver


def nested(*keys: str) -> st.SearchStrategy[object]:
    """Values of any shape, in which these keys and texts occur."""
    words = st.sampled_from(keys)
    return st.recursive(
        scalars | words,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words | st.text(max_size=4), inner, max_size=6),
        max_leaves=20,
    )
