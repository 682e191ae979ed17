"""Everything that Storyroom raises on purpose.

StoryroomError            what happened, and a hint of what to do
├── InputError            the caller gave something unusable (exit code 2)
│   ├── BibleError        series.yaml is missing, malformed or contradicts itself
│   ├── FormatError       a script file cannot be read or written
│   └── ScriptError       the scripted model has no answer for what it was asked
├── ModelError            a model cannot be fetched, loaded, reached or made to answer
│   ├── ModelAbsent       its file or server is not there
│   ├── ModelInterrupted  it broke off; asked again, it may well answer
│   └── ModelRefused      it is there, and must not or cannot do what was asked
│       └── GrammarRefused    it cannot write under the grammar of a call
├── MemoryFault           the ledger, the checkpoints or the index cannot be read or written
│   └── IndexStale        the index is damaged, or was built in another way
│       └── EmbedderChanged   another embedder built it
└── SessionError          a session is unknown, busy, finished or waiting for somebody
    ├── SessionBusy       another process advances it
    └── SessionPaused     it waits for a human (exit code 3)
"""


class StoryroomError(Exception):
    """The root of all errors of ours.

    Args:
        message: what happened, one or two sentences.
        hint: what the reader can do about it, as an instruction.
    """

    exit_code = 2

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\nhint: {self.hint}"


class InputError(StoryroomError):
    """The caller gave something unusable."""


class BibleError(InputError):
    """`series.yaml` is missing, malformed or contradicts itself."""


class FormatError(InputError):
    """A script file cannot be read or written."""


class ScriptError(InputError):
    """The scripted model has no answer for what it was asked."""


class ModelError(StoryroomError):
    """A model cannot be fetched, loaded, reached or made to answer."""


class ModelAbsent(ModelError):
    """The model's file or server is not there."""


class ModelInterrupted(ModelError):
    """The model broke off in the middle of an answer; asked again, it may well answer."""


class ModelRefused(ModelError):
    """The model is there, and must not or cannot do what was asked."""


class GrammarRefused(ModelRefused):
    """The runtime cannot write under the grammar of a call; another form may do."""


class MemoryFault(StoryroomError):
    """The ledger, the checkpoints or the index cannot be read or written."""


class IndexStale(MemoryFault):
    """The index was built by another embedder, or is damaged."""


class EmbedderChanged(IndexStale):
    """Another embedder built the index, or another version of it."""


class SessionError(StoryroomError):
    """A session is unknown, busy, finished or waiting for somebody."""


class SessionBusy(SessionError):
    """Another process advances this session."""


class SessionPaused(SessionError):
    """The session waits for a human."""

    exit_code = 3
