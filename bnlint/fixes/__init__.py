"""Repairs to edits, edits to new source, new source to files."""
