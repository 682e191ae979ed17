"""What a small model may choose from where a larger one writes a sentence of its own.

Asked for a reason, a model of a hundred million parameters copies the example or loses the thread. Choosing
among the trade's usual words it can do.
"""

from __future__ import annotations

from typing import Literal

from storyroom.story.objection import ObjectionKind

Occasion = Literal[
    "choice", "reply", "reply_paper", "verify", "ruling", "feeling", "idea", "member", "merge", "note"
]

THEMES: dict[str, tuple[str, ...]] = {
    "en": (
        "Truth against loyalty.",
        "Duty against love.",
        "Leaving against staying.",
        "Guilt that asks to be forgiven.",
        "What the living owe the dead.",
        "Pride that cannot ask for help.",
        "A secret that costs more each day.",
    ),
    "zh": (
        "真相与情义不能两全。",
        "责任与爱不能两全。",
        "走，还是留。",
        "愧疚等着被原谅。",
        "活着的人欠死去的人什么。",
        "骄傲的人开不了口求助。",
        "秘密越久，代价越大。",
    ),
}

OBJECTIONS: dict[str, dict[str, ObjectionKind]] = {
    "en": {
        "Anyone could say this; it needs this character's voice.": "dialogue",
        "It does not answer the line before it.": "dialogue",
        "It says what we have just seen.": "dialogue",
        "It does not follow from what happened before.": "logic",
        "This character would not say it so openly.": "character",
        "The feeling is told; show it in an action or a silence.": "emotion",
        "The line is flat where the scene should turn.": "emotion",
    },
    "zh": {
        "这句话谁都说得出来，要像这个人说的。": "dialogue",
        "它没有接住上一句。": "dialogue",
        "它说的是我们刚刚看到的。": "dialogue",
        "它和前面发生的事接不上。": "logic",
        "这个人不会说得这么直白。": "character",
        "感情是说出来的；用一个动作或一次沉默来表现。": "emotion",
        "场面该转的地方，这句平了。": "emotion",
    },
}

# The same for plans: pitches and outlines.
PAPER_OBJECTIONS: dict[str, dict[str, ObjectionKind]] = {
    "en": {
        "Nothing is at stake in it.": "logic",
        "It does not follow from what comes before.": "logic",
        "Nobody has to choose.": "character",
        "Another line says the same.": "repetition",
    },
    "zh": {
        "这里没有什么会失去。": "logic",
        "它和前面接不上。": "logic",
        "没有人需要做选择。": "character",
        "另一句说的是同一件事。": "repetition",
    },
}

# A reason says yes or no by itself, and a small model's two answers need not agree: the reason counts.
SAYS_NO = frozenset(
    {
        "The next line depends on it.",
        "The scene needs it to turn.",
        "The ending depends on it.",
        "It is what the idea is about.",
        "The fault is still there.",
        "Nothing in the draft does it yet.",
        "A line of the draft goes against it.",
        "下一句要靠它。",
        "这场戏要靠它转折。",
        "结局要靠它。",
        "原来的想法说的就是它。",
        "毛病还在。",
        "还没有一行照着做。",
        "有一行和它相反。",
    }
)

REASONS: dict[str, dict[Occasion, tuple[str, ...]]] = {
    "en": {
        "choice": (
            "It stays closest to the idea.",
            "Its ending costs somebody something.",
            "It puts the hardest choice on the right person.",
        ),
        "reply": (
            "It can be said with fewer words.",
            "The next line depends on it.",
            "It should sound more like this character.",
            "The scene needs it to turn.",
        ),
        "reply_paper": (
            "Somebody can lose more by it.",
            "It should lead to the next line.",
            "The ending depends on it.",
            "It is what the idea is about.",
        ),
        "verify": ("The new line is sharper.", "It fits the character now.", "The fault is still there."),
        "ruling": (
            "It fits the voice better.",
            "It keeps the scene moving.",
            "It stays closer to the beat.",
        ),
        "feeling": (
            "What is at stake is named.",
            "Nobody says what they want.",
            "The choice is close and cannot be put off.",
            "Somebody is left alone with it.",
        ),
        "idea": ("It is the idea's own sentence.",),
        "member": ("A member pitched it; the room does not reword it.",),
        "merge": (
            "Each needs what the other has.",
            "One opens the story, the other turns it.",
            "Together they cost somebody more.",
        ),
        "note": (
            "A line of the draft does it.",
            "Nothing in the draft does it yet.",
            "A line of the draft goes against it.",
        ),
    },
    "zh": {
        "choice": ("它离原来的想法最近。", "它的结局要有人付出代价。", "它把最难的选择交给了该选的人。"),
        "reply": ("可以说得更短。", "下一句要靠它。", "应该更像这个人说的话。", "这场戏要靠它转折。"),
        "reply_paper": (
            "还可以让人失去更多。",
            "它应该引出下一句。",
            "结局要靠它。",
            "原来的想法说的就是它。",
        ),
        "verify": ("新的这句更准。", "现在像这个人了。", "毛病还在。"),
        "ruling": ("它更像这个人的声音。", "它让戏往前走。", "它离这场的节拍更近。"),
        "feeling": (
            "要紧的事说出来了。",
            "谁也没说自己要什么。",
            "选择就在眼前，躲不开。",
            "有人独自面对这件事。",
        ),
        "idea": ("这是原来想法里的话。",),
        "member": ("这条是组里的人提的，编剧室不改它的字句。",),
        "merge": ("一条缺的，另一条正好有。", "一条开头，一条转折。", "合在一起，代价更大。"),
        "note": ("有一行照着做了。", "还没有一行照着做。", "有一行和它相反。"),
    },
}
