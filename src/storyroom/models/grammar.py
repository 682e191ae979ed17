"""The grammar of a scene: screenplay in Fountain in which nobody but the scene's cast can speak.

The grammar is GBNF as llama.cpp and xgrammar both read it
(https://github.com/ggml-org/llama.cpp/blob/master/grammars/README.md). It admits speeches with up to two
paragraphs of action before each, and beside a speech one of somebody else (dual dialogue). Free text is
counted in words (characters in Chinese), so that a bound never cuts a word, and every sentence ends as one.
No paragraph can look like another kind of Fountain element: a cue is one of the given names, action in
English opens with a capitalised word that is no scene heading's, and the marks that force an element or make
emphasis are in no character class.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from storyroom.errors import InputError
from storyroom.models.cues import Language, allowed_extensions, cue_text
from storyroom.models.schema import bounded_schema, line_schema, scene_elements, scene_schema
from storyroom.story.script import Kind

__all__ = [
    "bounded_schema",
    "line_grammar",
    "line_schema",
    "scene_elements",
    "scene_grammar",
    "scene_schema",
]

# An opening word of action: a capital and small letters, but none that Fountain takes for a scene heading
# (INT, EXT, EST, in any case). One letter stands alone only for "A". In Chinese no action opens with
# 内, 內 or 外, with which headings begin.
_ENGLISH = r"""
action ::= opening (joint word){3,22} end (" " sentence){0,2}
said ::= sentence (" " sentence){0,2}
sentence ::= [A-ZÀ-ÖØ-Þ0-9] tail (joint word){0,22} end
opening ::= "A " small letters | [A-DF-HJ-ZÀ-ÖØ-Þ] small letters | "I" opening-i | "E" opening-e
opening-i ::= [a-mo-z] letters | "n" (([a-su-z] | "t" small) letters)?
opening-e ::= ([a-rt-wyz] | "x" ([a-su-z] | "t" small) | "s" ([a-su-z] | "t" small)) letters
small ::= [a-zß-öø-ÿ'’]
letters ::= [A-Za-zÀ-ɏ'’-]{0,16}
word ::= [A-Za-zÀ-ɏ0-9'’$&] tail
tail ::= [A-Za-zÀ-ɏ0-9'’%-]{0,16}
joint ::= " " | ", " | "; " | ": " | " -- " | " — " | "—"
end ::= [.!?…] | "..." | "?!"
parenthetical ::= "(" aside (" " aside){0,4} ")"
aside ::= [a-z] [a-zß-öø-ÿ'’-]{0,14} ","?
"""

_CHINESE = r"""
action ::= [一-兦兩-冄冇-夕夗-鿿] rest sentence{0,2}
said ::= sentence{1,3}
sentence ::= [一-鿿] (clause more | more)
rest ::= clause more
more ::= ([，、；：] clause){0,4} end
clause ::= [一-鿿0-9A-Za-z“”‘’《》·]{1,20}
end ::= [。！？…] | "……"
parenthetical ::= "（" [一-鿿]{1,10} "）"
"""

_BODY: dict[Language, str] = {"en": _ENGLISH, "zh": _CHINESE}


def scene_grammar(
    speakers: Sequence[str],
    *,
    language: Language = "en",
    min_blocks: int = 4,
    max_blocks: int = 14,
    extensions: Sequence[str] | None = None,
    parentheticals: bool = True,
    dual: bool = True,
    cue_written: bool = False,
) -> str:
    """Return the GBNF grammar of a scene's text below its heading.

    A block is a speech, up to two paragraphs of action before it, and perhaps another's speech beside it;
    one more paragraph may close the scene. Blocks are parted by blank lines, and the text ends with a line
    break.

    Args:
        speakers: names as the bible has them; the only ones that a cue can hold. None: action alone.
        min_blocks: fewest blocks.
        max_blocks: most.
        extensions: what may follow a name in parentheses; None takes the language's usual ones.
        parentheticals: whether a speech may open with one.
        dual: whether two may speak at once.
        cue_written: whether the text goes on below a cue that stands already; that speech is the first block.

    Raises:
        InputError: a name cannot stand in a cue, or the bounds contradict each other.
    """
    if not 1 <= min_blocks <= max_blocks:
        raise InputError(
            f"A scene cannot have between {min_blocks} and {max_blocks} blocks.",
            hint="Give 1 <= min_blocks <= max_blocks.",
        )
    body = _BODY[language]
    between = f"{{{min_blocks - 1},{max_blocks - 1}}}"
    if not speakers:
        return f'root ::= action ("\\n\\n" action){between} "\\n"{body}'
    allowed = allowed_extensions(language, extensions)
    said = '(parenthetical "\\n")? said' if parentheticals else "said"
    rules = [
        f'root ::= {"speech" if cue_written else "block"} ("\\n\\n" block){between} ("\\n\\n" action)? "\\n"',
        'block ::= (action "\\n\\n" (action "\\n\\n")?)? cued',
        f"speech ::= {said}",
        *_cued([cue_text(name) for name in speakers], "extension? " if allowed else "", dual=dual),
    ]
    if allowed:
        around = " ({})" if language == "en" else "（{}）"
        rules.append(f"extension ::= {_alternatives(around.format(extension) for extension in allowed)}")
    return "\n".join(rules) + body


def line_grammar(kind: Kind, *, language: Language = "en") -> str:
    """Return the GBNF grammar of one paragraph: action, or what is said in a speech."""
    return f"root ::= {'action' if kind is Kind.ACTION else 'said'}{_BODY[language]}"


def _cued(cues: Sequence[str], extension: str, *, dual: bool) -> Iterator[str]:
    """Yield the rules of a speech below its cue, and of the one that somebody else may have beside it."""
    cues = list(dict.fromkeys(cues))
    if not dual or len(cues) < 2:
        yield f'cued ::= ({_alternatives(cues)}) {extension}"\\n" speech'
        return
    yield "cued ::= " + " | ".join(f"cued-{place}" for place in range(len(cues)))
    for place, cue in enumerate(cues):
        others = _alternatives(other for other in cues if other != cue)
        beside = f'("\\n\\n" ({others}) {extension}" ^\\n" speech)?'
        yield f'cued-{place} ::= {_alternatives([cue])} {extension}"\\n" speech {beside}'


def _alternatives(texts: Iterable[str]) -> str:
    quoted = (text.replace("\\", r"\\").replace('"', r"\"") for text in texts)
    return " | ".join(f'"{text}"' for text in dict.fromkeys(quoted))
