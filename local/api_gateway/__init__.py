"""API Gateway on one machine: requests and sockets in, Lambda events out."""

from local.api_gateway.front import HttpFront
from local.api_gateway.open_sockets import SocketLimits
from local.api_gateway.routes import GatewayRoute
from local.api_gateway.socket_front import Fronts, OpenSockets, SocketApi, SocketFront

__all__ = [
    "Fronts",
    "GatewayRoute",
    "HttpFront",
    "OpenSockets",
    "SocketApi",
    "SocketFront",
    "SocketLimits",
]
