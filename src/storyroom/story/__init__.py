"""The story model: bible, plan, script. Imports nothing else of storyroom."""
