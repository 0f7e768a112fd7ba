"""What S3 says no with, in its own XML."""

from __future__ import annotations

from xml.sax.saxutils import escape

from local.stand_ins.asgi import AsgiAnswer

STATUS = {
    "AccessDenied": 403,
    "EntityTooLarge": 400,
    "EntityTooSmall": 400,
    "InvalidAccessKeyId": 403,
    "InvalidArgument": 400,
    "MalformedPOSTRequest": 400,
    "MethodNotAllowed": 405,
    "NoSuchBucket": 404,
    "NoSuchKey": 404,
    "RequestTimeTooSkewed": 403,
    "SignatureDoesNotMatch": 403,
    "XAmzContentSHA256Mismatch": 400,
}


class StoreRefused(Exception):
    """`code` is S3's."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code

    def as_answer(self) -> AsgiAnswer:
        said = f"<Code>{self.code}</Code><Message>{escape(str(self))}</Message>"
        body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{said}</Error>'
        headers = {"content-type": "application/xml"}
        return AsgiAnswer(status=STATUS[self.code], headers=headers, body=body.encode())
