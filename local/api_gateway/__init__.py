"""API Gateway's HTTP API on one machine: requests in, Lambda events out."""

from local.api_gateway.front import HttpFront
from local.api_gateway.routes import GatewayRoute

__all__ = ["GatewayRoute", "HttpFront"]
