"""Lets stock papermill give parameters to TypeScript notebooks. papermill finds it by its entry point."""

# First of all: papermill loads our engine while it starts, which must not find our modules half loaded.
import papermill  # noqa: F401
