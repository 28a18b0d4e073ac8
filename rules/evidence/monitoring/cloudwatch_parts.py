"""What AWS resources the documents make, told alike whether CloudFormation, Terraform or the API wrote them.

Kinds and properties are CloudFormation's: Terraform's `alarm_name` is `AlarmName`, its `metric_query` is `Metrics`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rules.evidence import cloudformation, terraform
from rules.evidence.cloudformation import Made, Reference
from rules.evidence.hcl import Template
from rules.evidence.loading import Block, listing, mapping
from rules.evidence.monitoring import Doc

ALARM, COMPOSITE = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"
TOPIC, SUBSCRIPTION = "AWS::SNS::Topic", "AWS::SNS::Subscription"
PLAN = "AWS::SSMIncidents::ResponsePlan"
FUNCTIONS = frozenset({"AWS::Lambda::Function", "AWS::Lambda::Alias", "AWS::Serverless::Function"})
CHATS = frozenset({"AWS::Chatbot::SlackChannelConfiguration", "AWS::Chatbot::MicrosoftTeamsChannelConfiguration"})
_TERRAFORM = {
    "aws_cloudwatch_metric_alarm": ALARM,
    "aws_cloudwatch_composite_alarm": COMPOSITE,
    "aws_sns_topic": TOPIC,
    "aws_sns_topic_subscription": SUBSCRIPTION,
    "aws_ssmincidents_response_plan": PLAN,
    "aws_lambda_function": "AWS::Lambda::Function",
    "aws_lambda_alias": "AWS::Lambda::Alias",
    "aws_chatbot_slack_channel_configuration": "AWS::Chatbot::SlackChannelConfiguration",
    "aws_chatbot_teams_channel_configuration": "AWS::Chatbot::MicrosoftTeamsChannelConfiguration",
    "aws_autoscaling_policy": "AWS::AutoScaling::ScalingPolicy",
    "aws_appautoscaling_policy": "AWS::ApplicationAutoScaling::ScalingPolicy",
}
_RENAMED = {"MetricQuery": "Metrics", "Name": "TopicName", "Metric": "MetricStat"}


def recognises(data: Any) -> bool:
    """Whether a document is one of these."""
    if not isinstance(data, Mapping):
        return False
    if terraform.provider(data) == "aws" or cloudformation.template(data) is not None:
        return True
    return bool(_described(data))


def made(docs: Sequence[Doc]) -> Iterator[Made]:
    """Every resource of all the documents, in order."""
    for number, doc in enumerate(docs):
        yield from cloudformation.resources(doc.path, number, doc.data)
        for place, (kind, alarm) in enumerate(_described(doc.data)):
            name = str(alarm.get("AlarmName"))
            yield Made(doc.path, getattr(alarm, "line", 1), Reference((number, place), name), kind, alarm)
    own = [(doc.path, doc.data) for doc in docs if terraform.provider(doc.data) == "aws"]
    configuration = terraform.Configuration(own)
    for written, kind in _TERRAFORM.items():
        for resource in configuration.resources(written):
            yield _terraformed(configuration, resource, kind)


def _described(data: Mapping[Any, Any]) -> list[tuple[str, Mapping[Any, Any]]]:
    # What `aws cloudwatch describe-alarms` prints, and what `put-metric-alarm --cli-input-json` takes.
    found = [(ALARM, mapping(one)) for one in listing(data.get("MetricAlarms"))]
    found += [(COMPOSITE, mapping(one)) for one in listing(data.get("CompositeAlarms"))]
    if isinstance(data.get("AlarmName"), str) and ("ComparisonOperator" in data or "AlarmRule" in data):
        found.append((COMPOSITE if "AlarmRule" in data else ALARM, data))
    return [one for one in found if one[1]]


def _terraformed(configuration: terraform.Configuration, resource: terraform.Resource, kind: str) -> Made:
    def value(one: Any) -> Any:
        if isinstance(one, list):
            return [value(inner) for inner in one]
        if isinstance(one, Mapping):
            return properties(one)
        target = terraform.referred(one)
        return one if target is None or _mixed(one) else Reference(*target)

    def properties(body: Mapping[Any, Any]) -> Block:
        block = Block()
        for key, one in body.items():
            name = "".join(part[:1].upper() + part[1:] for part in str(key).split("_"))
            block[_RENAMED.get(name, name)] = value(one)
        return block

    body = mapping(configuration.whole(resource.body, resource.each))
    found = properties(body)
    unsure = resource.unsure
    if queries := terraform.inner(body, "metric_query"):
        found["Metrics"] = [_query(properties(query)) for query in queries]
    if terraform.dynamic(resource.body):
        unsure = unsure or "has `dynamic` blocks, which are known only once Terraform runs"
    return Made(resource.path, resource.line, Reference(resource.kind, resource.name), kind, found, unsure)


def _mixed(value: Template) -> bool:
    return not (value.startswith("${") and value.endswith("}"))


def _query(found: Block) -> Block:
    # Terraform's `metric` block is CloudFormation's `MetricStat` and the `Metric` in it.
    inner = found.get("MetricStat")
    metric = mapping(inner[0] if isinstance(inner, list) and inner else inner)
    if metric:
        found["MetricStat"] = Block({"Metric": metric, "Stat": metric.get("Stat")})
    return found
