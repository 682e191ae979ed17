"""How the page of debates looks: on screens wide and narrow, light and dark, and on paper."""

STYLE = """
:root {
  color-scheme: light dark;
  --ink: #1c1c1a; --paper: #fdfdfb; --card: #fff; --faint: #5d5d58; --rule: #d9d8d2; --link: #0b4a8a;
  --gone: #8a0d1f; --gone-paper: #ffe6e6; --new: #0b5320; --new-paper: #e0f5e4;
  --good: #14612a; --bad: #93341c; --still: #5c4a00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e9e8e4; --paper: #161615; --card: #1e1e1c; --faint: #a9a8a2; --rule: #43423e; --link: #9cc7ff;
    --gone: #ffb3b8; --gone-paper: #47191f; --new: #a6e9b3; --new-paper: #143b1e;
    --good: #8fdca2; --bad: #f5a98f; --still: #e6cf7a;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0 auto; max-width: 50rem; padding: 1.5rem 1.25rem 4rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", "PingFang SC", "Microsoft YaHei",
    "Noto Sans CJK SC", sans-serif;
}
a { color: var(--link); }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { position: static; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .2rem; }
h2 { font-size: 1.25rem; margin: 3rem 0 .5rem; padding-top: .8rem; border-top: 2px solid var(--rule); }
h3 { font-size: 1rem; margin: 0; }
h4 { font-size: .95rem; margin: 1.5rem 0 .3rem; }
h2 small { display: block; font: .85rem/1.4 "Courier Prime", "Courier New", Courier, monospace;
  color: var(--faint); }
p { margin: .4rem 0; }
.faint, time, .turn { color: var(--faint); font-size: .85rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0; }
td, tbody th { border-top: 1px solid var(--rule); }
tbody th { font-weight: normal; }
thead th { color: var(--faint); font-weight: normal; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem .9rem; margin: .5rem 0 1rem;
  font-size: .9rem; }
dt { color: var(--faint); }
dd { margin: 0; }
article { background: var(--card); border: 1px solid var(--rule); border-radius: .4rem; margin: 1rem 0;
  padding: .8rem 1rem; border-left-width: .3rem; }
article > header { display: flex; flex-wrap: wrap; gap: .2rem .8rem; justify-content: space-between; }
.fate { font-weight: 600; }
.settled, .withdrawn, .upheld { border-left-color: var(--good); }
.overruled, .rejected { border-left-color: var(--bad); }
.open, .sent_back { border-left-color: var(--still); }
.settled .fate, .withdrawn .fate, .upheld .fate { color: var(--good); }
.overruled .fate, .rejected .fate { color: var(--bad); }
.open .fate, .sent_back .fate { color: var(--still); }
blockquote, .change {
  font-family: "Courier Prime", "Courier New", Courier, "Noto Sans Mono CJK SC", monospace;
  overflow-wrap: anywhere; white-space: pre-wrap; }
blockquote { margin: .6rem 0; padding: .1rem 0 .1rem .8rem; border-left: 2px solid var(--rule); }
ol.said { list-style: none; margin: .6rem 0 0; padding: 0; }
ol.said > li { padding: .35rem 0 .35rem .8rem; border-left: 2px solid var(--rule); }
ol.said .verb { font-weight: 600; }
.change { margin: .3rem 0; }
.tag { border: 1px solid var(--rule); border-radius: 1rem; padding: 0 .55rem; font-size: .8rem;
  white-space: nowrap; }
del { color: var(--gone); background: var(--gone-paper); text-decoration: line-through; }
ins { color: var(--new); background: var(--new-paper); text-decoration: underline; }
ul { padding-left: 1.2rem; }
@media (max-width: 36rem) {
  body { padding: 1rem .8rem 3rem; }
  dl { grid-template-columns: 1fr; }
  dd { margin-bottom: .4rem; }
}
@media print {
  :root { --ink: #000; --paper: #fff; --card: #fff; --faint: #444; --rule: #999; --link: #000; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2, h3, dl, article > header, blockquote { break-after: avoid; }
  h2, tr, dl, blockquote, ol.said > li { break-inside: avoid; }
  a { text-decoration: none; }
  .skip { display: none; }
  del, ins { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
