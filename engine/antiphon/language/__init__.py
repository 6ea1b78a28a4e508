"""The language: YAML with places, expressions, recipes, and the schema for editors."""

from antiphon.language.expressions import Evaluator, has_expression, is_expression
from antiphon.language.gallery import Gallery, Shelved, kind_of
from antiphon.language.inputs import fill
from antiphon.language.paths import Reference
from antiphon.language.reader import read, read_file
from antiphon.language.recipes import Unfolded, expand
from antiphon.language.schema import json_schema
from antiphon.language.shape import problems_of, shape
from antiphon.language.values import ExpressionError, Later, MissingValue
from antiphon.suggest import did_you_mean

__all__ = [
    "Evaluator",
    "ExpressionError",
    "Gallery",
    "Later",
    "MissingValue",
    "Reference",
    "Shelved",
    "Unfolded",
    "did_you_mean",
    "expand",
    "fill",
    "has_expression",
    "is_expression",
    "json_schema",
    "kind_of",
    "problems_of",
    "read",
    "read_file",
    "shape",
]
