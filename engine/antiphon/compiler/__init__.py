"""From what the author said to what will be done: every name resolved, every option typed, every reference checked."""

from antiphon.compiler.compile import compile_workflow
from antiphon.compiler.explain import explain
from antiphon.compiler.surroundings import Surroundings
from antiphon.compiler.workspace import FIXTURES, Compiled, compile_documents, documents_in

__all__ = ["FIXTURES", "Compiled", "Surroundings", "compile_documents", "compile_workflow", "documents_in", "explain"]
