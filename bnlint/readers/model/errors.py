"""What the model reader says when it can't read something."""

from __future__ import annotations


class ModelError(Exception):
    """A model can't be read: one line that says why, and what to do."""


class InspectionError(ModelError):
    """A live model can't be read; one line that says what is missing."""
