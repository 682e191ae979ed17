"""Debates to be read, in English and Chinese: as Markdown, as one page of HTML, as JSON.

transcript = transcript_of(ledger, debate, "en")     storyroom.transcripts.transcript
as_markdown([transcript])                            storyroom.transcripts.markdown
as_html([transcript], "en", title=…, about=…)        storyroom.transcripts.html
as_json(ledger, debate)                              storyroom.transcripts.json
"""
