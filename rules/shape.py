"""What a model's keys hold, read from its annotations: for messages, the starter and the reference page."""

from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from rules.values import Path


def fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a model by their keys in the file, in order."""
    return {info.alias or name: info for name, info in model.model_fields.items()}


def bare(annotation: Any) -> Any:
    """The type without Annotated and Optional."""
    while get_origin(annotation) in (Annotated, Union, UnionType):
        annotation = next(one for one in get_args(annotation) if one is not NoneType)
    return annotation


def inside(annotation: Any) -> Any:
    """What a list or names with values hold; the bare type itself where it is neither."""
    found = bare(annotation)
    place = {tuple: 0, dict: 1}.get(get_origin(found))
    return found if place is None else bare(get_args(found)[place])


def section(annotation: Any) -> type[BaseModel] | None:
    """The model that stands at a key, itself, in a list or under names; None where values do."""
    found = inside(annotation)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def fields_at(model: type[BaseModel], path: Path) -> Mapping[str, FieldInfo]:
    """The fields by the keys that may stand at a path below a model; empty where no keys are fixed there."""
    found: Any = model
    for step in path:
        if isinstance(found, type) and issubclass(found, BaseModel):
            here = fields(found)
            found = bare(here[str(step)].annotation) if step in here else None
        else:
            found = inside(found)
    return fields(found) if isinstance(found, type) and issubclass(found, BaseModel) else {}
