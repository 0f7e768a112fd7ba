"""What lines of a community are called: one by one, as in chat."""

from __future__ import annotations

from fastapi import APIRouter

from functions.communities.asking import Wire, needs, told
from functions.communities.community_routes import AsUser, Body
from functions.communities.people_routes import AsModerator
from waddlebot.decisions.parts.aliases.deeds import remove_alias, rename_alias, set_alias
from waddlebot.domain.aliases import Alias, read_alias
from waddlebot.stores.aliases import list_aliases
from waddlebot_sdk.roles import Role

routes = APIRouter()


class AliasWanted(Body):
    """As in chat: a command, several with `&&` between, or what is said; `text:`, `random:`,
    `counter:` and `time:` say which."""

    name: str
    text: str


class AliasRenamed(Body):
    name: str
    to: str


@routes.get("/{community}/aliases", openapi_extra=needs(Role.USER))
def show_aliases(asked: AsUser) -> Wire:
    """By name."""
    kept = list_aliases(asked.postgres, asked.community)
    return told([_alias(read_alias(name, text)) for name, text in kept.items()])


@routes.put("/{community}/aliases", openapi_extra=needs(Role.MODERATOR))
def put_alias(body: AliasWanted, asked: AsModerator) -> Wire:
    """In place of the one of that name, if there is one."""
    with asked.editing() as edit:
        alias = set_alias(edit, asked.asker, name=body.name, text=body.text)
    return told(_alias(alias))


@routes.patch("/{community}/aliases", openapi_extra=needs(Role.MODERATOR))
def patch_alias(body: AliasRenamed, asked: AsModerator) -> Wire:
    """It is called otherwise; those that lead to it follow."""
    with asked.editing() as edit:
        name = rename_alias(edit, asked.asker, name=body.name, to=body.to)
    return told({"name": name})


@routes.delete("/{community}/aliases", openapi_extra=needs(Role.MODERATOR))
def delete_alias(name: str, asked: AsModerator) -> Wire:
    with asked.editing() as edit:
        alias = remove_alias(edit, asked.asker, name=name)
    return told(_alias(alias))


def _alias(alias: Alias) -> dict[str, str]:
    return {
        "name": alias.name,
        "kind": alias.kind.value,
        "text": alias.text,
        "usage": alias.usage,
    }
