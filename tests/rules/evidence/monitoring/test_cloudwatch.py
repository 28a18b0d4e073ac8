import json
from typing import Any

import pytest
from hypothesis import given, settings

from rules.evidence.monitoring import Alert, Comparison, Doc, cloudwatch
from tests.rules.evidence.monitoring.vendors import alert, alerts, nested, reason, receiver

ALARM = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Limit: {Type: Number, Default: "0.9"}
  Stage: {Type: String, Default: prod}
  Email: {Type: String}
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: {TopicName: ml-alarms}
  Mail:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Topic, Protocol: email, Endpoint: !Ref Email}
  Low:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: accuracy-low
      AlarmDescription: "Runbook: https://acme.com/r#low"
      Namespace: Triage
      MetricName: accuracy
      Statistic: Average
      ComparisonOperator: LessThanThreshold
      Threshold: !Ref Limit
      EvaluationPeriods: 3
      TreatMissingData: breaching
      AlarmActions: [!Ref Topic]
"""


NOTHING = "compares with nothing: write its `%s`: GreaterThanThreshold, or another of CloudWatch's operators"
REFUSED = "is refused, as %s data: leave `ReturnData` true for the one that is compared"


def changed(old: str, new: str, text: str = ALARM) -> str:
    assert old in text
    return text.replace(old, new)


def test_an_alarm_of_cloudformation() -> None:
    found = alert(ALARM)
    assert found == Alert(
        name="accuracy-low",
        system="CloudWatch",
        path="m/0.yaml",
        line=14,
        metrics=frozenset({"accuracy"}),
        comparisons=(Comparison("<", 0.9),),
        absent=frozenset({"accuracy"}),
        runbook_url="https://acme.com/r#low",
        reach=found.reach,
        asked=16,
    )
    assert receiver(found) == "ml-alarms"


def test_the_long_forms_of_json_are_the_same() -> None:
    template = {
        "Parameters": {"Limit": {"Type": "Number", "Default": 5}},
        "Resources": {
            "Topic": {
                "Type": "AWS::SNS::Topic",
                "Properties": {"Subscription": [{"Protocol": "email", "Endpoint": "a@b.co"}]},
            },
            "Low": {
                "Type": "AWS::CloudWatch::Alarm",
                "Properties": {
                    "AlarmName": {"Fn::Sub": "low-${Limit}"},
                    "MetricName": "accuracy",
                    "ComparisonOperator": "LessThanOrEqualToThreshold",
                    "Threshold": {"Ref": "Limit"},
                    "AlarmActions": [{"Fn::GetAtt": ["Topic", "TopicArn"]}],
                },
            },
        },
    }
    found = alert(json.dumps(template))
    assert (found.name, found.comparisons, receiver(found)) == ("low-5", (Comparison("<=", 5),), "Topic")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("!Sub 'low-${Stage}'", "low-prod"),
        ("!Sub ['low-${x}-${Stage}', {x: !Ref Stage}]", "low-prod-prod"),
        ("!Sub '${Stage}'", "prod"),
        ("!Sub 'low-${!literal}'", "low-${literal}"),
        ("!Ref Stage", "prod"),
        ("!Sub 'low-${AWS::StackName}'", "Low"),
        ("!Sub 'low-${Topic}'", "Low"),
        ("!Join ['-', [a, b]]", "Low"),
        ("!Ref AWS::StackName", "Low"),
        ("!GetAtt Topic.TopicName", "Low"),
        ("'${self:custom.name}'", "Low"),
        ("''", "Low"),
    ],
)
def test_the_name_is_the_literal_one_or_that_of_the_resource(name: str, expected: str) -> None:
    assert alert(changed("AlarmName: accuracy-low", f"AlarmName: {name}")).name == expected


def test_an_alarm_without_a_name_is_called_like_its_resource() -> None:
    assert alert(changed("      AlarmName: accuracy-low\n", "")).name == "Low"


@pytest.mark.parametrize(
    ("operator", "comparisons"),
    [
        ("GreaterThanThreshold", [(">", 0.9)]),
        ("GreaterThanOrEqualToThreshold", [(">=", 0.9)]),
        ("LessThanOrEqualToThreshold", [("<=", 0.9)]),
    ],
)
def test_operators(operator: str, comparisons: list[tuple[str, float]]) -> None:
    found = alert(changed("LessThanThreshold", operator))
    assert [(one.op, one.threshold) for one in found.comparisons] == comparisons


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "LessThanThreshold",
            "Below",
            NOTHING % "ComparisonOperator",
        ),
        (
            "      ComparisonOperator: LessThanThreshold\n",
            "",
            NOTHING % "ComparisonOperator",
        ),
        ("      Threshold: !Ref Limit\n", "", "has no threshold that is a number: write one"),
        ("!Ref Limit", "high", "has no threshold that is a number: write one"),
        ("      MetricName: accuracy\n", "", "watches no metric: write its name and its namespace"),
        (
            "AlarmName: accuracy-low",
            "ActionsEnabled: false",
            "has its actions disabled: write `true` for `ActionsEnabled`",
        ),
        (
            "AlarmName: accuracy-low",
            "ActionsEnabled: 'false'",
            "has its actions disabled: write `true` for `ActionsEnabled`",
        ),
    ],
)
def test_alarms_that_can_not_fire(old: str, new: str, fault: str) -> None:
    assert alert(changed(old, new)).faults == (fault,)


LATER = "is written with values that are known only once it runs"


@pytest.mark.parametrize(
    ("old", "new", "unclear"),
    [
        ("!Ref Limit", "!Ref Email", LATER),
        ("!Ref Limit", "!If [Prod, 1, 2]", LATER),
        ("!Ref Limit", "!FindInMap [a, b, c]", LATER),
        ("LessThanThreshold", "!Ref Email", LATER),
        ("MetricName: accuracy", "MetricName: !Sub '${AWS::StackName}'", LATER),
        ("MetricName: accuracy", "Metrics: !If [a, b, c]", LATER),
        ("AlarmName: accuracy-low", "ActionsEnabled: !If [Prod, true, false]", LATER),
        (
            "    Type: AWS::CloudWatch::Alarm",
            "    Condition: Prod\n    Type: AWS::CloudWatch::Alarm",
            "is made only under a condition of its template",
        ),
    ],
)
def test_alarms_that_are_not_all_known(old: str, new: str, unclear: str) -> None:
    found = alert(changed(old, new))
    assert (found.unclear, found.faults) == (unclear, ())


def test_properties_that_are_made_up_elsewhere() -> None:
    found = alert("Resources: {Low: {Type: 'AWS::CloudWatch::Alarm', Properties: {'Fn::Transform': {Name: x}}}}")
    assert found.unclear == "has properties that are made up elsewhere"


@pytest.mark.parametrize(
    ("old", "new", "absent"),
    [
        ("TreatMissingData: breaching", "TreatMissingData: notBreaching", False),
        ("TreatMissingData: breaching", "TreatMissingData: missing", False),
        ("TreatMissingData: breaching", "InsufficientDataActions: [!Ref Topic]", True),
        ("breaching", "ignore\n      InsufficientDataActions: [!Ref Topic]", False),
    ],
)
def test_what_tells_of_silence(old: str, new: str, absent: bool) -> None:
    assert alert(changed(old, new)).absent == ({"accuracy"} if absent else set())


def math(queries: str, *, more: str = "Threshold: 5") -> Alert:
    text = changed("MetricName: accuracy", f"Metrics: {queries}")
    return alert(changed("Threshold: !Ref Limit", more, text))


STAT = "MetricStat: {Stat: Average, Metric: {Namespace: n, MetricName: %s}}"
A, B = STAT % "a", STAT % "b"
HIDDEN_A, HIDDEN_B = (f"{{Id: {name}, {STAT % name}, ReturnData: false}}" for name in "ab")


@pytest.mark.parametrize(
    ("queries", "metrics", "threshold"),
    [
        (f"[{{Id: m, {A}}}]", {"a"}, 5),
        (
            f"[{{Id: e, Expression: a / b}}, {HIDDEN_A}, {HIDDEN_B}]",
            {"a", "b"},
            5,
        ),
        (
            f"[{{Id: e, Expression: 100 * a / b}}, {HIDDEN_A}, {HIDDEN_B}]",
            {"a", "b"},
            None,
        ),
        (
            f"[{{Id: e, Expression: 'FILL(a, 0)/(b)'}}, {HIDDEN_A}, {HIDDEN_B}]",
            {"a", "b"},
            5,
        ),
        (f"[{{Id: e, Expression: 'FILL(a, 0)'}}, {HIDDEN_A}]", {"a"}, 5),
        (f"[{{Id: e, Expression: a}}, {{Id: a, {A}, ReturnData: 'false'}}]", {"a"}, 5),
        (
            f"[{{Id: e, Expression: 'IF(a > 10, 1, 0)'}}, {HIDDEN_A}, {HIDDEN_B}]",
            {"a"},
            None,
        ),
        ("[{Id: q, Expression: 'SELECT AVG(CPUUtilization) FROM \"AWS/EC2\"'}]", {"CPUUtilization"}, 5),
        ("[{Id: q, Expression: 'SELECT MAX(\"my metric\") FROM x'}]", {"my metric"}, 5),
        ("[{Id: m, MetricStat: {Stat: SampleCount, Metric: {MetricName: a}}}]", {"a"}, None),
    ],
)
def test_metric_math(queries: str, metrics: set[str], threshold: float | None) -> None:
    found = math(queries)
    assert (set(found.metrics), found.comparisons) == (metrics, (Comparison("<", threshold),))
    assert (found.faults, found.unclear) == ((), None)


@pytest.mark.parametrize(
    ("queries", "fault"),
    [
        (
            f"[{{Id: e, Expression: a + c}}, {HIDDEN_A}]",
            "builds on `c`, which is no `Id` of its metrics: correct it",
        ),
        (
            f"[{{Id: a, {A}}}, {{Id: b, {B}}}]",
            REFUSED % "more than one of its metrics returns",
        ),
        (
            f"[{HIDDEN_A}]",
            REFUSED % "none of its metrics returns",
        ),
    ],
)
def test_metric_math_that_is_refused(queries: str, fault: str) -> None:
    assert math(queries).faults == (fault,)


@pytest.mark.parametrize(
    "queries",
    [
        "[!If [x, y, z], {Id: a}]",
        "[{Id: e, Expression: !Sub 'a / ${x}'}]",
        "[{Id: m, MetricStat: {Metric: {MetricName: !Ref Email}}}]",
    ],
)
def test_metric_math_that_is_not_all_known(queries: str) -> None:
    found = math(queries)
    assert (found.unclear, found.faults) == (LATER, ())


def test_a_template_of_metric_math_is_followed_as_far_as_it_goes() -> None:
    found = math(f"[{{Id: e, Expression: !Sub 'a / ${{AWS::X}}'}}, {HIDDEN_A}]")
    assert (found.unclear, set(found.metrics)) == (LATER, {"a"})


def test_expressions_that_stand_on_each_other_end() -> None:
    found = math("[{Id: a, Expression: b}, {Id: b, Expression: a, ReturnData: false}]")
    assert (set(found.metrics), found.comparisons) == (set(), (Comparison("<", None),))


BAND = f"[{{Id: a, {A}}}, {{Id: band, Expression: 'ANOMALY_DETECTION_BAND(a, 2)'}}]"


@pytest.mark.parametrize(
    ("operator", "ops"),
    [
        ("LessThanLowerThreshold", ["<"]),
        ("GreaterThanUpperThreshold", [">"]),
        ("LessThanLowerOrGreaterThanUpperThreshold", ["<", ">"]),
    ],
)
def test_bands(operator: str, ops: list[str]) -> None:
    text = changed("LessThanThreshold", operator, changed("MetricName: accuracy", f"Metrics: {BAND}"))
    found = alert(changed("Threshold: !Ref Limit", "ThresholdMetricId: band", text))
    assert (set(found.metrics), [(one.op, one.threshold) for one in found.comparisons]) == (
        {"a"},
        [(op, None) for op in ops],
    )
    assert (found.faults, found.unclear) == ((), None)


def test_a_band_that_is_not_there() -> None:
    assert math(BAND, more="ThresholdMetricId: other").faults[0] == (
        "holds against `other`, which is no `Id` of its metrics: correct it"
    )


ELSEWHERE = (
    "Untold: its action is the topic `%s`, and who is subscribed to it stands in no file of `monitoring.configs`:"
    " name that file there"
)
MUTE = "Unreached: has the action `%s`, which tells nobody: add a topic to which somebody is subscribed"
LATE = "Untold: its action is `%s`, known only once it runs: write the topic out"
FUNCTION = "Untold: its action is `%s`, and whether that tells anybody is not known here: add a topic"


@pytest.mark.parametrize(
    ("actions", "says"),
    [
        ("[]", "Unreached: has no action, so that nobody learns of it: write the topic's ARN under `AlarmActions`"),
        ("", "Unreached: has no action, so that nobody learns of it: write the topic's ARN under `AlarmActions`"),
        ("[not-an-arn]", "Unreached: has the action `not-an-arn`, which is no ARN: write a topic's ARN"),
        ("!If [Prod, [], []]", "Untold: its `AlarmActions` is `!If`, known only once it runs: write the topics out"),
        ("[!ImportValue x]", LATE % "!ImportValue"),
        ("[!Ref Email]", LATE % "!Ref Email"),
        ("[!Sub 'arn:aws:sns:${AWS::Region}:1:x']", LATE % "arn:aws:sns:${AWS::Region}:1:x"),
        ("[5]", LATE % "5"),
        ("['arn:aws:sns:eu-west-1:123:other']", ELSEWHERE % "other"),
        ("['arn:aws:automate:eu-west-1:ec2:stop']", MUTE % "arn:aws:automate:eu-west-1:ec2:stop"),
        ("['arn:aws:lambda:eu-west-1:123:function:f']", FUNCTION % "arn:aws:lambda:eu-west-1:123:function:f"),
        ("[!GetAtt Scale.Arn]", MUTE % "Scale"),
        ("[!GetAtt Function.Arn]", FUNCTION % "Function"),
        ("[!Ref Silent]", "Unreached: ends at the topic `Silent`, to which nobody is subscribed: add a subscription"),
        ("[!Ref Silent, !Ref Email]", LATE % "!Ref Email"),
    ],
)
def test_actions_that_tell_nobody(actions: str, says: str) -> None:
    more = """\
  Scale: {Type: AWS::AutoScaling::ScalingPolicy}
  Function: {Type: AWS::Lambda::Function}
  Silent: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Protocol: email}, {Endpoint: ''}]}}
"""
    assert reason(alert(changed("AlarmActions: [!Ref Topic]", f"AlarmActions: {actions}") + more)) == says


@pytest.mark.parametrize(
    ("actions", "name"),
    [
        ("!Ref Topic", "ml-alarms"),
        ("['arn:aws:automate:eu-west-1:ec2:stop', !Ref Topic]", "ml-alarms"),
        ("['arn:aws:sns:eu-west-1:123:ml-alarms']", "ml-alarms"),
        ("['arn:aws:sns:eu-west-1:123:far']", "far"),
        ("['arn:aws:ssm:eu-west-1:123:opsitem:1']", "arn:aws:ssm:eu-west-1:123:opsitem:1"),
        ("['arn:aws:ssm-incidents::123:response-plan/x']", "arn:aws:ssm-incidents::123:response-plan/x"),
        ("[!GetAtt Plan.Arn]", "Plan"),
        ("[!Ref Chatty]", "Chatty"),
        ("[!Ref Answered]", "Answered"),
    ],
)
def test_actions_that_tell_somebody(actions: str, name: str) -> None:
    more = """\
  Plan: {Type: AWS::SSMIncidents::ResponsePlan}
  Chatty: {Type: AWS::SNS::Topic}
  Slack: {Type: AWS::Chatbot::SlackChannelConfiguration, Properties: {SnsTopicArns: [!Ref Chatty]}}
  Answered: {Type: AWS::SNS::Topic}
  Notify:
    Type: AWS::Serverless::Function
    Properties: {Events: {Sns: {Type: SNS, Properties: {Topic: !Ref Answered}}}}
  Far:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: 'arn:aws:sns:eu-west-1:123:far', Protocol: sms, Endpoint: '1'}
  Open: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !ImportValue x, Protocol: sms, Endpoint: '1'}}
"""
    assert receiver(alert(changed("AlarmActions: [!Ref Topic]", f"AlarmActions: {actions}") + more)) == name


def test_templates_of_the_same_names_are_kept_apart() -> None:
    other = "Resources: {Topic: {Type: 'AWS::SNS::Topic'}}\n"
    assert receiver(alert(other, ALARM)) == "ml-alarms"
    bare = changed("  Mail:\n    Type: AWS::SNS::Subscription\n", "  Mail:\n    Type: Custom::Other\n")
    assert "nobody is subscribed" in reason(alert(bare, "Resources: {Topic: {Type: 'AWS::SNS::Topic'}}"))


def test_a_serverless_file_holds_a_template() -> None:
    resources = ALARM.split("Resources:\n", 1)[1].replace("!Ref Limit", "5")
    indented = "".join(f"  {line}\n" for line in resources.splitlines())
    assert receiver(alert(f"service: triage\nresources:\n  Resources:\n{indented}")) == "ml-alarms"


def composite(rule: str) -> str:
    return f"""\
  Both:
    Type: AWS::CloudWatch::CompositeAlarm
    Properties: {{AlarmName: both, AlarmRule: {rule}, AlarmActions: [!Ref Topic]}}
"""


@pytest.mark.parametrize(
    "rule",
    [
        "ALARM(accuracy-low)",
        '\'ALARM("accuracy-low") OR ALARM("accuracy-low")\'',
        "!Sub 'ALARM(${Low}) AND TRUE'",
        "!Sub 'ALARM(${Low.Arn})'",
        "'ALARM(arn:aws:cloudwatch:eu-west-1:1:alarm:accuracy-low)'",
    ],
)
def test_a_composite_alarm_stands_on_others(rule: str) -> None:
    (both,) = alerts(ALARM + composite(rule)).named("both")
    assert (set(both.metrics), both.comparisons, set(both.absent)) == (
        {"accuracy"},
        (Comparison("<", 0.9, frozenset({"accuracy"})),),
        {"accuracy"},
    )
    assert (both.faults, both.unclear, receiver(both)) == ((), None, "ml-alarms")


@pytest.mark.parametrize(
    ("rule", "fault", "unclear"),
    [
        ("'TRUE'", "fires always: name alarms in its rule", None),
        ("'(FALSE)'", "can never fire: name alarms in its rule", None),
        ("''", "stands on no alarm: name some in its rule", None),
        ("ALARM(far)", None, "stands on alarms that are not seen here"),
        ("!If [a, b, c]", None, "stands on alarms that are not seen here"),
        ("{}", None, "stands on alarms that are not seen here"),
    ],
)
def test_composite_alarms_that_can_not_fire(rule: str, fault: str | None, unclear: str | None) -> None:
    (both,) = alerts(ALARM + composite(rule)).named("both")
    assert (both.faults, both.unclear) == ((fault,) if fault else (), unclear)


@pytest.mark.parametrize(
    ("rule", "reached"),
    [
        ("ALARM(accuracy-low)", True),
        ("ALARM(accuracy-low) OR ALARM(other)", True),
        ("ALARM(accuracy-low) AND ALARM(other)", False),
        ("NOT ALARM(accuracy-low)", False),
        ("ALARM(other)", False),
    ],
)
def test_an_alarm_may_tell_people_through_a_composite_one(rule: str, reached: bool) -> None:
    quiet = changed("AlarmActions: [!Ref Topic]", "AlarmActions: []")
    (low,) = alerts(quiet + composite(rule)).named("accuracy-low")
    assert hasattr(low.reach, "receiver") is reached


def test_what_the_api_prints_and_takes() -> None:
    low = {
        "AlarmName": "low",
        "MetricName": "accuracy",
        "ComparisonOperator": "LessThanThreshold",
        "Threshold": 0.9,
        "ActionsEnabled": False,
        "AlarmActions": [],
    }
    both = {"AlarmName": "both", "AlarmRule": "ALARM(low)", "AlarmActions": ["arn:aws:ssm:a:1:opsitem:1"]}
    found = alerts(json.dumps({"MetricAlarms": [low, {}], "CompositeAlarms": [both]}))
    assert [one.name for one in found.alerts] == ["low", "both"]
    assert [one.metrics for one in found.alerts] == [{"accuracy"}] * 2
    assert found.alerts[0].faults == ("has its actions disabled: write `true` for `ActionsEnabled`",)
    assert alert(json.dumps(low)).name == "low"
    assert alert(json.dumps(both)).unclear == "stands on alarms that are not seen here"


TERRAFORM = """
variable "limit" { default = 0.9 }
variable "email" {}
resource "aws_cloudwatch_metric_alarm" "low" {
  alarm_name          = "accuracy-low"
  alarm_description   = "see https://acme.com/r"
  namespace           = "Triage"
  metric_name         = "accuracy"
  comparison_operator = "LessThanThreshold"
  threshold           = var.limit
  evaluation_periods  = 3
  treat_missing_data  = "breaching"
  alarm_actions       = [aws_sns_topic.ml.arn]
}
resource "aws_sns_topic" "ml" {
  name = "ml-alarms"
}
resource "aws_sns_topic_subscription" "mail" {
  topic_arn = aws_sns_topic.ml.arn
  protocol  = "email"
  endpoint  = var.email
}
"""


def terraform(old: str = "", new: str = "") -> Alert:
    return alert(changed(old, new, TERRAFORM), suffix="tf")


def test_an_alarm_of_terraform() -> None:
    found = terraform()
    assert (found.name, found.line, set(found.metrics), found.faults) == ("accuracy-low", 3, {"accuracy"}, ())
    assert (found.comparisons, set(found.absent)) == ((Comparison("<", 0.9),), {"accuracy"})
    assert (found.runbook_url, found.unclear, receiver(found)) == ("https://acme.com/r", None, "ml-alarms")


def test_an_alarm_of_terraforms_json() -> None:
    data = {
        "resource": {
            "aws_cloudwatch_metric_alarm": {
                "low": {
                    "alarm_name": "low-${var.x}",
                    "metric_name": "accuracy",
                    "comparison_operator": "LessThanThreshold",
                    "threshold": 0.9,
                    "alarm_actions": ["${aws_sns_topic.t.arn}"],
                }
            },
            "aws_sns_topic": {"t": {"name": "t"}},
        }
    }
    found = alert(json.dumps(data), suffix="tf.json")
    assert (found.name, set(found.metrics)) == ("low", {"accuracy"})
    assert "nobody is subscribed" in reason(found)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            'treat_missing_data  = "breaching"',
            "actions_enabled = false",
            "has its actions disabled: write `true` for `actions_enabled`",
        ),
        (
            '"LessThanThreshold"',
            '"<"',
            NOTHING % "comparison_operator",
        ),
        ("  threshold           = var.limit\n", "", "has no threshold that is a number: write one"),
        ('  metric_name         = "accuracy"\n', "", "watches no metric: write its name and its namespace"),
    ],
)
def test_alarms_of_terraform_that_can_not_fire(old: str, new: str, fault: str) -> None:
    assert terraform(old, new).faults == (fault,)


@pytest.mark.parametrize(
    ("old", "new", "unclear"),
    [
        ("var.limit", "var.other", LATER),
        ("var.limit", "data.aws_x.y.z", LATER),
        ("var.limit", "aws_sns_topic.ml.arn", LATER),
        (
            "  alarm_name",
            "  count = var.on ? 1 : 0\n  alarm_name",
            "has a `count` that is known only once Terraform runs",
        ),
        (
            '  metric_name         = "accuracy"\n',
            'dynamic "metric_query" {\n for_each = var.x\n content {\n id = "a"\n }\n}\n',
            "has `dynamic` blocks, which are known only once Terraform runs",
        ),
    ],
)
def test_alarms_of_terraform_that_are_not_all_known(old: str, new: str, unclear: str) -> None:
    found = terraform(old, new)
    assert (found.unclear, found.faults) == (unclear, ())


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ("[]", "Unreached: has no action, so that nobody learns of it: write the topic's ARN under `alarm_actions`"),
        (
            "var.actions",
            "Untold: its `alarm_actions` is `${var.actions}`, known only once it runs: write the topics out",
        ),
        ("[var.topic]", LATE % "${var.topic}"),
        ("[data.aws_sns_topic.x.arn]", LATE % "${data.aws_sns_topic.x.arn}"),
        ("[module.x.arn]", LATE % "${module.x.arn}"),
        ("[aws_sns_topic.far.arn]", ELSEWHERE % "far"),
        ("[aws_autoscaling_policy.up.arn]", ELSEWHERE % "up"),
        ('["arn:aws:swf:eu-west-1:1:action/x"]', MUTE % "arn:aws:swf:eu-west-1:1:action/x"),
    ],
)
def test_actions_of_terraform_that_tell_nobody(new: str, says: str) -> None:
    assert reason(terraform("[aws_sns_topic.ml.arn]", new)) == says


def test_a_local_list_of_actions_is_followed() -> None:
    text = changed("[aws_sns_topic.ml.arn]", "local.actions", TERRAFORM)
    assert receiver(alert(text + "locals { actions = [aws_sns_topic.ml.arn] }\n", suffix="tf")) == "ml-alarms"


def test_a_topic_in_another_file_is_found() -> None:
    alarm, topic = TERRAFORM.split('resource "aws_sns_topic" ', 1)
    assert receiver(alert(alarm, 'resource "aws_sns_topic" ' + topic, suffix="tf")) == "ml-alarms"


def test_metric_math_of_terraform() -> None:
    queries = """
  metric_query {
    id          = "rate"
    expression  = "good / all"
    return_data = true
  }
  metric_query {
    id = "good"
    metric {
      metric_name = "correct"
      namespace   = "Triage"
      stat        = "Sum"
      period      = 60
    }
    return_data = false
  }
  metric_query {
    id          = "all"
    return_data = false
    metric {
      metric_name = "answers"
    }
  }
"""
    found = terraform('  metric_name         = "accuracy"\n', queries)
    assert (set(found.metrics), found.comparisons) == ({"correct", "answers"}, (Comparison("<", 0.9),))
    assert (found.faults, found.unclear) == ((), None)


def test_composite_alarms_of_terraform() -> None:
    more = """
resource "aws_cloudwatch_composite_alarm" "both" {
  alarm_name    = "both"
  alarm_rule    = "ALARM(${aws_cloudwatch_metric_alarm.low.alarm_name})"
  alarm_actions = [aws_sns_topic.ml.arn]
}
"""
    (both,) = alerts(TERRAFORM + more, suffix="tf").named("both")
    assert (set(both.metrics), both.unclear, receiver(both)) == ({"accuracy"}, None, "ml-alarms")


@pytest.mark.parametrize(
    "data", [None, [], {}, "x", 5, {"Resources": []}, {"Resources": {"a": {"Type": 5}}}, {"AlarmName": "x"}]
)
def test_other_documents_are_no_alarms(data: Any) -> None:
    assert not cloudwatch.recognises(data)


KEYS = ("Resources", "Type", "Properties", "AWS::CloudWatch::Alarm", "AWS::SNS::Topic",
        "AWS::CloudWatch::CompositeAlarm",
        "AWS::SNS::Subscription", "AlarmName", "MetricName", "Metrics", "Id", "Expression", "AlarmRule", "AlarmActions",
        "ComparisonOperator", "GreaterThanThreshold", "Threshold", "MetricAlarms", "Ref", "Fn::Sub", "!GetAtt", "${a}",
        "Parameters", "Default", "Condition", "ALARM(a)", "arn:aws:sns:a:1:b", "Subscription", "Endpoint")  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(nested(*KEYS), nested(*KEYS))
def test_no_document_is_too_much(one: Any, other: Any) -> None:
    data = {"Resources": {"a": {"Type": "AWS::CloudWatch::Alarm", "Properties": one}, "b": other}, "Parameters": other}
    for some in ({"MetricAlarms": [one]}, data, one):
        if cloudwatch.recognises(some):
            assert all(
                one.name for one in cloudwatch.alerts([Doc("a.json", some)]) if isinstance(one, Alert) and one.line
            )
