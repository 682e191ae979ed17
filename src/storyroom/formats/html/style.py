"""The style sheet of the page: for screens of any size, light and dark, and for paper."""

from __future__ import annotations

from storyroom.formats.pages import PageOptions, Sheet
from storyroom.formats.pages.options import COLUMNS_PER_INCH

_IN_MARGIN = (
    7  # columns of the margins in which something is printed: what lies outside them, browsers cut off
)
_NUMBER = 6  # of these, those for the number of a scene
_FONTS = '"Screenplay", "Courier New", Courier, "Nimbus Mono PS", "Liberation Mono", monospace'
_CHINESE_FONTS = (
    '"Songti SC", SimSun, "Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Songti TC", PMingLiU,'
    ' "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei"'
)

# Marks that Latin and Chinese share are full-width in Chinese: there they are never taken from a Latin font.
_LOCAL_FONTS = ", ".join(f"local({name.strip()})" for name in _CHINESE_FONTS.split(","))

# By the full names of its faces: a package of Courier Prime is about that gives all four the same family and
# style, and of these browsers take the bold one.
_COURIER_PRIME = "".join(
    f'@font-face {{ font-family: "Screenplay"; src: local("Courier Prime{face}"); {style} }}\n'
    for face, style in (
        ("", "font-weight: 400;"),
        (" Bold", "font-weight: 700;"),
        (" Italic", "font-weight: 400; font-style: italic;"),
        (" Bold Italic", "font-weight: 700; font-style: italic;"),
    )
)

_SCREEN = f"""
{_COURIER_PRIME}@font-face {{
  font-family: "Chinese marks";
  src: {_LOCAL_FONTS};
  unicode-range: U+2014, U+2018-2019, U+201C-201D, U+2026;
}}
:root {{
  color-scheme: light dark;
  --paper: #fffefb; --ink: #1b1a17; --faint: #6a675f; --line: #d9d5cb; --link: #1d4f8c;
}}
@media (prefers-color-scheme: dark) {{
  :root {{ --paper: #17181a; --ink: #e4e1da; --faint: #9b988f; --line: #3a3b3e; --link: #8fb8ec; }}
}}
* {{ box-sizing: border-box; }}
body {{
  margin: 0 auto; padding: 1rem 1rem 4rem; max-width: 68ch;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.45 {_FONTS}, {_CHINESE_FONTS};
  font-variant-ligatures: none;
  overflow-wrap: anywhere;
  line-break: strict;
  text-size-adjust: 100%;
}}
:lang(zh) {{ font-family: "Chinese marks", {_FONTS}, {_CHINESE_FONTS}; }}
html:lang(zh) {{ line-height: 1.7; }}
h1, h2, p, ol {{ margin: 0; font: inherit; font-family: inherit; }}
a {{ color: var(--link); }}
a:focus-visible, summary:focus-visible {{ outline: 2px solid var(--link); outline-offset: 2px; }}
.skip {{ position: absolute; left: -999rem; }}
.skip:focus {{ left: 1rem; top: .5rem; padding: .5rem; background: var(--paper); }}
.title-page {{ margin: 12vh 0; text-align: center; }}
.title-page h1 {{ margin-bottom: 2.9em; }}
.title-page p + p {{ margin-top: 1.45em; }}
.title-page .foot {{
  display: flex; flex-wrap: wrap; gap: 1rem; justify-content: space-between;
  margin-top: 8vh; text-align: left;
}}
.title-page .foot p {{ margin: 0; }}
.title-page .foot .right {{ margin-left: auto; text-align: right; }}
.scenes {{
  position: sticky; top: 0; z-index: 1; margin: 0 -1rem 2rem; padding: 0 1rem;
  background: var(--paper); border-bottom: 1px solid var(--line);
}}
.scenes summary {{ padding: .6rem 0; cursor: pointer; color: var(--faint); }}
.scenes ol {{ max-height: 70vh; overflow-y: auto; padding: 0 0 .6rem; list-style: none; }}
.scenes li {{ padding: .3rem 0; }}
.scenes .part {{ color: var(--faint); padding-top: .8rem; }}
section, .opening {{ scroll-margin-top: 3.5rem; }}
h2 {{ margin-top: 2.9em; font-weight: bold; }}
h2 .number {{ margin-right: 1ch; color: var(--faint); font-weight: normal; }}
h2 .number.right {{ float: right; margin: 0 0 0 1ch; }}
main p, .speech, .dual {{ margin-top: 1.45em; }}
.speech p {{ margin-top: 0; }}
.action {{ white-space: pre-wrap; }}
.speech, main > section > .lyric {{ margin-left: 16.6%; max-width: 35ch; }}
.cue {{ margin-left: 12ch; }}
.parenthetical {{ margin-left: 6ch; max-width: 25ch; padding-left: 1ch; text-indent: -1ch; }}
.lyric {{ font-style: italic; }}
.transition {{ text-align: right; }}
.centered, .act {{ text-align: center; }}
.act {{ text-decoration: underline; }}
.dual {{ display: grid; grid-template-columns: 1fr 1fr; gap: 4ch; }}
.dual .speech {{ margin: 0; max-width: none; }}
.dual .cue {{ margin-left: 8ch; }}
.dual .parenthetical {{ margin-left: 4ch; }}
.revised {{ position: relative; }}
.revised::after {{ content: "*"; position: absolute; right: -1.5ch; top: 0; color: var(--faint); }}
.double .dialogue, .double .speech .lyric {{ line-height: 2.4; }}
@media (max-width: 40rem) {{
  body {{ font-size: .95rem; }}
  .speech, main > section > .lyric {{ margin-left: 8%; margin-right: 8%; }}
  .cue {{ margin-left: 22%; }}
  .parenthetical {{ margin-left: 10%; }}
  .dual {{ gap: 2ch; }}
  .dual .cue {{ margin-left: 0; font-weight: bold; }}
  .dual .parenthetical {{ margin-left: 0; }}
}}
"""


def style_sheet(sheet: Sheet, options: PageOptions) -> str:
    """Return the style sheet for a script on this paper."""
    return f"{_SCREEN}{_print(sheet, options)}"


def _print(sheet: Sheet, options: PageOptions) -> str:
    speech, (half, _) = sheet.speech, sheet.dual
    left, width = sheet.action.column, sheet.action.width
    right = sheet.points[0] / 72 - (left + width) / COLUMNS_PER_INCH
    bottom = sheet.points[1] / 72 - (sheet.top + sheet.rows) / sheet.lines_per_inch
    gap = width - 2 * half.dialogue.width
    line = 72 / sheet.lines_per_inch
    return f"""
@media print {{
  @page {{
    size: {options.size};
    margin: 1in {right - _IN_MARGIN / COLUMNS_PER_INCH:.4f}in {bottom:.4f}in {_inches(left - _IN_MARGIN)};
    @top-right {{
      content: counter(page) "."; padding-right: {_inches(_IN_MARGIN)};
      font: 12pt {_FONTS}; vertical-align: middle;
    }}
  }}
  @page :first {{ @top-right {{ content: none; }} }}
  @page title {{ counter-increment: page 0; @top-right {{ content: none; }} }}
  :root {{ --paper: #fff; --ink: #000; --faint: #000; color-scheme: light; }}
  body {{ max-width: none; padding: 0 {_inches(_IN_MARGIN)}; font-size: 12pt; }}
  body, html:lang(zh) {{ line-height: {line:g}pt; }}
  .skip, .scenes {{ display: none; }}
  .title-page {{
    page: title; break-after: page; position: relative; margin: 0;
    height: {sheet.rows * line - 1:g}pt; padding-top: {sheet.rows // 3 * line:g}pt;
  }}
  .title-page h1 {{ margin-bottom: {3 * line:g}pt; }}
  .title-page p + p {{ margin-top: {line:g}pt; }}
  .title-page .foot {{ position: absolute; bottom: 0; left: 0; right: 0; align-items: flex-end; }}
  h2, .act {{ margin-top: {2 * line:g}pt; }}
  h2 {{ font-weight: normal; break-after: avoid; position: relative; }}
  h2 .number {{ position: absolute; left: -{_inches(_NUMBER)}; margin: 0; }}
  h2 .number.right {{ float: none; left: auto; right: -{_inches(_NUMBER)}; width: {_inches(_NUMBER - 1)}; }}
  main p, .speech, .dual {{ margin-top: {line:g}pt; }}
  .speech p {{ margin-top: 0; }}
  main .new-page {{ break-before: page; padding-top: .1pt; }}
  main .new-page, .new-page > h2, main > :first-child, main > :first-child > :first-child {{ margin-top: 0; }}
  p {{ orphans: 2; widows: 2; }}
  .speech, main > section > .lyric {{
    margin-left: {_inches(speech.dialogue.column - left)}; max-width: {_inches(speech.dialogue.width)};
  }}
  .cue {{
    margin-left: {_inches(speech.cue.column - speech.dialogue.column)};
    margin-right: -{_inches(sheet.right - speech.dialogue.column - speech.dialogue.width)};
  }}
  .cue, .parenthetical {{ break-after: avoid; }}
  .parenthetical {{
    margin-left: {_inches(speech.parenthetical.column - speech.dialogue.column)};
    max-width: {_inches(speech.parenthetical.width)};
  }}
  .transition, .act-end {{ break-before: avoid; }}
  .act {{ break-after: avoid; }}
  .speech.short, .dual {{ break-inside: avoid; }}
  .dual {{ grid-template-columns: repeat(2, {_inches(half.dialogue.width)}); gap: {_inches(gap)}; }}
  .dual .speech {{ margin: 0; }}
  .dual .cue {{
    margin-left: {_inches(half.cue.column - half.dialogue.column)}; margin-right: 0; font-weight: normal;
  }}
  .dual .parenthetical {{ margin-left: {_inches(half.parenthetical.column - half.dialogue.column)}; }}
  .double .dialogue, .double .speech .lyric {{ line-height: {2 * line:g}pt; }}
  .revised::after {{ right: -{_inches(_NUMBER)}; }}
}}
"""


def _inches(columns: int) -> str:
    return f"{columns / COLUMNS_PER_INCH:g}in"
