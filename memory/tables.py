"""The tables of the ledger.

Rows are added and never rewritten; the only statement that removes any is a human's `delete`. Large
bodies (drafts, prompt segments, answers) are zstandard-compressed JSON or text. Times are ISO 8601 in UTC.
The schema is versioned: a change here goes with a new file in `memory/migrations/versions`.
"""

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

# A draft is addressed by its content: the same brief written twice is one row.
drafts = Table(
    "drafts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created", String(32), nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("episode", Integer, nullable=False),
    Column("bible", ForeignKey("drafts.id"), nullable=False),
    Column("settings", LargeBinary, nullable=False),
    Column("parent", ForeignKey("sessions.id")),
    Column("start_at", String(32)),
    Column("start_head", String(32)),
    Column("created", String(32), nullable=False),
)

# A script version names its parent and the one draft it changed, like a commit.
versions = Table(
    "versions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("parent", String(32)),
    Column("session", ForeignKey("sessions.id"), nullable=False),
    Column("slot", String(16), nullable=False),
    Column("draft", ForeignKey("drafts.id"), nullable=False),
    Column("task", String(32), nullable=False),
    Column("depth", Integer, nullable=False),
    Column("created", String(32), nullable=False),
    Index("versions_by_session", "session", "depth"),
)

# What a task read before it began; a second run of the task reads exactly this.
readings = Table(
    "readings",
    metadata,
    Column("task", String(32), primary_key=True),
    Column("session", ForeignKey("sessions.id"), nullable=False),
    Column("body", Text, nullable=False),
    Column("created", String(32), nullable=False),
)

turns = Table(
    "turns",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("session", ForeignKey("sessions.id"), nullable=False),
    Column("task", String(32), nullable=False),
    Column("head", String(32)),
    Column("stage", String(16), nullable=False),
    Column("scene", Integer),
    Column("pass", Integer, key="pass_", nullable=False),
    Column("round", Integer, nullable=False),
    Column("role", String(64), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("actor", String(160), nullable=False),
    Column("about", String(32)),
    Column("produced", String(32)),
    Column("new_head", String(32)),
    Column("body", LargeBinary, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("created", String(32), nullable=False),
    Index("turns_by_session", "session", "stage", "scene"),
    Index("turns_by_task", "task"),
)

segments = Table(
    "segments",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

calls = Table(
    "calls",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("session", ForeignKey("sessions.id"), nullable=False),
    Column("task", String(32), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("label", String(160), nullable=False),
    Column("model", String(240), nullable=False),
    Column("prompt", Text, nullable=False),
    Column("options", Text, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("faults", Text, nullable=False),
    Column("prompt_tokens", Integer, nullable=False),
    Column("cached_tokens", Integer, nullable=False),
    Column("new_tokens", Integer, nullable=False),
    Column("first_token_seconds", Float),
    Column("seconds", Float, nullable=False),
    Column("finish_reason", String(32), nullable=False),
    Column("created", String(32), nullable=False),
    Index("calls_by_task", "task"),
    Index("calls_by_session", "session"),
)

# Everything that humans say while a session exists; a session of NULL speaks to the whole series.
inbox = Table(
    "inbox",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("session", ForeignKey("sessions.id")),
    Column("kind", String(16), nullable=False),
    Column("member", String(80)),
    Column("body", LargeBinary, nullable=False),
    Column("created", String(32), nullable=False),
    Index("inbox_by_session", "session", "kind"),
)

# What was put before a member in a seat; it is open until the inbox holds an answer to it.
asks = Table(
    "asks",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("session", ForeignKey("sessions.id"), nullable=False),
    Column("member", String(80), nullable=False),
    Column("task", Text, nullable=False),
    Column("sheet", LargeBinary, nullable=False),
    Column("created", String(32), nullable=False),
    Index("asks_by_session", "session"),
)

# An episode of the series' canon: remembered from a file, or locked from a session. The newest row of a
# number is the one that holds; the older ones were superseded by it.
episodes = Table(
    "episodes",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("number", Integer, nullable=False),
    Column("title", String(240), nullable=False),
    Column("origin", String(16), nullable=False),
    Column("source", String(400), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("session", ForeignKey("sessions.id")),
    Column("created", String(32), nullable=False),
    Index("episodes_by_number", "number", "seq"),
)

episode_scenes = Table(
    "episode_scenes",
    metadata,
    Column("episode", ForeignKey("episodes.id"), primary_key=True),
    Column("scene", Integer, primary_key=True),
    Column("draft", ForeignKey("drafts.id"), nullable=False),
)

# Who is present in a scene, worked out from its elements. It depends on which names are known, so each row
# says for which people it holds (a digest); a bible that learns a name gets rows of its own.
presences = Table(
    "presences",
    metadata,
    Column("draft", ForeignKey("drafts.id"), primary_key=True),
    Column("people", String(32), primary_key=True),
    Column("body", Text, nullable=False),
    Column("created", String(32), nullable=False),
)

# What humans settled about spellings: `MARAH` is Mara. The newest row of a spelling is the one that holds.
namings = Table(
    "namings",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("spelling", String(120), nullable=False),
    Column("name", String(120), nullable=False),
    Column("created", String(32), nullable=False),
)

# What holds in the story and is no copy of the bible: said by a member, planned by an outline, or read out of
# a draft. A fact of a draft belongs to every script version that names the draft.
facts = Table(
    "facts",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("draft", ForeignKey("drafts.id")),
    Column("session", ForeignKey("sessions.id")),
    Column("body", Text, nullable=False),
    Column("created", String(32), nullable=False),
    Index("facts_by_draft", "draft"),
)

# Which facts a reader found in a draft, by their ids. A reader is named with its version: a better one reads
# the draft again, and what it found takes the place of what the older one did.
fact_readings = Table(
    "fact_readings",
    metadata,
    Column("draft", ForeignKey("drafts.id"), primary_key=True),
    Column("reader", String(80), primary_key=True),
    Column("facts", Text, nullable=False),
    Column("created", String(32), nullable=False),
)

# What humans decided about facts. No foreign key names the fact: those of the bible are in no table.
fact_marks = Table(
    "fact_marks",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("fact", String(40), nullable=False),
    Column("session", ForeignKey("sessions.id")),
    Column("body", Text, nullable=False),
    Column("created", String(32), nullable=False),
    Index("fact_marks_by_fact", "fact"),
)

exports = Table(
    "exports",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("session", ForeignKey("sessions.id"), nullable=False),
    Column("head", String(32), nullable=False),
    Column("format", String(16), nullable=False),
    Column("path", String(1000), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("created", String(32), nullable=False),
)
