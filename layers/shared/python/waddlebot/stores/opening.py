"""Places that nobody has seen before, and the communities that they found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from waddlebot.domain.entities import EntityId, home_of, parse_entity
from waddlebot.stores.postgres import Connection
from waddlebot.stores.versions import new_token


def open_places(connection: Connection, entities: Iterable[EntityId]) -> None:
    """Makes rows for the places that have none.

    A new channel of a known server joins that server's community; else the place, or its server,
    founds a community that is named after it. Two processes at once found one.
    """
    places = [(entity, parse_entity(entity)) for entity in sorted(set(entities))]
    params = {
        "entities": [entity for entity, _ in places],
        "platforms": [place.platform for _, place in places],
        "servers": [place.server for _, place in places],
        "homes": [home_of(entity) for entity, _ in places],
    }
    alone = connection.execute(
        """
        SELECT DISTINCT home FROM unnest(
            %(entities)s::text[], %(platforms)s::text[], %(servers)s::text[], %(homes)s::text[]
        ) AS place (entity_id, platform, server_id, home)
        WHERE NOT EXISTS (
            SELECT FROM entities AS known WHERE known.entity_id = place.entity_id
        ) AND NOT EXISTS (
            SELECT FROM entities AS known
            WHERE known.platform = place.platform AND known.server_id = place.server_id
        )
        """,
        params,
    ).fetchall()
    if alone:
        found_communities(connection, [row["home"] for row in alone])
    connection.execute(
        """
        INSERT INTO entities (entity_id, platform, server_id, community_id)
        SELECT entity_id, platform, server_id, coalesce((
            SELECT community_id FROM entities AS known
            WHERE known.platform = place.platform AND known.server_id = place.server_id
            ORDER BY created_at, entity_id LIMIT 1
        ), (
            SELECT id FROM communities WHERE communities.home = place.home
        )) FROM unnest(
            %(entities)s::text[], %(platforms)s::text[], %(servers)s::text[], %(homes)s::text[]
        ) AS place (entity_id, platform, server_id, home)
        ORDER BY entity_id
        ON CONFLICT (entity_id) DO NOTHING
        """,
        params,
    )


def found_communities(connection: Connection, homes: Sequence[str]) -> None:
    """One for each home that has none; what another is called keeps no home from its own.

    Whichever unique column is met first, another process has founded it meanwhile: it is there.
    """
    connection.execute(
        """
        INSERT INTO communities (name, home, version)
        SELECT CASE WHEN EXISTS (SELECT FROM communities WHERE name = new.home)
            THEN new.home || ' ' || %(version)s ELSE new.home END, new.home, %(version)s
        FROM unnest(%(homes)s::text[]) AS new (home) ORDER BY new.home
        ON CONFLICT DO NOTHING
        """,
        {"homes": list(homes), "version": new_token()},
    )
