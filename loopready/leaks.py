"""What no learner may get: hidden lines of a lesson, markers, and files that happen to lie by a notebook."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from loopready.cells import Cell, Lesson
from loopready.course import CourseError
from loopready.markers import PHRASES, regions

__all__ = ["DATA", "data_files", "refuse_leaks", "secrets"]

DATA = (".csv", ".json", ".png")  # what may lie beside a week's notebook
_SHORT = 12  # a line of up to so many letters, such as `return total`, gives nothing away


def data_files(folder: Path, label: str) -> list[Path]:
    """The data beside a week's notebook. Raises CourseError for any other file nbgrader would hand out."""
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        # Editors and JupyterLab leave hidden files; nbgrader_config.py keeps those out of the release.
        if path.name.startswith(".") or path.name == f"{folder.name}.ipynb":
            continue
        if path.is_symlink() or not path.is_file() or path.suffix not in DATA:
            raise CourseError(
                f"{label}/{path.name}: nbgrader would give it to every learner; only the notebook and "
                f"{', '.join(DATA)} files may lie there, so move or delete it"
            )
        found.append(path)
    return found


def secrets(lesson: Lesson) -> Iterator[tuple[Cell, int, str]]:
    """The lines no learner may see, with cell and place in its text, but for those that the lesson shows."""
    hidden = [(cell, line) for cell in lesson.cells for line in sorted(_hidden_lines(cell))]
    shown = "\n".join(_visible(cell) for cell in lesson.cells)
    for cell, line in hidden:
        text = cell.source.split("\n")[line].strip()
        if len(text) > _SHORT and text not in shown:
            yield cell, line, text


def _hidden_lines(cell: Cell) -> set[int]:
    found = regions(cell.source)
    if cell.role == "manual" and not found:  # nbgrader replaces the whole model answer
        return set(range(cell.source.count("\n") + 1))
    return {line for region in found for line in range(region.first + 1, region.last)}


def _visible(cell: Cell) -> str:
    hidden = _hidden_lines(cell)
    return "\n".join(line for number, line in enumerate(cell.source.split("\n")) if number not in hidden)


def refuse_leaks(lessons: Sequence[Lesson], texts: Mapping[str, str]) -> None:
    """Raise when a text that learners get, `texts` by file name, holds a marker or a lesson's hidden line."""
    for file, text in sorted(texts.items()):
        for phrase in PHRASES:
            if phrase in text:
                raise CourseError(f'{file}: holds the marker "{phrase}"; delete the file and build again')
    for lesson in lessons:
        for cell, line, secret in secrets(lesson):
            for file, text in sorted(texts.items()):
                if secret in text:
                    raise cell.error(
                        f"this hidden line also stands in {file}; word one of the two differently", line
                    )
