"""`antiphon test`: the tests of documents, on a clock that is moved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from antiphon.cli.exits import Exit
from antiphon.cli.printing import counted, safe
from antiphon.cli.problems import as_document, shown
from antiphon.cli.shell import Shell
from antiphon.errors import InputError

if TYPE_CHECKING:
    from antiphon.rehearsal.suite import Result

_STYLES = {"✓": "green", "−": "red", "+": "yellow", "✗": "red"}


def run_tests(
    shell: Shell,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Documents and folders of them; else workflows/ and recipes/."),
    ] = None,
    name: Annotated[str, typer.Option("-k", metavar="WORDS", help="Only tests whose name or document has this.")] = "",
    jobs: Annotated[int, typer.Option(min=0, help="How many processes; as many as are worth it for 0.")] = 0,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the results as JUnit XML, too.")] = None,
) -> Exit | None:
    """Run the tests of workflows and recipes on a clock that is moved; nothing is sent."""
    from antiphon.rehearsal.junit import to_junit
    from antiphon.rehearsal.suite import Suite, run_all

    with shell.workspace() as app, shell.progress() as progress:
        asked = paths or [folder for folder in (Path("workflows"), Path("recipes")) if folder.is_dir()]
        if missing := next((path for path in asked if not path.exists()), None):
            raise InputError(f"There is no {missing}.", hint="Name documents, or folders of them.")
        found, problems = Suite(app).find(asked)
        chosen = [one for one in found if name.casefold() in str(one).casefold()]
        bar = progress.add_task("Testing", total=len(chosen), told="")

        def told(result: Result) -> None:
            progress.update(bar, advance=1, told=result.test.document)

        results = run_all(app, chosen, jobs=jobs, told=told)
    if junit is not None:
        try:
            junit.parent.mkdir(parents=True, exist_ok=True)
            junit.write_text(to_junit(results), encoding="utf-8")
        except OSError as error:
            raise InputError(f"{junit} cannot be written: {error.strerror}.", hint="Choose another file.") from error
    document = {
        "tests": [_document(result) for result in results],
        "problems": [as_document(problem) for problem in sorted(problems)],
    }
    shell.err.print(*shown(sorted(problems), "error"), sep="\n", end="\n" if problems else "")
    shell.answer(document, *(line for result in results for line in _result(result)), _verdict(results, found))
    return Exit.AUTHOR if problems or any(result.state != "passed" for result in results) else None


def _result(result: Result) -> Iterator[Text]:
    from antiphon.rehearsal.telling import told

    passed = result.state == "passed"
    sign = ("✓ ", "green") if passed else ("✗ ", "bold red")
    yield Text.assemble(sign, safe(result.test), (f"  {result.seconds:.2f} s", "dim"))
    if passed:
        return
    yield Text(f"  {safe(result.test.place)}", style="dim")
    for line in told(result):
        yield Text(f"    {safe(line)}", style=_STYLES.get(line.strip()[:1], ""))


def _verdict(results: list[Result], found: list[Any]) -> Text:
    if not results:
        return Text("No tests there." if not found else f"None of the {counted(len(found), 'test')} is called so.")
    wrong = sum(result.state != "passed" for result in results)
    told = counted(len(results), "test")
    return Text(f"{told}, {wrong} not as expected", style="red") if wrong else Text(f"{told}, all as expected", "green")


def _document(result: Result) -> dict[str, Any]:
    place = result.test.place
    return {
        "document": result.test.document,
        "name": result.test.name,
        "file": place.file,
        "line": place.line,
        "state": result.state,
        "seconds": result.seconds,
        "error": result.error,
        "lines": [
            {name: getattr(line, name) for name in ("about", "sign", "expected", "found", "because")}
            for line in result.lines
        ],
    }
