"""The HTTP clients that a server is reached with."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx
import openai
from pydantic import SecretStr


class Client(httpx.Client):
    """A client for calls, which are not made again when the server has been silent for too long.

    OpenAI's client, which sends through it, makes a call again that could not begin: after a connection that
    was refused or dropped, after 429 and 5xx. After a silence that would only lengthen the server's queue.
    """

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """Send a request.

        Raises:
            openai.OpenAIError: the server was silent, or answered with a web page; not asked again.
        """
        try:
            return without_page(super().send(request, **options))
        except httpx.ReadTimeout as error:
            raise openai.APITimeoutError(request=request) from error  # type: ignore[arg-type]


class AsyncClient(httpx.AsyncClient):
    """The same for asynchronous calls."""

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """Send a request.

        Raises:
            openai.OpenAIError: the server was silent, or answered with a web page; not asked again.
        """
        try:
            return without_page(await super().send(request, **options))
        except httpx.ReadTimeout as error:
            raise openai.APITimeoutError(request=request) from error  # type: ignore[arg-type]


def clients(url: str, timeout: float | None) -> tuple[Client, AsyncClient]:
    """Return clients for the calls of a server.

    Args:
        timeout: seconds that it may stay silent; None waits for ever.
    """
    # No connection outlives its call: an async client that keeps some is tied to one event loop.
    shared: dict[str, Any] = {
        "trust_env": trusts_environment(url),
        "timeout": timeout,
        "limits": httpx.Limits(max_keepalive_connections=0),
    }
    return Client(**shared), AsyncClient(**shared)


def meta_client(url: str, key: SecretStr, *, timeout: float | None, keep: bool = True) -> httpx.Client:
    """Return a client for a server's own pages, such as `/props`, below its root and not below `/v1`.

    Args:
        keep: whether connections are used again. Servers close one after a stream or a failure, and a request
            that is on its way then is lost.
    """
    return httpx.Client(
        limits=httpx.Limits(max_keepalive_connections=None if keep else 0),
        base_url=url.removesuffix("/v1"),
        headers={"Authorization": f"Bearer {key.get_secret_value()}"},
        timeout=timeout,
        trust_env=trusts_environment(url),
    )


def trusts_environment(url: str) -> bool:
    """Whether proxy settings count for an address: never for loopback, or prompts would go to the proxy."""
    host = urlsplit(url).hostname or ""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"


def without_page(response: httpx.Response) -> httpx.Response:
    """Return an answer that is no web page; the client would read one as a stream without events.

    Raises:
        openai.APIResponseValidationError: it is one; the client passes this on and does not ask again.
    """
    if response.is_success and "html" in response.headers.get("content-type", ""):
        raise openai.APIResponseValidationError(response, None, message="it answers with a web page")  # type: ignore[arg-type]
    return response
