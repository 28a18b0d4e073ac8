"""The people whom the shipped example names, on the stand-in: they exist, and they may do what it takes."""

from collections.abc import Iterable

from bot.demo.github import StandIn
from bot.demo.github.state import Label

CHECK = "integration / invoices"
_TEAMS = {
    "ml-oncall": ("write", "lee", "max"),
    "ml-platform": ("write", "max", "noor"),
    "ml-research": ("write", "noor", "ada"),
    "appsec": ("read", "sam", "kim"),
    "grc": ("read", "kim", "pat"),
    "legal": ("read", "pat", "jo"),
}


def employ(github: StandIn, place: str) -> None:
    """Everybody whom the example names works on this repository, and the label that it names is there."""
    owner = place.partition("/")[0]
    github.member(owner, "ana-r")
    github.permit(place, "ana-r", "write")
    github.permit(place, "dev", "write")
    for slug, (role, *members) in _TEAMS.items():
        github.team(owner, slug, members, {place: role})
    label = github.world.add(Label("model-feedback"))
    github.world.repositories[place.lower()].labels[label.name] = label


def engage(github: StandIn, place: str, handles: Iterable[str]) -> None:
    """Whoever is named here works on this repository: a stand-in can't know who does in earnest."""
    for handle in handles:
        organisation, _, slug = handle.removeprefix("@").partition("/")
        if slug:
            ours = place.lower().startswith(f"{organisation}/".lower())
            github.team(organisation, slug, ("max", "noor"), {place: "write"} if ours else None)
        else:
            github.permit(place, organisation, "write")


def prove(github: StandIn, place: str, commit: str) -> None:
    """The integration that the example names is tested on a commit, and works."""
    github.post_check(place, commit, CHECK, "success")
