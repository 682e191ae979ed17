"""What to do about a finding, in the trade's terms: an action, a detail, a silence, a subtext.

The advice is chosen by what was found and by the feeling in question: the planned one where a plan is missed
or a scene is flat, the one that is there where it is told, comes too suddenly or has gone on for too long.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from storyroom.emotion.wording import wording

if TYPE_CHECKING:
    from storyroom.agents.emotion_findings import Finding, FindingKind
    from storyroom.story.plan import Language

_MISSED_EN = {
    "anger": "Let them be polite a moment too long, then break something small.",
    "disgust": "Give one detail nobody wants to touch, and make somebody touch it.",
    "fear": "Let somebody stop in mid-movement and listen; the answer is a silence.",
    "joy": "Give them one small thing that goes right, and let them share it without a word.",
    "sadness": "Let a hand go out for what is no longer there, and stop.",
    "surprise": "Keep back what they know, and let an object give it away in this line.",
    "neutral": "Take the weight off: let them do the chore and speak of the chore alone.",
}
_MISSED_ZH = {
    "anger": "让人多客气半拍，再让手里的小东西断掉。",
    "disgust": "给一个谁也不愿碰的细节，偏要有人去碰。",
    "fear": "让动作停在半途，侧耳去听，回答的只有沉默。",
    "joy": "让一件小事成了，两个人不说话也知道。",
    "sadness": "让手伸向已经不在的东西，停在半空。",
    "surprise": "先压住已知的事，让一样物件在这一句露出来。",
    "neutral": "把分量拿掉：手上做着活，嘴上只说活。",
}
_TOLD_EN = {
    "anger": "Cut the word; let the hands be too careful with something.",
    "disgust": "Cut the word; let the cup be put down and pushed away.",
    "fear": "Cut the word; let the key miss the lock, twice.",
    "joy": "Cut the word; let the work be done faster, or forgotten.",
    "sadness": "Cut the word; let the talk be of something else while the eyes stay on the thing.",
    "surprise": "Cut the word; leave a silence, and let the next question be too simple.",
}
_TOLD_ZH = {
    "anger": "删掉这个词，让手上的动作小心得过分。",
    "disgust": "删掉这个词，让杯子放下，再推远一点。",
    "fear": "删掉这个词，让钥匙两次对不上锁。",
    "joy": "删掉这个词，让手上的活快起来，或者忘了做。",
    "sadness": "删掉这个词，嘴上说别的，眼睛不离那样东西。",
    "surprise": "删掉这个词，留一段沉默，再问一句太简单的话。",
}
_FLAT_EN = {
    "anger": "Let one answer be refused, and let somebody stand up.",
    "disgust": "Let a detail come too close, and somebody step back from it.",
    "fear": "Let a sound from outside cut one line short.",
    "joy": "Let somebody laugh where it does not belong, and mean it.",
    "sadness": "Let one line stop before its last word, and nobody finish it.",
    "surprise": "Let an object be where it cannot be, and turn the scene on it.",
    "neutral": "Say in a detail what each of them wants of the other, and let one of them refuse it.",
}
_FLAT_ZH = {
    "anger": "让一个回答被顶回去，有人站起来。",
    "disgust": "让一个细节逼得太近，有人退一步。",
    "fear": "让外面一个声响打断一句话。",
    "joy": "让人在不该笑的地方笑出来，而且是真笑。",
    "sadness": "让一句话停在最后一个词前面，谁也不接。",
    "surprise": "让一样东西出现在不该在的地方，戏从这里转。",
    "neutral": "用一个细节露出各自想要什么，再让一方不给。",
}
_SUDDEN_EN = {
    "anger": "Put an action between the two: what is seen, picked up or put down that turns it.",
    "disgust": "Put the detail between the two that spoils it.",
    "fear": "Let something be noticed first: a sound, a look, a door.",
    "joy": "Leave a silence first, and let the face come late.",
    "sadness": "Let the smile stay a moment too long, and then a silence.",
}
_SUDDEN_ZH = {
    "anger": "两句之间放一个动作：看见、拿起或放下什么，让它转过来。",
    "disgust": "两句之间放一个坏了兴致的细节。",
    "fear": "先让人察觉一样东西：一个声响、一个眼神、一扇门。",
    "joy": "先留一段沉默，让神色慢半拍才到。",
    "sadness": "让笑多停一会儿，再接一段沉默。",
}
_AGAIN_EN = {
    "anger": "Let the anger go under: somebody lowers the voice, and does the other a service.",
    "disgust": "Let somebody bear it without a sign, for a reason that is not said.",
    "fear": "Let somebody make a joke, or an action that takes the lead.",
    "joy": "Let one detail show what the joy costs, and only one of them see it.",
    "sadness": "Let an ordinary task be done well, and leave the grief in the subtext.",
    "surprise": "Let somebody know it already, and let a silence give that away.",
}
_AGAIN_ZH = {
    "anger": "让火压下去：有人放低声音，反替对方做一件事。",
    "disgust": "让人不动声色地忍着，原因不说。",
    "fear": "让人开个玩笑，或者先动手。",
    "joy": "用一个细节露出这份高兴的代价，只让一个人看见。",
    "sadness": "让人把一件寻常活做好，伤心留在潜台词里。",
    "surprise": "让其中一人早就知道，一段沉默露了底。",
}
_JUMP_EN = {
    "anger": "Begin with what happened since: a door, a broken cup, somebody who will not sit down.",
    "disgust": "Begin on the detail that turned it, before anybody speaks.",
    "fear": "Begin with somebody listening, and let us ask what for.",
    "joy": "Keep some of the weight at the start, and let it be taken off while we watch.",
    "sadness": "Begin with what is left of the joy: a glass, a coat, a song that is switched off.",
}
_JUMP_ZH = {
    "anger": "开场先露出中间出了什么事：一扇门，一只碎碗，一个不肯坐下的人。",
    "disgust": "开场先给那个翻了脸的细节，再让人说话。",
    "fear": "开场先让人侧耳，观众自会问在听什么。",
    "joy": "开场留一点上一场的重量，当着观众的面卸下来。",
    "sadness": "开场先给高兴剩下的东西：一只杯子，一件外衣，一首关掉的歌。",
}
_ARC_EN = {
    "anger": "Let somebody find out here what was kept from them.",
    "disgust": "Let the price of it be seen here, close, by the one who wanted it.",
    "fear": "Let what could be lost be in the room here, and the way out be shut.",
    "joy": "Let something be given back here that nobody asked for.",
    "sadness": "Let it be too late here for something small.",
    "surprise": "Turn here on what the audience has seen and read wrongly.",
    "neutral": "Let the episode breathe here: people at work, and the talk about the work.",
}
_ARC_ZH = {
    "anger": "就在这一场，让人知道自己被瞒了什么。",
    "disgust": "就在这一场，让想要它的人贴近看见它的代价。",
    "fear": "就在这一场，把会失去的东西放进屋里，把出路关上。",
    "joy": "就在这一场，让人拿回一样没有开口要的东西。",
    "sadness": "就在这一场，让一件小事来不及。",
    "surprise": "就在这一场，翻开观众看见过、却看错了的东西。",
    "neutral": "就在这一场喘口气：人在干活，话只说活。",
}
_TORN_EN = "Let one come first, and an action turn it into the other; or keep one for the subtext."
_TORN_ZH = "先演一种，用一个动作转到另一种；或者把其中一种留在潜台词里。"

_ADVICE: Mapping[str, Mapping[FindingKind, Mapping[str, str]]] = {
    "en": {
        "missed": _MISSED_EN,
        "told": _TOLD_EN,
        "flat": _FLAT_EN,
        "whiplash": _SUDDEN_EN,
        "one note": _AGAIN_EN,
        "jump": _JUMP_EN,
        "arc": _ARC_EN,
        "torn": dict.fromkeys(_MISSED_EN, _TORN_EN),
    },
    "zh": {
        "missed": _MISSED_ZH,
        "told": _TOLD_ZH,
        "flat": _FLAT_ZH,
        "whiplash": _SUDDEN_ZH,
        "one note": _AGAIN_ZH,
        "jump": _JUMP_ZH,
        "arc": _ARC_ZH,
        "torn": dict.fromkeys(_MISSED_ZH, _TORN_ZH),
    },
}

_FACTS: Mapping[str, Mapping[FindingKind, str]] = {
    "en": {
        "missed": "{who}planned {planned}, measured {felt}",
        "told": "{who}{felt} is named here, and no line or action shows it",
        "flat": "every sure line of the scene measures {felt}, as strong as the others",
        "whiplash": "{who}from {felt} to {then} in two speeches, with no action between them",
        "one note": "measured {felt}, as the scene before",
        "jump": "from {felt} in the scene before to {then}, and neither is planned so",
        "arc": "the arc of the episode wants {planned} by now, and this scene measures {felt}",
        "torn": "{who}{planned} and {other} are planned for one scene, and only {felt} was measured",
    },
    "zh": {
        "missed": "{who}计划是{planned}，实测是{felt}",
        "told": "{who}这里说出了{felt}，却没有一句话、一个动作让人看见",
        "flat": "这一场凡是有把握的句子都是{felt}，强弱也一样",
        "whiplash": "{who}两句之间从{felt}跳到{then}，中间没有动作",
        "one note": "实测是{felt}，和上一场一样",
        "jump": "从上一场的{felt}一下跳到{then}，计划里没有这样写",
        "arc": "全集的情绪线走到这里该是{planned}，这一场实测是{felt}",
        "torn": "{who}同一场计划了{planned}和{other}，实测只有{felt}",
    },
}
_AGAIN = {
    "en": (
        "What was found no longer holds; the line measures {felt} ({source}, {sure}).",
        "Measured again, it still holds: {felt} ({source}, {sure}).",
    ),
    "zh": (
        "重测后先前的问题不再成立；这一句实测是{felt}（{source}，把握 {sure}）。",
        "重测后仍然如此：{felt}（{source}，把握 {sure}）。",
    ),
}


def fact(found: Finding, language: Language) -> str:
    """Say what was measured, by what, and how sure that is."""
    words = wording(language)
    planned, felt = ([words[one] for one in some] for some in (found.planned, found.felt))
    colon = "：" if language == "zh" else ": "
    told = _FACTS[language][found.kind].format(
        who=f"{found.who}{colon}" if found.who else "",
        planned=next(iter(planned), ""),
        other=planned[-1] if planned else "",
        felt=felt[0],
        then=felt[-1],
    )
    sure = (
        f"（{found.source}，把握 {found.confidence:.2f}）"
        if language == "zh"
        else (f" ({found.source}, {found.confidence:.2f})")
    )
    return told + sure


def advice(found: Finding, language: Language) -> str:
    """Say what would help."""
    about = found.planned[:1] if found.kind in ("missed", "flat", "arc") else found.felt[-1:]
    return _ADVICE[language][found.kind][next(iter(about), "neutral")]


def says(found: Finding, language: Language) -> str:
    """Say both as an objection does."""
    told = fact(found, language)
    return (
        f"{told}。{advice(found, language)}"
        if language == "zh"
        else (f"{told[0].upper()}{told[1:]}. {advice(found, language)}")
    )


def again(feeling: str, source: str, confidence: float, language: Language, *, met: bool) -> str:
    """Say what a new wording measures, to an objection that it meets or does not meet."""
    return _AGAIN[language][not met].format(
        felt=wording(language)[feeling], source=source, sure=f"{confidence:.2f}"
    )
