"""Lambda's Invoke API, as boto3 speaks it.

Source: "Invoke" in the AWS Lambda API reference. A signature must be there but is not checked:
a caller that forgot it learns so here and not in the cloud, and loopback needs no more.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from local.lambda_service.contract import PAYLOAD_LIMIT, VERSION, InvokeAnswer
from local.lambda_service.http_server import HttpServer, ServedConnection, WholeRequest
from local.lambda_service.refusals import CallRefused, checked_client_context, too_large, unsigned

if TYPE_CHECKING:
    import asyncio

    from local.lambda_service.service import LambdaService

INVOCATIONS = re.compile(
    r"/2015-03-31/functions/([^/?]+)/invocations/?(?:\?(?:.*&)?Qualifier=([^&]*))?"
)


class InvokeApi:
    def __init__(self, service: LambdaService) -> None:
        self._service = service
        self._server = HttpServer(self._answer, body_limit=PAYLOAD_LIMIT)

    async def start(self, port: int) -> int:
        return await self._server.start(port)

    def close(self) -> None:
        self._server.close()

    def _answer(self, request: WholeRequest, connection: ServedConnection) -> None:
        try:
            self._invoke(request, connection)
        except CallRefused as refused:
            respond(connection, refused.invocation)

    def _invoke(self, request: WholeRequest, connection: ServedConnection) -> None:
        name = called_name(request)
        context = checked_client_context(request.headers.get("x-amz-client-context"))
        match request.headers.get("x-amz-invocation-type", "RequestResponse"):
            case "RequestResponse":
                running = self._service.begin(name, request.body, client_context=context)
                wants_tail = request.headers.get("x-amz-log-type") == "Tail"
                running.add_done_callback(
                    lambda done: respond_when_done(connection, done, wants_tail=wants_tail)
                )
            case "Event":
                later = self._service.begin_later(name, request.body, client_context=context)
                respond(connection, later)
            case "DryRun":
                _, call = self._service.accept(name, request.body, PAYLOAD_LIMIT)
                respond(connection, InvokeAnswer(status=204, request_id=call.request_id))
            case other:
                raise CallRefused(
                    400, "InvalidParameterValueException", f"Unknown invocation type {other}"
                )


def called_name(request: WholeRequest) -> str:
    """The function's name as it was called. Raises CallRefused for any other request."""
    found = INVOCATIONS.fullmatch(request.target)
    if found is None or request.method != "POST":
        raise CallRefused(404, "UnknownOperationException", "Only Invoke is served here.")
    if not request.headers.get("authorization", "").startswith("AWS4-"):
        raise unsigned()
    if request.is_too_long:
        raise too_large(PAYLOAD_LIMIT)
    name, qualifier = unquote(found[1]), unquote(found[2] or "")
    return f"{name}:{qualifier}" if qualifier else name


def respond_when_done(
    connection: ServedConnection, done: asyncio.Task[InvokeAnswer], *, wants_tail: bool
) -> None:
    if done.cancelled():  # the service is stopping
        connection.abort()
    elif (error := done.exception()) is not None:
        connection.respond(500, str(error).encode(), {"x-amzn-ErrorType": "ServiceException"})
    else:
        respond(connection, done.result(), wants_tail=wants_tail)


def respond(
    connection: ServedConnection, invocation: InvokeAnswer, *, wants_tail: bool = False
) -> None:
    headers = {"Content-Type": "application/json", "x-amzn-RequestId": invocation.request_id}
    if invocation.status == 200:
        headers["X-Amz-Executed-Version"] = VERSION
    if invocation.function_error is not None:
        headers["X-Amz-Function-Error"] = invocation.function_error
    if invocation.error_type is not None:
        headers["x-amzn-ErrorType"] = invocation.error_type
    if wants_tail:
        headers["X-Amz-Log-Result"] = base64.b64encode(invocation.log_tail).decode("ascii")
    connection.respond(invocation.status, invocation.payload, headers)
