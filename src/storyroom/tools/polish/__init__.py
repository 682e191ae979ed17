"""Polish a script: tracked changes with a reason each, to be accepted or refused one by one or by kind.

    found = polish(script)                     code rules alone; certain, and quick
    found = await ask_editor(bench, found)     and what the editor's model proposes
    found = with_predictable(found, bits)      and the words that a local model finds all too predictable
    apply(found, {1, 2, 5}) -> Script          the script with these changes made

A change keeps the meaning: one that would touch a name, a number or a negation is refused by code, and listed
as refused. What only a writer can mend (a speech that runs long, a worn phrase) is a remark: it has no new
wording.
"""

from storyroom.tools.polish.apply import apply
from storyroom.tools.polish.asked import ask_editor
from storyroom.tools.polish.change import KINDS, Change, ChangeKind, Polished, Refused
from storyroom.tools.polish.predictable import with_predictable
from storyroom.tools.polish.rules import polish

__all__ = [
    "KINDS",
    "Change",
    "ChangeKind",
    "Polished",
    "Refused",
    "apply",
    "ask_editor",
    "polish",
    "with_predictable",
]
