"""Reads `let epochs: number | null = null; // how often` out of a cell, without a compiler."""

import re
from typing import Iterator, NamedTuple

TOKEN = re.compile(
    r"""//(?P<line>[^\n]*) | /\*.*?\*/ | (?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)
    | (?P<open>[\[({]) | (?P<close>[\])}]) | (?P<equals>=(?![=>])) | (?P<end>;) | (?P<newline>\n) | =[=>] | .""",
    re.DOTALL | re.VERBOSE,
)
HEAD = re.compile(r"(?:let|var)\s+(?P<name>[A-Za-z_$][\w$]*)\s*(?::\s*(?P<type>.+))?", re.DOTALL)
NEXT = re.compile(r"\s*(?:let|var|const)\b")
GUESSES = {"boolean": r"true|false", "number": r"[-+]?(?:[\d.]|NaN|Infinity).*", "string": r"""["'`].*"""}


class Declaration(NamedTuple):
    """A variable that a parameter may be assigned to; `type` is what papermill shows, "None" where unknown."""

    name: str
    type: str
    default: str
    help: str


class Statement:
    """What stands before the first `=` outside brackets, after it, and in the comment at its end."""

    def __init__(self):
        self.head, self.value, self.help = "", None, ""

    def add(self, text: str) -> None:
        if self.value is None:
            self.head += text
        else:
            self.value += text

    def declaration(self) -> Declaration | None:
        match = HEAD.fullmatch(self.head.strip())
        if match is None or self.value is None:
            return None
        value = self.value.strip()
        return Declaration(match["name"], match["type"] or guess(value), value, self.help)


def guess(value: str) -> str:
    """The type of a literal."""
    return next((name for name, looks in GUESSES.items() if re.fullmatch(looks, value, re.DOTALL)), "None")


def statements(source: str) -> Iterator[Statement]:
    """Splits at semicolons outside brackets, and before a declaration; a comment behind a statement is its help."""
    current, last, depth = Statement(), None, 0
    for token in TOKEN.finditer(source):
        kind, text = token.lastgroup, token[0]
        if kind == "line":
            described = current if current.head.strip() else last
            if described is not None and depth == 0:
                described.help = text[2:].strip()
        elif depth == 0 and (kind == "end" or (kind == "newline" and NEXT.match(source, token.end()))):
            yield current
            last, current = current if kind == "end" else None, Statement()
        elif kind == "equals" and depth == 0 and current.value is None:
            current.value = ""
        elif kind == "newline":
            last = None
            current.add(" ")
        elif not text.startswith("/*"):
            depth += (kind == "open") - (kind == "close")
            current.add(text)
    yield current


def declarations(source: str) -> list[Declaration]:
    """All `let` and `var` with a value; a `const` takes no parameter."""
    found = [statement.declaration() for statement in list(statements(source))]
    return [each for each in found if each is not None]
