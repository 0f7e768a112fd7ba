"""AWS Lambda on one machine: functions in processes of their own behind the Invoke API."""

from local.lambda_service.contract import InvokeAnswer, LocalFunction
from local.lambda_service.fork_server import ForkServerFailed
from local.lambda_service.service import LambdaService

__all__ = ["ForkServerFailed", "InvokeAnswer", "LambdaService", "LocalFunction"]
