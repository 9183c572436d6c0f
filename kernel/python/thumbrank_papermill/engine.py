"""What papermill loads at its start: the translator for TypeScript, and an engine under a name of its own."""

import os

from papermill.engines import NBClientEngine
from papermill.translators import papermill_translators

from .translator import TypeScriptTranslator

# The language of our notebooks, and our kernel for notebooks that name no language. Others stay as they are.
for name in ("typescript", "thumbrank"):
    papermill_translators.register(name, TypeScriptTranslator)

# Kernels that papermill starts inherit it; ours then writes progress as plain lines.
os.environ.setdefault("THUMBRANK_HEADLESS", "1")


class ThumbrankEngine(NBClientEngine):
    """papermill's own engine: an entry point of this group has to be one. The default engine is not touched."""
