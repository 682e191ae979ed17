"""The writer's tools: the room's own parts, each for one thing, with or without a series."""
