"""The paragraph styles of a screenplay in Word, and what else holds for the whole document.

Measures are those of the grid: a column is a tenth of an inch, or 144 twips; a line is a sixth or a fifth.
The XML follows ECMA-376, part 1, chapter 17; within an element its order is fixed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.sax.saxutils import quoteattr

from storyroom.formats.pages import Sheet
from storyroom.formats.pages.options import Area, SpeechAreas

COLUMN = 144
"""Width of a column of the grid in twips (1/1440 inch)."""
LATIN_FONT = "Courier New"
"""It is there wherever Word is; Courier Prime has the same widths, and mostly is not."""
CHINESE_FONT = "SimSun"

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_NUMBER = 6  # columns in the margin for the number of a scene
_UNDERLINED = '<w:u w:val="single"/>'
_CHINESE_OF = {"zh-Hant": "zh-TW"}
_BUILT_IN = frozenset({"Title", "header"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Style:
    """A paragraph style.

    Attributes:
        name: what Word shows.
        following: the style of the paragraph that is typed after it; its own if empty.
        indent: columns from the left and from the right margin.
        hang: columns by which the first line hangs out to the left of the others.
        before: blank lines above.
        spacing: lines that a line takes.
        align: ``left``, ``center`` or ``right``.
        keep_next: whether it stands on one page with what follows.
        keep_lines: whether it stays on one page.
        outline: its level in the navigation pane, from 0.
        tabs: XML of its tab stops.
        run: XML of what its characters look like.
    """

    name: str
    following: str = ""
    indent: tuple[int, int] = (0, 0)
    hang: int = 0
    before: int = 1
    spacing: int = 1
    align: str = "left"
    keep_next: bool = False
    keep_lines: bool = False
    outline: int | None = None
    tabs: str = ""
    run: str = ""

    def xml(self, line: int) -> str:
        """Return the style; a line is so many twips high."""
        left, right = (columns * COLUMN for columns in self.indent)
        properties = [
            "<w:keepNext/>" if self.keep_next else "",
            "<w:keepLines/>" if self.keep_lines else "",
            self.tabs,
            f'<w:spacing w:before="{self.before * line}" w:line="{self.spacing * line}" w:lineRule="exact"/>',
            f'<w:ind w:left="{left}" w:right="{right}" w:hanging="{self.hang * COLUMN}"/>',
            f'<w:jc w:val="{self.align}"/>',
            "" if self.outline is None else f'<w:outlineLvl w:val="{self.outline}"/>',
        ]
        custom = "" if self.name in _BUILT_IN else ' w:customStyle="1"'
        following = style_id(self.following or self.name)
        return (
            f'<w:style w:type="paragraph"{custom} w:styleId="{style_id(self.name)}">'
            f'<w:name w:val="{self.name}"/><w:basedOn w:val="Normal"/><w:next w:val="{following}"/>'
            f'<w:uiPriority w:val="1"/><w:qFormat/>'
            f"<w:pPr>{''.join(properties)}</w:pPr><w:rPr>{self.run}</w:rPr></w:style>"
        )


def style_id(name: str) -> str:
    """Return the id of the style with this name."""
    return name[0].upper() + name[1:].replace(" ", "")


def styles_xml(sheet: Sheet, *, language: str, double_spaced: bool, numbered: bool) -> str:
    """Return the styles of a document.

    Args:
        sheet: the paper; its measures become indents.
        language: of the script, as a tag of BCP 47.
        double_spaced: whether dialogue is, as in multi-camera shows.
        numbered: whether scenes are, in both margins.
    """
    line = 1440 // sheet.lines_per_inch
    hang = 2 if language.startswith("zh") else 1  # a full-width parenthesis takes two columns
    spacing = 2 if double_spaced else 1
    cell = sheet.dual[0].dialogue
    styles = [
        *_paragraphs(sheet, numbered=numbered),
        *_speech("", sheet.speech, sheet.action, hang=hang, spacing=spacing),
        *_speech("Dual ", sheet.dual[0], cell, hang=hang, spacing=spacing),
        *_title_page(),
    ]
    written = "".join(style.xml(line) for style in styles)
    return f"<w:styles {_W}>{_defaults(language, line)}{written}</w:styles>"


def _paragraphs(sheet: Sheet, *, numbered: bool) -> Iterator[_Style]:
    width = sheet.action.width
    yield _Style(
        name="Scene Heading",
        following="Action",
        before=2,
        keep_next=True,
        keep_lines=True,
        outline=1,
        indent=(0, -_NUMBER) if numbered else (0, 0),
        hang=_NUMBER if numbered else 0,
        tabs=_tabs(("left", width + 1)) if numbered else "",
    )
    yield _Style(name="Action")
    yield _Style(name="Transition", following="Scene Heading", align="right")
    yield _Style(name="Centered", following="Action", align="center")
    act = _Style(name="Act", following="Scene Heading", before=2, align="center", run=_UNDERLINED)
    yield replace(act, keep_next=True, outline=0)
    yield replace(act, name="Act End", following="Act")


def _speech(prefix: str, areas: SpeechAreas, within: Area, *, hang: int, spacing: int) -> Iterator[_Style]:
    """Yield the styles of a speech, whose indents are counted from the edges of `within`."""
    cue, (left, right), dialogue = (_indent(area, within) for area in areas)
    kept = _Style(name=f"{prefix}Character", following=f"{prefix}Dialogue", keep_lines=True)
    yield replace(kept, indent=cue, keep_next=True, run="<w:noProof/>")
    beside = replace(kept, name=f"{prefix}Parenthetical", before=0, keep_next=True)
    yield replace(beside, indent=(left + hang, right), hang=hang)
    said = replace(kept, name=f"{prefix}Dialogue", before=0, indent=dialogue, spacing=spacing)
    yield replace(said, following=f"{prefix}Character")
    yield replace(said, name=f"{prefix}Lyrics", following=f"{prefix}Lyrics", run="<w:i/><w:iCs/>")


def _title_page() -> Iterator[_Style]:
    yield _Style(name="Title", following="Title Page", before=0, align="center")
    yield _Style(name="Title Page", before=0, align="center")
    yield _Style(name="Contact", before=0)
    yield _Style(name="Draft", before=0, align="right")
    yield _Style(name="header", before=0, align="right")


def _indent(area: Area, within: Area) -> tuple[int, int]:
    left = area.column - within.column
    return left, within.width - left - area.width


def _tabs(*stops: tuple[str, int]) -> str:
    written = (f'<w:tab w:val="{kind}" w:pos="{column * COLUMN}"/>' for kind, column in stops)
    return f"<w:tabs>{''.join(written)}</w:tabs>"


def _defaults(language: str, line: int) -> str:
    """Return what all text has in common, and the styles that Word itself knows by name."""
    latin = "en-US" if language.startswith(("zh", "en")) else language
    chinese = language if re.match("zh-(?!Han)", language) else _CHINESE_OF.get(language, "zh-CN")
    return f"""
        <w:docDefaults><w:rPrDefault/><w:pPrDefault/></w:docDefaults>
        <w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="1"
            w:defUnhideWhenUsed="1" w:defQFormat="0" w:count="376"/>
        <w:style w:type="paragraph" w:default="1" w:styleId="Normal">
          <w:name w:val="Normal"/>
          <w:pPr>
            <w:widowControl/><w:suppressAutoHyphens/><w:kinsoku/><w:overflowPunct/>
            <w:spacing w:before="0" w:after="0" w:line="{line}" w:lineRule="exact"/>
          </w:pPr>
          <w:rPr>
            <w:rFonts w:ascii="{LATIN_FONT}" w:hAnsi="{LATIN_FONT}" w:cs="{LATIN_FONT}"
                w:eastAsia="{CHINESE_FONT}"/>
            <w:sz w:val="24"/><w:szCs w:val="24"/>
            <w:lang w:val={quoteattr(latin)} w:eastAsia={quoteattr(chinese)}/>
          </w:rPr>
        </w:style>
        <w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">
          <w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/>
        </w:style>
        <w:style w:type="table" w:default="1" w:styleId="TableNormal">
          <w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/>
          <w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr>
        </w:style>
        <w:style w:type="paragraph" w:styleId="CommentText">
          <w:name w:val="annotation text"/><w:basedOn w:val="Normal"/><w:uiPriority w:val="99"/>
          <w:pPr><w:spacing w:line="240" w:lineRule="auto"/></w:pPr>
          <w:rPr><w:sz w:val="20"/><w:szCs w:val="20"/></w:rPr>
        </w:style>
        <w:style w:type="character" w:styleId="CommentReference">
          <w:name w:val="annotation reference"/><w:uiPriority w:val="99"/>
          <w:rPr><w:sz w:val="16"/><w:szCs w:val="16"/></w:rPr>
        </w:style>
    """
