"""Checks of a script against the show, its canon and itself."""
