"""The words of transcripts that nobody in the room said, in English and Chinese."""

from __future__ import annotations

from storyroom.memory.debates import Debate, Speaker
from storyroom.story.plan import Language
from storyroom.story.roles import role_name
from storyroom.story.turn import Stage, Turn, TurnKind

_ENGLISH = {
    "pitches": "Pitches",
    "outline": "Outline",
    "scene": "Scene {}",
    "table_read": "Table read",
    "pass": "pass {}",
    "pass table_read": "pass {}",
    "shared": "before the fork, in session {}",
    "debates": "Debates",
    "contents": "Contents",
    "skip": "Skip to the debates",
    "episode": "Episode {}",
    "session": "session {}",
    "empty": "Nothing was argued about.",
    "took part": "Took part",
    "nobody": "nobody but code",
    "stopped": "Outcome",
    "spent": "Spent",
    "calls": "{} model calls",
    "calls 1": "1 model call",
    "costs": "{calls}, {tokens} tokens written, {seconds} s",
    "reviews": "{} blind reviews",
    "reviews 1": "1 blind review",
    "rounds": "{} rounds",
    "rounds 1": "1 round",
    "objections": "{} objections",
    "objections 1": "1 objection",
    "objection": "Objection {} of {}",
    "about": "About",
    "came of it": "Objections",
    "where": "line {}",
    "of pitch": "pitch {}, {}",
    "of scene": "scene {}, {}",
    "certain": "certain",
    "turn": "turn {}",
    "round": "Round {}",
    "at the end": "At the end",
    "code": "code",
    "agent": "agent {}",
    "for note": "for a note by {}",
    "notes": "Notes",
    "note by": "note by {}",
    "unasked": "Changes that nobody asked for",
    "undone": "undone",
    "stands": "stands",
    "dissent": "Not content at the end",
    "comma": ", ",
    "semicolon": "; ",
    "colon": ": ",
    "acceptance": "accepts",
    "rebuttal": "rebuts",
    "met": "is content",
    "not met": "insists",
    "ruling": "rules that the line stands",
    "ruling old": "rules that the old wording stands",
    "ruling new": "rules that the new wording stands",
    "ruling table_read old": "rules that the scene stays as it is",
    "ruling table_read new": "rules that the scene goes back",
    "rejection": "rejects it",
    "settled": "settled",
    "withdrawn": "withdrawn",
    "upheld": "upheld",
    "overruled": "overruled",
    "rejected": "rejected",
    "sent_back": "sent back",
    "open": "left open",
    "minor": "minor",
    "serious": "serious",
    "note accepted": "accepted",
    "note declined": "declined",
    "note done": "done",
    "note verified": "verified",
    "note reopened": "reopened",
    "silent": "nobody objected",
    "agreed": "agreed",
    "no_material_change": "every objection was withdrawn, nothing changed",
    "round_limit": "stopped by the limit, without agreement",
    "round_limit table_read": "read, with faults that stay",
    "agreed table_read": "what went back is mended",
    "budget_spent": "stopped because its budget was spent, without agreement",
    "stopped ruling": "not agreed, the showrunner ruled",
    "scenes back": "scenes were sent back to their writer",
    "going on": "goes on",
    "rejected only": "no objection could be argued about",
}
_CHINESE = {
    "pitches": "故事方案",
    "outline": "大纲",
    "scene": "第{}场",
    "table_read": "通读",
    "pass": "第{}稿",
    "pass table_read": "第{}次",
    "shared": "分叉之前，会话 {}",
    "debates": "争论",
    "contents": "目录",
    "skip": "跳到争论正文",
    "episode": "第{}集",
    "session": "会话 {}",
    "empty": "没有争论。",
    "took part": "参加者",
    "nobody": "只有程序",
    "stopped": "结果",
    "spent": "花费",
    "calls": "模型调用 {} 次",
    "calls 1": "模型调用 1 次",
    "costs": "{calls}，写出 {tokens} 个词元，{seconds} 秒",
    "reviews": "{} 份互不通气的审读",
    "reviews 1": "1 份审读",
    "rounds": "{} 轮",
    "rounds 1": "1 轮",
    "objections": "{} 条异议",
    "objections 1": "1 条异议",
    "objection": "异议 {}/{}",
    "about": "关于",
    "came of it": "异议",
    "where": "第 {} 行",
    "of pitch": "方案{}，{}",
    "of scene": "第{}场，{}",
    "certain": "确定",
    "turn": "发言 {}",
    "round": "第 {} 轮",
    "at the end": "最后",
    "code": "程序",
    "agent": "模型 {}",
    "for note": "代表{}的意见",
    "notes": "意见",
    "note by": "{}的意见",
    "unasked": "没有人要求的改动",
    "undone": "已撤销",
    "stands": "保留",
    "dissent": "到最后仍不同意",
    "comma": "，",
    "semicolon": "；",
    "colon": "：",
    "acceptance": "接受",
    "rebuttal": "反驳",
    "met": "认可",
    "not met": "坚持",
    "ruling": "裁定这一行不改",
    "ruling old": "裁定保留原文",
    "ruling new": "裁定采用改后的文字",
    "ruling table_read old": "裁定这一场不动",
    "ruling table_read new": "裁定这一场退回修改",
    "rejection": "驳回",
    "settled": "已解决",
    "withdrawn": "已撤回",
    "upheld": "裁定支持",
    "overruled": "裁定不支持",
    "rejected": "无效",
    "sent_back": "退回重写",
    "open": "未解决",
    "minor": "轻微",
    "serious": "严重",
    "note accepted": "接受",
    "note declined": "不采纳",
    "note done": "完成",
    "note verified": "已核实",
    "note reopened": "重新提出",
    "silent": "没有人提出异议",
    "agreed": "达成一致",
    "no_material_change": "异议都撤回了，文字没有改动",
    "round_limit": "到了上限而停止，没有达成一致",
    "round_limit table_read": "读完了，有的毛病留着",
    "agreed table_read": "退回的都改好了",
    "budget_spent": "预算用完而停止，没有达成一致",
    "stopped ruling": "没有达成一致，由总编剧裁定",
    "scenes back": "有的场次退回重写",
    "going on": "还在进行",
    "rejected only": "没有一条异议可以争论",
    # Kinds of objections and fields of plans have their English names in the code.
    "stereotype": "成见",
    "person": "真人",
    "rating": "分级",
    "continuity": "连贯",
    "character": "人物",
    "emotion": "情绪",
    "logic": "逻辑",
    "dialogue": "对白",
    "format": "格式",
    "repetition": "重复",
    "conflict": "冲突",
    "ending": "结局",
    "beat": "情节",
    "change": "变化",
}
# Names that are words of the page too, and mean something else there.
_FIELDS = {"turn": {"en": "turn", "zh": "转折"}}
_KINDS = {"about": {"en": "about", "zh": "切题"}, "note": {"en": "note", "zh": "意见"}}


class Words:
    """The words in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._table = _CHINESE if language == "zh" else _ENGLISH

    def __getitem__(self, key: str) -> str:
        return self._table[key]

    def role(self, role: str) -> str:
        """Return a role as it is said: `dialogue writer`; one of the user's own by its slug."""
        return role_name(role, self.language)

    def kind(self, kind: str) -> str:
        """Return a kind of objection."""
        return _KINDS[kind][self.language] if kind in _KINDS else self._named(kind)

    def field(self, field: str) -> str:
        """Return a field of a plan."""
        return _FIELDS[field][self.language] if field in _FIELDS else self._named(field)

    def counted(self, thing: str, number: int) -> str:
        """Return `1 round`, `2 rounds`."""
        return self._table[f"{thing} 1" if number == 1 else thing].format(number)

    def who(self, speaker: Speaker, *, model: bool = True) -> str:
        """Return who spoke: the role, and the member in its seat, or that it was the agent.

        Args:
            model: whether to name the agent's model.
        """
        role, actor = self.role(speaker.role), speaker.actor
        agent = self["agent"].format(actor.name if model else "").strip()
        name = {"agent": agent, "member": actor.name}.get(actor.kind, self["code"])
        return f"{role}（{name}）" if self._is_chinese else f"{role} ({name})"

    def title(self, debate: Debate) -> str:
        """Return what a debate is about: `Scene 3, pass 2`."""
        name = self[debate.id.partition(".")[0]].format(debate.scene)
        if debate.pass_ == 1:
            return name
        which = "pass table_read" if debate.stage is Stage.TABLE_READ else "pass"
        return name + self["comma"] + self[which].format(debate.pass_)

    def note_state(self, state: str) -> str:
        """Return what became of a note."""
        return self._table.get(f"note {state}", state)

    def verb(self, turn: Turn, *, reworded: bool) -> str:
        """Return what somebody did in a turn: `accepts`, `insists`.

        Args:
            reworded: whether the line that it is about was reworded, so that there is something to rule on.
        """
        if turn.kind is TurnKind.VERIFICATION:
            return self["met" if turn.body["met"] else "not met"]
        if turn.kind is TurnKind.RULING and turn.task.stage is Stage.TABLE_READ:
            return self[f"ruling table_read {turn.body['keep']}"]
        if turn.kind is TurnKind.RULING and reworded:
            return self[f"ruling {turn.body['keep']}"]
        return self[str(turn.kind)]

    def outcome(self, debate: Debate) -> str:
        """Return why a debate stopped; a limit never reads like agreement."""
        reason, fates = debate.reason, {thread.fate for thread in debate.raised}
        if reason is None:
            return self["going on"]
        if reason == "sent_back":
            return self["scenes back"]
        if reason == "agreed" and debate.stage is Stage.TABLE_READ and "settled" in fates:
            return self["agreed table_read"]
        if reason == "agreed" and not fates & {"settled", "withdrawn"}:
            return self["rejected only" if fates else "silent"]
        if reason == "round_limit" and debate.id.startswith("table_read"):
            return self["round_limit table_read"]
        return self["stopped ruling" if reason == "ruling" else reason]

    @property
    def _is_chinese(self) -> bool:
        return self.language == "zh"

    def _named(self, name: str) -> str:
        return self._table.get(name, name.replace("_", " "))
