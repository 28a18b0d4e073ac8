"""What PromQL expressions need, compare and yield; recording rules followed."""

from collections.abc import Mapping
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.evidence.loading import Broken, Opaque
from rules.evidence.monitoring.promql import no_vector
from rules.evidence.monitoring.promql_reading import MOST, Fires, Reading, shortcoming
from rules.evidence.monitoring.promql_text import Parser
from rules.evidence.monitoring.promql_values import Value, beside, combined, decided, exactly
from rules.evidence.monitoring.recorded import Recordings


def told(text: str, rules: Mapping[str, list[str]] | None = None) -> Reading:
    parser = Parser()
    return Recordings(rules or {}, parser).follow(parser.parse(text))


def asked(found: Reading) -> str:
    return " ".join(f"{one.op} {one.threshold}" for one in found.comparisons)


@pytest.mark.parametrize(
    ("text", "comparisons"),
    [
        ("x > 5", "> 5.0"),
        ("0.9 > x", "< 0.9"),
        ("x != 1", "!= 1.0"),
        ("x == Inf", "== inf"),
        ("x < vector(1) - 0.1", "< 0.9"),
        ("x < scalar(vector(3)) * 2 ^ 2 % 7", "< 5.0"),
        ("x > -(5 / 2)", "> -2.5"),
        ("1 < x < 3", "> 1.0 < 3.0"),
        ("100 * x < 90", "< 0.9"),
        ("x * 100 + 1 < 91", "< 0.9"),
        ("x / 100 > 1 - 0.5", "> 50.0"),
        ("1 - x > 0.1", "< 0.9"),
        ("x - 0.9 < 0", "< 0.9"),
        ("-x < -5", "> 5.0"),
        ("x > y", "> None < None"),
        ("x - y > 3", "> None"),
        ("(x - y) / y > 3", "> None"),
        ("x / y > 0.5", "> 0.5"),
        ("100 / x > 5", "> 5.0"),
        ("x + Inf > 5", "> 5.0"),
        ("time() - x > 600", "> 600.0"),
        ("timestamp(x) < time() - 600", "< None"),
        ("x > 5 and on (a) x < 3", "> 5.0 < 3.0"),
        ("x{a='b'} > 5 and x{a='c'} < 3", "> 5.0 < 3.0"),
        ("max(x > 5) and max(x < 3)", "> 5.0 < 3.0"),
        ("x > 5 or on (a) x <= 5", "> 5.0 <= 5.0"),
        ("x > 5 and y > 1 or x <= 5", "> 5.0 > 1.0 <= 5.0"),
        ("(x > 5) * 2 > 9", "> 5.0"),
        ("vector(1) < x < 3", "> 1.0"),
        ("(x > bool 5) == 1", "> 5.0"),
        ("(x > bool 5) == 0", "<= 5.0"),
        ("(x > bool 5) > 0", "> 5.0"),
        ("sum(x > bool 5) > 2", "> 2.0"),
        ("count(x > 5) > 3", "> 5.0 > 3.0"),
        ("group(x > 5)", "> 5.0"),
        ("topk(3, x > 5)", "> 5.0"),
        ("quantile(0.9, x) > 5", "> 5.0"),
        ("max_over_time((x > 5)[1h:1m])", "> 5.0"),
        ("rate(x[5m]) > 5", "> 5.0"),
        ("x > 5 and y < 3", "> 5.0 < 3.0"),
        ("x > 5 and x > 5", "> 5.0"),
        ("x * (y > 5)", "> 5.0"),
        ("x > 5 or x < 3", "> 5.0 < 3.0"),
        ("x unless y > 1", "<= 1.0"),
        ("x unless x offset 1d", "!= None"),
        ("absent(x > 5)", "<= 5.0"),
        ("x and on() hour() > 9", "> None"),
        ("ALERTS{alertname='a'}", "== None"),
        ("avg without (a) (x) < 0.9", "< 0.9"),
        ("(x or y) < 0.9", "< 0.9"),
        ("(x or 2 * y) < 0.9", "< 0.9"),
        ("clamp(x, 0, 1) < 0.9", "< 0.9"),
        ("clamp(x, scalar(y), 1) < 0.9", "< 0.9"),
        ("clamp_min(x, 0) > 3", "> 3.0"),
        ("clamp_max(x, 9) > 3", "> 3.0"),
        ("clamp(x, 3, 1) > 3", "> 3.0"),
        ("scalar(x) * vector(1) > 3", "> 3.0"),
        ("label_replace(x > 3, 'a', '$1', 'b', '(.*)')", "> 3.0"),
        ("histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m]))) > 1", "> 1.0"),
        ("info(x) > 1", "> 1.0"),
        ("{job='a'} > 1", "> 1.0"),
        ("holt_winters(x[5m], 0.5, 0.5) > 1", "> 1.0"),
        ("x > 1_000", "> 1000.0"),
        ("x > 1_000_000.5", "> 1000000.5"),
        ("x > 1_000e3", "> 1000000.0"),
        ("x > 0x_1_F", "> 31.0"),
        ("x_1_000 > 1", "> 1.0"),
        ('x{y=~`a\\d"\n` } > 5', "> 5.0"),
        ("{__name__=~`x`} > 5", "> 5.0"),
        ("x{y=\"1_0\", z='1_0'} > 5 # 1_0", "> 5.0"),
        ("rate(x[5m]) * rate(y[5m]) > 1", "> 1.0"),
        ("x ^ 2 > 1", "> 1.0"),
        ("rate(x[5m]) / 2 > 1", "> 1.0"),
        ("sum(rate(x[5m])) > 1", "> 1.0"),
        ("x > vector(0) / 0 or x > 5", "> 5.0"),
    ],
)
def test_an_expression_that_compares_fires_on_that(text: str, comparisons: str) -> None:
    found = told(text)
    assert found.fires == Fires.SOME
    assert shortcoming(found) is None
    assert asked(found) == comparisons


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("absent(x)", {"x"}),
        ("absent_over_time(x[5m])", {"x"}),
        ("absent(sum(x))", {"x"}),
        ("absent(x) or absent(y)", {"x", "y"}),
        ("x > 5 or absent(x)", {"x"}),
        ("absent(x / y)", {"x", "y"}),
        ("absent(x or y)", set()),
        ("absent(x > 5)", {"x"}),
        ("x unless y", {"y"}),
        ("x unless on() y > 1", {"y"}),
        ("x > 5 unless on() y", set()),
        ("(avg(x) or vector(0)) < 0.9", {"x"}),
        ("(avg(x) or vector(1)) < 0.9", set()),
        ("(count(x) or on() vector(0)) == 0", {"x"}),
        ("x > 5", set()),
        ("absent(x) * 2 > 1 or x > 3", {"x"}),
    ],
)
def test_an_expression_says_whose_absence_makes_it_fire(text: str, absent: set[str]) -> None:
    assert told(text).absent == absent


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("vector(1)", "fires always, since its expression yields a value"),
        ("1", "fires always"),
        ("1 > bool 2", "fires always"),
        ("vector(1) > 0", "fires always, since `vector(1) > 0` is always true"),
        ("x or vector(1)", "fires always"),
        ("x > 5 or vector(0)", "fires always"),
        ("absent(vector(0) > 1)", "fires always"),
        ("x", "fires as long as `x` has samples, since it compares nothing: write a comparison, as in `x < 0.9`"),
        ("x and y", "since it compares nothing"),
        ("x > bool 5", "since `bool` filters nothing"),
        ("1 - (x > bool 5)", "since `bool` filters nothing"),
        ("x >= bool x", "since `bool` filters nothing"),
        ("{job='a'}", "fires as long as its metric has samples"),
        ("x or x > 5", "since it compares nothing"),
        ("x == x", "since `x == x` is always true: compare with a number that can be crossed"),
        ("x > 5 or x <= 5", "fires as long as `x` has samples, since no value of `x` is left out: compare"),
        ("x < 5 or x > 3 and x < 9 or x >= 9", "since no value of `x` is left out"),
        ("x * 0 < 5", "`x * 0 < 5` is always true"),
        ("x > -Inf", "is always true"),
        ("Inf > x", "is always true"),
        ("x >= -Inf", "is always true"),
        ("x != NaN", "is always true"),
        ("rate(x[5m]) >= 0", "`rate(x[5m]) >= 0` is always true"),
        ("count(x) > 0", "is always true"),
        ("clamp_min(x, 5) > 3", "is always true"),
        ("hour(x) < 24", "is always true"),
        ("x unless absent(y)", "since it compares nothing"),
        ("x unless vector(1)", "since it compares nothing"),
        ("absent(absent(x))", "since it compares nothing"),
        ("x != x", "can never fire: `x != x` is never true: write"),
        ("x > +Inf", "can never fire"),
        ("x < -Inf", "can never fire"),
        ("x > NaN", "can never fire"),
        ("0 * x > 5", "can never fire"),
        ("x < 3 and x > 5", "can never fire: `x < 3 and x > 5` is never true: write"),
        ("x < 3 and y > 1 and x > 5", "can never fire"),
        ("(x) < 3 and x >= 3", "can never fire"),
        ("x > 5 < 3", "can never fire"),
        ("5 < x < 3", "can never fire"),
        ("avg(x) < 3 and avg(x) == 3", "can never fire"),
        ("vector(0) > 1", "can never fire: `vector(0) > 1` is never true"),
        ("count(x) == 0", "is never true, and `count` of nothing is nothing: write"),
        ("rate(x[5m]) < 0", "can never fire"),
        ("(x > bool 5) > 2", "can never fire"),
        ("x > bool 5 == 3", "can never fire"),
        ("x unless x", "can never fire: what stands behind `unless` is always there"),
        ("x unless on() vector(1)", "can never fire"),
        ("absent(vector(1))", "can never fire: write"),
        ("x > 5 and y < -Inf", "can never fire"),
        ("vector(1) / 0 < 5", "can never fire"),
        ("vector(2) ^ 9999 < 5", "can never fire"),
        ("vector(-1) ^ 0.5 == 5", "can never fire"),
        ("vector(1 atan2 1) > 5", "can never fire"),
        ("rate(x[5m]) + 1 < 1", "can never fire"),
        ("1 - rate(x[5m]) > 1", "can never fire"),
        ("rate(x[5m]) * -1 > 0", "can never fire"),
        ("clamp_max(x, 5) > 6", "can never fire"),
        ("Inf - Inf == bool 1", "fires always"),
    ],
)
def test_an_alert_that_can_never_fire_or_fires_always_is_told_why(text: str, says: str) -> None:
    fault = shortcoming(told(text))
    assert fault is not None
    assert says in fault


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        ("x / on (a) group_left y > 1", {"x", "y"}),
        ("{__name__='x'} > 1", {"x"}),
        ("{__name__=~'a|b'} > 1", {"a", "b"}),
        ("{__name__=~'node_(cpu|mem)', __name__!='x'} > 1", {"node_cpu", "node_mem"}),
        ("{__name__=~'a|b', __name__=~'b|c'} > 1", {"b"}),
        ("{'x.y'} > 1", {"x.y"}),
        ("quantile(scalar(p), x) > 1", {"p", "x"}),
        ("predict_linear(x[1h], 4 * scalar(y)) < 0", {"x", "y"}),
    ],
)
def test_the_metrics_of_an_expression_are_all_that_it_uses(text: str, metrics: set[str]) -> None:
    found = told(text)
    assert (set(found.metrics), found.unclear) == (metrics, None)


@pytest.mark.parametrize(
    "text", ["{job='a'} > 1", "{__name__=~'a.*'} > 1", r"{__name__=~'\\bA'} > 1", "{a='b' or c='d'}"]
)
def test_a_selector_that_names_no_metric_is_unclear(text: str) -> None:
    assert told(text).unclear == "one of its selectors names no metric: write the metric's name before the braces"


def test_recording_rules_are_followed_to_their_metrics() -> None:
    rules = {
        "a:rate": ["rate(a[5m])"],
        "b:ratio": ["a:rate / b", "a:rate / c"],
        "odd:bad": ["a > 0.5"],
        "one": ["vector(1)"],
    }
    assert told("b:ratio > 1", rules).metrics == {"b:ratio", "a:rate", "a", "b", "c"}
    assert told("absent(a:rate)", rules).absent == {"a:rate", "a"}
    assert asked(told("odd:bad", rules)) == "> 0.5"
    assert shortcoming(told("odd:bad", rules)) is None
    assert shortcoming(told("a:rate >= 0", rules)) is not None
    assert told("one == 1", rules).fires == Fires.DATA
    assert asked(told("good == 0", {"good": ["x > bool 0.9"]})) == "<= 0.9"


def test_recording_rules_in_a_circle_or_a_long_chain_are_no_harm() -> None:
    assert told("a > 1", {"a": ["b + 1"], "b": ["a + x"]}).metrics == {"a", "b", "x"}
    assert told("a > 1", {"a": ["a + x"]}).metrics == {"a", "x"}
    for length, why in ((400, f"it uses more than {MOST} metrics"), (2_000, "more recording rules stand behind it")):
        found = told("r0 > 1", {f"r{number}": [f"r{number + 1} + m{number}"] for number in range(length)})
        assert 1 <= len(found.metrics) <= MOST
        assert (found.unclear or "").startswith(why)
    many = told("r > 1", {"r": [f"m{number} > 1" for number in range(2_000)]})
    assert (many.unclear or "").startswith("it uses more than")


def test_a_recording_rule_that_can_t_be_read_leaves_the_alert_unclear() -> None:
    for text in ("x >", "{{ .Values.x }}"):
        found = told("a > 1", {"a": [text]})
        assert found.unclear == "a recording rule behind it can't be read: mend that one first"
        assert found.metrics == {"a"}


@pytest.mark.parametrize(
    "text", ["x >", "", "rate(x)", "absnt(x)", "1 > 2", "x > 1 2", "x and 1", "sum(x", "x{a=~'('}", "up down"]
)
def test_what_prometheus_refuses_is_broken(text: str) -> None:
    with pytest.raises(Broken, match="is not PromQL") as caught:
        Parser().parse(text)
    assert caught.value.message.isprintable()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x > {{ .Values.limit }}", "is a template"),
        ("x > $LIMIT", "is a template"),
        ("x > ${LIMIT}", "is a template"),
        ("rate(x[[[ .Window ]]]) > 1", "is a template"),
        ('sum(rate({app="a"} |= "error" [5m])) > 1', "is LogQL"),
        ('sum(rate({app="a"} | json [5m])) > 1', "is LogQL"),
        ("rollup_rate(x[5m]) > 1", "of MetricsQL"),
        ("x default 0 > 1", "of MetricsQL"),
        ("rate(x[5m] anchored) > 1", "a newer PromQL"),
        ('x{y=~"[a[b]"} > 1', "a regular expression in it is not read here"),
        ('x{y=~"[\\\\w-.]+"} > 1', "a regular expression in it is not read here"),
        ("x{y=~`[\\D-.]+`} > 1", "a regular expression in it is not read here"),
        ('x{y=~"\\\\Qa.b\\\\E"} > 1', "a regular expression in it is not read here"),
        ("+".join("x" * 300), "more than 200 operators"),
        ("x" * 20_000, "more than 200 operators"),
    ],
)
def test_what_can_t_be_told_is_opaque(text: str, why: str) -> None:
    parser = Parser()
    for _ in range(2):
        with pytest.raises(Opaque, match=why):
            parser.parse(text)


def test_more_expressions_than_there_is_time_for_are_opaque() -> None:
    parser = Parser()
    reasons = set()
    for number in range(300):
        try:
            parser.parse("+".join("x" * 150) + f"+{number}")
        except Opaque as error:
            reasons.add(error.reason)
    assert reasons == {"the files hold more expressions than are read: name fewer files"}


def test_more_short_expressions_than_there_is_time_for_are_opaque() -> None:
    parser = Parser()
    told = set()
    for number in range(10_000):
        try:
            parser.parse(f"x{number}")
        except Opaque as error:
            told.add(error.reason)
            break
    assert told == {"the files hold more expressions than are read: name fewer files"}


@pytest.mark.parametrize(
    ("text", "odd"),
    [("'text'", "text"), ("((x[5m]))", "a range of values"), ("x[5m:1m]", "a range of values"), ("x", None)],
)
def test_an_alert_can_t_be_made_of_everything(text: str, odd: str | None) -> None:
    assert no_vector(Parser().parse(text)) == odd
    assert told(text).fires in Fires


_LEAVES = st.sampled_from(["x", "y", "1", "0.5", "vector(1)", "-Inf", "rate(x[5m])", "hour()", "time()", "absent(y)"])
_SIGNS = ["+", "-", "*", "/", "%", "^", "atan2", ">", ">=", "<", "<=", "==", "!=", "and", "or", "unless"]
_EXPRESSIONS = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(_SIGNS), inner).map("(%s) %s (%s)".__mod__),
        st.tuples(inner, inner).map("(%s) > bool (%s)".__mod__),
        inner.map("sum(%s)".__mod__),
        inner.map("absent(%s)".__mod__),
        inner.map("max_over_time((%s)[1h:])".__mod__),
        inner.map("clamp_min(%s, 1)".__mod__),
        inner.map("-(%s)".__mod__),
    ),
    max_leaves=6,
)


@given(_EXPRESSIONS)
def test_no_expression_is_too_much_and_each_is_either_sound_or_told(text: str) -> None:
    try:
        found = told(text, {"y": ["x > 3", text]})
    except Broken:
        return
    fault = shortcoming(found)
    assert (fault is None) is (found.fires == Fires.SOME)
    if fault is None:
        assert found.comparisons or found.absent or "absent" in text
    else:
        assert fault.isprintable()
        assert ": write" in fault or ": compare" in fault


@given(st.text(max_size=40))
def test_no_text_is_more_than_broken_or_opaque(text: str) -> None:
    with suppress(Broken, Opaque):
        assert told(text).metrics is not None


_NUMBERS = st.integers(-5, 5).map(float)


@given(
    st.sampled_from(["+", "-", "*", "/"]), _NUMBERS, _NUMBERS, st.sampled_from([">", ">=", "<", "<="]), st.booleans()
)
def test_a_threshold_is_what_the_metric_has_to_cross(
    op: str, number: float, target: float, sign: str, first: bool
) -> None:
    own = Value(scale=1.0)
    left, right = (exactly(number), own) if first else (own, exactly(number))
    made = combined(op, left, right)
    if made.scale:
        asks, threshold = beside(sign, made, target)  # type: ignore[arg-type]
        assert threshold is not None
        for metric in (-7.5, -1.25, 0.3, 2.6, 9.7):
            ends = (exactly(number), exactly(metric)) if first else (exactly(metric), exactly(number))
            here = decided(sign, combined(op, *ends), exactly(target))  # type: ignore[arg-type]
            assert here is decided(asks, exactly(metric), exactly(threshold))
