"""One sign-in with a platform: where the browser is sent, and who came back.

Authlib speaks OAuth; tokens live as long as the question who somebody is.
"""

from __future__ import annotations

import logging

import httpx2
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import OAuth2Client

from waddlebot.domain.errors import Rejected, Unavailable
from waddlebot.outside.connecting import Transport, ending
from waddlebot.platforms.signing_in import SignedIn, SignIn

TIMEOUT = httpx2.Timeout(5.0, connect=1.0)
MOST_SECONDS = 8.0
"""Of the three calls together; the function has ten."""
AUTH_METHOD = "client_secret_post"
"""The one that all three platforms know."""
_VERIFIER_CHARACTERS = 48

log = logging.getLogger(__name__)


def new_verifier() -> str:
    verifier: str = generate_token(_VERIFIER_CHARACTERS)
    return verifier


def address(sign_in: SignIn, back: str, *, state: str, verifier: str) -> str:
    """Where the browser goes; `back` is where it is sent from there."""
    with _client(sign_in, back) as client:
        url, _ = client.create_authorization_url(
            sign_in.authorize_url, state=state, code_verifier=verifier
        )
    return str(url)


def who_came_back(sign_in: SignIn, back: str, *, code: str, verifier: str) -> SignedIn:
    """The account behind the code. The token is given back at once.

    Raises:
        Rejected: 400, the platform does not take the code.
        Unavailable: the platform does not answer, or in other words than documented.
    """
    with ending(MOST_SECONDS), _client(sign_in, back) as client:
        try:
            token = client.fetch_token(sign_in.token_url, code=code, code_verifier=verifier)
            told = client.get(sign_in.user_url, headers=dict(sign_in.user_headers))
            told.raise_for_status()
            account = sign_in.read_account(told.json())
        except OAuthError as error:
            log.info("sign-in refused", extra={"error": error.error, "at": sign_in.platform})
            raise Rejected(
                400, "NOT_SIGNED_IN", f"{sign_in.name} did not accept that. Try again."
            ) from error
        except (httpx2.HTTPError, ValueError, LookupError, TypeError, RecursionError) as error:
            log.warning("sign-in failed", extra={"error": type(error).__name__})
            raise Unavailable(sign_in.name) from error
        _give_back(client, sign_in, str(token["access_token"]))
    return account


def _give_back(client: OAuth2Client, sign_in: SignIn, token: str) -> None:
    """Nothing is done with it any more; one that stays ends by itself."""
    form = {
        "token": token,
        "client_id": sign_in.client_id,
        "client_secret": sign_in.client_secret,
    }
    try:
        client.post(sign_in.revoke_url, data=form)
    except httpx2.HTTPError as error:
        log.info("token was not given back", extra={"error": type(error).__name__})


def _client(sign_in: SignIn, back: str) -> OAuth2Client:
    return OAuth2Client(
        client_id=sign_in.client_id,
        client_secret=sign_in.client_secret,
        token_endpoint_auth_method=AUTH_METHOD,
        scope=sign_in.scope or None,
        redirect_uri=back,
        code_challenge_method="S256",
        timeout=TIMEOUT,
        # The platform's own hosts, as the operator named them: they are not checked.
        transport=Transport(),
    )
