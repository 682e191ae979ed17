"""Storyroom: a local-first writers' room for television."""
