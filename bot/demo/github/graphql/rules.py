"""The rules of rulesets that hold for a branch."""

from dataclasses import dataclass
from typing import Any

from bot.demo.github.graphql.fields import Info, asker, connection, field, may, named, plain
from bot.demo.github.graphql.repository import RefAt


@dataclass(frozen=True, slots=True)
class RuleAt:
    """A rule of a branch, as the REST API tells it."""

    at: RefAt
    place: int
    told: dict[str, Any]

    @property
    def node_id(self) -> str:
        """Its id."""
        return f"RR_{self.at.node_id}_{self.place}"


@dataclass(frozen=True, slots=True)
class Required:
    """What a rule that requires checks says more."""

    told: dict[str, Any]


named(RuleAt, "RepositoryRule")
named(Required, "RequiredStatusChecksParameters")
plain(
    "RepositoryRule", type=lambda one: one.told["type"].upper(), parameters=lambda one: Required(one.told["parameters"])
)
plain(
    "RequiredStatusChecksParameters",
    doNotEnforceOnCreate=lambda one: one.told["do_not_enforce_on_create"],
    requiredStatusChecks=lambda one: one.told["required_status_checks"],
    strictRequiredStatusChecksPolicy=lambda one: one.told["strict_required_status_checks_policy"],
)
plain("StatusCheckConfiguration", context=lambda one: one["context"])
plain("StatusCheckConfiguration", integrationId=lambda one: one.get("integration_id"))


@field("Ref", "rules")
def rules(value: RefAt, info: Info, **arguments: Any) -> dict[str, Any]:
    """Those of a branch."""
    may(asker(info), value.repository, "metadata")
    found = value.repository.rules.get(value.ref.removeprefix("refs/heads/"), [])
    return connection([RuleAt(value, place, one) for place, one in enumerate(found)], **arguments)
