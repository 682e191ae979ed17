"""Readers and writers of screenplay files."""
