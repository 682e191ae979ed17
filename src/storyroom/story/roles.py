"""What roles are called, in the language of the series."""

from __future__ import annotations

from storyroom.story.plan import Language

_CHINESE = {
    "showrunner": "总编剧",
    "plot_writer": "情节编剧",
    "dialogue_writer": "对白编剧",
    "editor": "剧本编辑",
    "emotion_critic": "情绪评审",
    "script_coordinator": "剧本统筹",
    "standards": "标准审查",
}


def role_name(role: str, language: Language = "en") -> str:
    """Return a role as it is said: `dialogue writer`, `对白编剧`; one of the user's own by its slug."""
    return (_CHINESE.get(role) if language == "zh" else None) or role.replace("_", " ")
