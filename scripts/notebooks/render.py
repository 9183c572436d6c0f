"""Executed notebooks as linked pages that need no network: render.py FOLDER_OF_NOTEBOOKS TARGET_FOLDER

Run by render.mjs, which puts plotly.js beside the pages. Prints, as JSON, the pages it wrote. Everything is escaped but
our own prose and the HTML that cells show, which lib/notebook has escaped.
"""

import json
import os
import re
import shutil
import sys
from pathlib import Path

import bleach
import nbformat
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from nbconvert.filters import ansi2html
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

HERE = Path(__file__).parent
HOME = HERE.parent.parent / "notebooks"
CODE = HtmlFormatter(cssclass="code", style="default")
DARK_CODE = HtmlFormatter(cssclass="code", style="github-dark")
PLOTLY = "application/vnd.plotly.v1+json"
TAGS = {*bleach.ALLOWED_TAGS, *"p pre br hr h1 h2 h3 h4 table thead tbody tr th td".split()}
PICTURES = ("image/png", "image/jpeg", "image/webp")


def markdown(source: str, trusted: bool = False) -> Markup:
    """Markdown as HTML; only that of trusted prose may hold HTML of its own."""
    html = MarkdownWithMath(renderer=IPythonRenderer(escape=not trusted, exclude_anchor_links=True)).render(source)
    return scrolling(html if trusted else bleach.clean(html, tags=TAGS))


def scrolling(html: str) -> Markup:
    """Tables that scroll within themselves on a narrow screen, also by the arrow keys."""
    region = '<div class="scroll" role="region" aria-label="table" tabindex="0">'
    return Markup(re.sub(r"<table>.*?</table>", lambda match: f"{region}{match[0]}</div>", html, flags=re.DOTALL))


def relink(html: Markup, target: Path) -> Markup:
    """Links between notebooks become links between pages; those into the project stay true from where the page lies."""

    def moved(match: re.Match) -> str:
        path, rest = match["path"], match["rest"]
        if re.fullmatch(r"(\./)?\d\d_\w+\.ipynb", path):
            return f'href="{path[:-6]}.html{rest}"'
        return f'href="{os.path.relpath(HOME / path, target)}{rest}"'

    return Markup(re.sub(r'href="(?![a-z]+:|[#/])(?P<path>[^"#?]+)(?P<rest>[^"]*)"', moved, html))


def embedded(value: object) -> Markup:
    """JSON that nothing in it can lead out of its script element."""
    text = json.dumps(value).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(text)


def lines_of(text: str) -> str:
    """What a terminal shows in the end of lines that were written over."""
    return "\n".join(line.rstrip("\r").split("\r")[-1] for line in text.split("\n"))


def merged(outputs: list) -> list:
    """A stream's pieces that follow one another are one output."""
    found = []
    for output in outputs:
        last = found[-1] if found else None
        if output.output_type == "stream" and last is not None and last.get("name") == output.name:
            last["text"] += output.text
        else:
            found.append(nbformat.from_dict(dict(output)))
    return found


def shown(output: nbformat.NotebookNode) -> dict:
    """The richest form of an output that a page can show, by the name of its template block."""
    if output.output_type == "stream":
        return {"kind": "text", "stream": output.name, "html": Markup(ansi2html(lines_of(output.text)))}
    if output.output_type == "error":
        trace = Markup(ansi2html("\n".join(output.traceback)))
        return {"kind": "error", "name": output.ename, "message": output.evalue, "html": trace}
    data = output.data
    plain = data.get("text/plain", "")
    if PLOTLY in data:
        return {"kind": "figure", "data": embedded(data[PLOTLY]), "plain": plain, "figure": data[PLOTLY]}
    if "text/html" in data:
        return {"kind": "html", "html": Markup(data["text/html"])}
    if picture := next((mime for mime in PICTURES if mime in data), None):
        return {"kind": "picture", "source": f"data:{picture};base64,{data[picture].strip()}", "plain": plain}
    if "text/markdown" in data:
        return {"kind": "html", "html": markdown(data["text/markdown"])}
    return {"kind": "text", "stream": "result", "html": Markup(ansi2html(plain))}


def cell_of(cell: nbformat.NotebookNode, target: Path) -> dict:
    if cell.cell_type != "code":
        return {"kind": "prose", "html": relink(markdown(cell.source, trusted=True), target)}
    return {
        "kind": "code",
        "source": Markup(highlight(cell.source, get_lexer_by_name("typescript"), CODE)) if cell.source.strip() else "",
        "outputs": [shown(output) for output in merged(cell.outputs)],
        "seconds": cell.metadata.get("papermill", {}).get("duration"),
        "parameters": next((tag for tag in cell.metadata.get("tags", []) if tag.endswith("parameters")), None),
    }


NO_SENTENCE = re.compile(r"[#|>!<]|```|[-*+] ")
"""Headings, tables, quotes, pictures, HTML, code and lists."""


def opening(notebook: nbformat.NotebookNode) -> tuple[str, str]:
    """The title and the first paragraph, as plain text."""
    prose = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    title = re.search(r"^#\s+(.+)$", prose, re.MULTILINE)
    paragraphs = re.split(r"\n\s*\n", prose[title.end() :] if title else prose)
    first = next((text for text in paragraphs if text.strip() and not NO_SENTENCE.match(text.strip())), "")
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)|[`*_]{1,2}(?=\S)|(?<=\S)[`*_]{1,2}", r"\1", first)
    return title[1].strip() if title else "", " ".join(plain.split())


def picture_of(outputs: list[dict]) -> dict | None:
    """What stands for the notebook among the contents: its first figure, else its first pictures."""
    figure = next((output for output in outputs if output["kind"] == "figure"), None)
    if figure is not None:
        return figure
    sources = re.findall(r'<img[^>]*?src="(data:image/[^"]+)"', "".join(o["html"] for o in outputs if o["kind"] == "html"))
    sources += [output["source"] for output in outputs if output["kind"] == "picture"]
    return {"kind": "pictures", "sources": sources[:3]} if sources else None


def page_of(path: Path, target: Path) -> dict:
    notebook = nbformat.read(path, as_version=4)
    kept = [cell for cell in notebook.cells if "papermill-error-cell-tag" not in cell.metadata.get("tags", [])]
    notebook.cells = kept
    cells = [cell_of(cell, target) for cell in kept]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    title, summary = opening(notebook)
    run = notebook.metadata.get("papermill", {})
    return {
        "name": path.stem,
        "file": f"{path.stem}.html",
        "title": title or path.stem,
        "summary": summary,
        "cells": cells,
        "seconds": run.get("duration"),
        "startedAt": (run.get("start_time") or "")[:16].replace("T", " "),
        "parameters": run.get("parameters") or {},
        "failure": next((output for output in outputs if output["kind"] == "error"), None),
        "picture": picture_of(outputs),
        "promises": sum(o["html"].count("✓ ") for o in outputs if o["kind"] == "text"),
    }


def duration(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)} min {int(seconds % 60)} s"


def main(folder: Path, target: Path) -> None:
    pages = [page_of(path, target) for path in sorted(folder.glob("[0-9][0-9]_*.ipynb"))]
    templates = Environment(loader=FileSystemLoader(HERE / "template"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    templates.filters["duration"] = duration
    target.mkdir(parents=True, exist_ok=True)
    shared = {"pages": pages, "figures": any(page["picture"] for page in pages)}
    for at, page in enumerate(pages):
        neighbours = {"previous": pages[at - 1] if at else None, "next": pages[at + 1] if at + 1 < len(pages) else None}
        text = templates.get_template("page.html.j2").render(page=page, **neighbours, **shared)
        (target / page["file"]).write_text(text, encoding="utf-8")
    (target / "index.html").write_text(templates.get_template("index.html.j2").render(**shared), encoding="utf-8")
    styles = (HERE / "template" / "report.css").read_text(encoding="utf-8")
    dark = f"@media screen and (prefers-color-scheme: dark) {{\n{DARK_CODE.get_style_defs('.code')}\n}}"
    colours = f"{CODE.get_style_defs('.code')}\n{dark}\n.source .code {{ background: none; }}"
    (target / "report.css").write_text(f"{styles}\n{colours}\n", encoding="utf-8")
    shutil.copyfile(HERE / "template" / "figures.js", target / "figures.js")
    print(json.dumps(["index.html", *[page["file"] for page in pages]]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
