"""The episodes that are canon: remembered from files, or locked from sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal
from uuid import uuid4

from pydantic import BaseModel
from sqlalchemy import Connection, insert

from storyroom.memory.database import Database, among, now
from storyroom.memory.tables import episode_scenes, episodes

Origin = Literal["remembered", "locked"]


class Episode(BaseModel, frozen=True):
    """An episode of the canon.

    Attributes:
        source: name of the file it was read from, or the head it was locked at.
        sha256: of the file, or of the Fountain text that was locked.
        scenes: draft id of each scene, by number.
    """

    id: str
    number: int
    title: str
    origin: Origin
    source: str
    sha256: str
    session: str | None
    created: str
    scenes: dict[int, str]


class Episodes:
    """Reads the canon's episodes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def canon(self) -> list[Episode]:
        """Return the episode that holds for each number, in order of their numbers."""
        newest = "SELECT max(seq) FROM episodes GROUP BY number"
        rows = self._database.rows(f"SELECT * FROM episodes WHERE seq IN ({newest}) ORDER BY number")
        scenes = self._scenes([row["id"] for row in rows])
        return [
            Episode(
                **{name: row[name] for name in Episode.model_fields if name != "scenes"},
                scenes=scenes.get(row["id"], {}),
            )
            for row in rows
        ]

    def _scenes(self, ids: Sequence[str]) -> dict[str, dict[int, str]]:
        """Return the scenes of each of these episodes."""
        found: dict[str, dict[int, str]] = {}
        query = f"SELECT * FROM episode_scenes WHERE episode IN {among(ids)} ORDER BY scene"
        for row in self._database.rows(query, ids):
            found.setdefault(row["episode"], {})[row["scene"]] = row["draft"]
        return found

    def newest(self, number: int) -> Episode | None:
        """Return the episode that holds for a number."""
        return next((episode for episode in self.canon() if episode.number == number), None)


def put_episode(
    connection: Connection,
    *,
    number: int,
    title: str,
    origin: Origin,
    source: str,
    sha256: str,
    scenes: Mapping[int, str],
    session: str | None = None,
) -> str:
    """Make an episode canon; it supersedes the one that had its number."""
    episode_id = uuid4().hex[:12]
    connection.execute(
        insert(episodes).values(
            id=episode_id,
            number=number,
            title=title,
            origin=origin,
            source=source,
            sha256=sha256,
            session=session,
            created=now(),
        )
    )
    if scenes:
        rows = [{"episode": episode_id, "scene": scene, "draft": draft} for scene, draft in scenes.items()]
        connection.execute(insert(episode_scenes), rows)
    return episode_id
