"""What can go wrong in a call of a server, as errors of ours: what to do, and whether asking again helps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import openai

from storyroom.errors import GrammarRefused, ModelAbsent, ModelError, ModelInterrupted, ModelRefused

_ABOUT_GRAMMAR = re.compile("grammar|gbnf|guided|structured", re.IGNORECASE)
_LONGEST = 300
_RESUME = "Look at the server's log, and resume when it answers again."
_NO_API = "Check that the URL is that of an OpenAI-compatible server; it usually ends in /v1."


class Progress:
    """How far the stream of one answer has come.

    Attributes:
        begun: something of the answer has come.
        finished: the server has said that the answer is whole.
    """

    begun = False
    finished = False


@contextmanager
def errors_as_ours(spec: str, progress: Progress, *, grammar: bool = False) -> Iterator[None]:
    """Turn whatever a stream ends with, other than a whole answer, into an error of ours.

    The client asks again by itself for calls that could not begin, so only what happens to a stream that has
    begun is `ModelInterrupted`. A stream that breaks behind the end of its answer has lost nothing.

    Args:
        grammar: whether the answer was asked for under a grammar.
    """
    try:
        yield
        if not progress.finished:
            # Without this, half an answer would pass for a whole one.
            raise _broken_off(spec)
    except (openai.APIError, httpx.HTTPError, TimeoutError, ValueError) as error:
        if not progress.finished:
            raise _as_ours(spec, error, progress, grammar) from error


def gone(spec: str, error: Exception) -> ModelAbsent:
    """Return the error for a server that cannot be reached."""
    return ModelAbsent(
        f"The server of {spec} cannot be reached: {_line(error)}",
        hint="Start the server, check the URL, and resume.",
    )


def _as_ours(spec: str, error: Exception, progress: Progress, grammar: bool) -> ModelError:
    if isinstance(error, openai.APITimeoutError | TimeoutError | httpx.TimeoutException):
        kind = ModelInterrupted if progress.begun else ModelError
        return kind(
            f"The server of {spec} has been silent for too long.",
            hint="Look at the server's log, or raise STORYROOM_TIMEOUT (seconds).",
        )
    if isinstance(error, openai.APIConnectionError | httpx.HTTPError):
        unreached = isinstance(_first(error), httpx.ConnectError | httpx.ConnectTimeout)
        return gone(spec, error) if unreached else _broken_off(spec)
    if isinstance(error, openai.APIStatusError):
        return _status_as_ours(spec, error, grammar)
    if isinstance(error, openai.APIResponseValidationError) or not isinstance(error, openai.APIError):
        kind = ModelInterrupted if progress.begun else ModelError
        said = f"The server of {spec} gave an answer that cannot be read: {_line(error)}"
        return kind(said, hint=_RESUME if progress.begun else _NO_API)
    # An error as an event of the stream.
    if grammar and not progress.begun and _ABOUT_GRAMMAR.search(str(error)):
        return _grammar_refused(spec, _line(error))
    return ModelInterrupted(f"The server of {spec} failed in its answer: {_line(error)}", hint=_RESUME)


def _status_as_ours(spec: str, error: openai.APIStatusError, grammar: bool) -> ModelError:
    # FastAPI's servers, `transformers serve` among them, put their reason where the client does not look.
    detail = error.body.get("detail") if isinstance(error.body, dict) else None
    reason = f"{_line(error)} {detail or ''}".strip()[:_LONGEST]
    said = f"The server of {spec} refused the call ({error.status_code}): {reason}"
    match error.status_code:
        case 401 | 403:
            return ModelRefused(said, hint="Put the server's key into STORYROOM_API_KEY.")
        case 404:
            return ModelAbsent(said, hint="Check the model's name and that the URL ends in /v1.")
        case 400 | 422 if grammar and _ABOUT_GRAMMAR.search(reason):
            return _grammar_refused(spec, reason)
        case 400 | 413 | 422:
            return ModelRefused(said, hint="The request is not one that this model or server can take.")
        case _:
            return ModelError(said, hint=_RESUME)


def _grammar_refused(spec: str, reason: str) -> GrammarRefused:
    return GrammarRefused(
        f"The server of {spec} does not take the grammar: {reason}",
        hint='Let `storyroom models probe` find out what it takes, or open it with grammar="none".',
    )


def _broken_off(spec: str) -> ModelInterrupted:
    return ModelInterrupted(f"The server of {spec} broke off in the middle of its answer.", hint=_RESUME)


def _first(error: BaseException) -> BaseException:
    """Return what an error came from in the end: the client and LangChain each wrap it once more."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def _line(error: Exception) -> str:
    """The error's text on one line of bounded length; it is a server's word and may be a whole page."""
    return " ".join((str(error) or type(error).__name__).split())[:_LONGEST]
