"""No address that somebody gave leads anywhere but to the open internet."""

import socket
import time

import pytest

from tests.helpers.patience import was_within
from waddlebot.domain.errors import Refusal
from waddlebot.domain.web_addresses import read_web_address
from waddlebot.outside.addresses import is_public, public_addresses
from waddlebot.outside.errors import NotPublic, NotReached

PUBLIC = "93.184.216.34"


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:220:1:248:1893:25c8:1946"])
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "169.254.169.254",
        "169.254.170.2",
        "168.63.129.16",
        "100.64.0.1",
        "100.100.100.200",
        "192.0.0.192",
        "198.18.0.1",
        "203.0.113.7",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        f"::ffff:{PUBLIC}",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        f"64:ff9b::{PUBLIC}",
        "64:ff9b:1::1",
        "2002:7f00:1::1",
        "2001:0:7f00:1::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "2606:2800:220:1:248:1893:25c8:1946%lo",
        "3fff::1",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "2130706433",
        "127.1",
        "",
        "localhost",
    ],
)
def test_no_other_address_is_public_however_it_is_written(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "text",
    [
        "http://example.com/hook",
        "ftp://example.com",
        "example.com/hook",
        "https://",
        "https:///hook",
        "https://localhost/hook",
        "https://127.0.0.1/",
        "https://93.184.216.34/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://evil.0x7f/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[fe80::1%25eth0]/",
        "https://user:password@example.com/",
        "https://example.com@127.0.0.1/",
        "https://example.com\\@127.0.0.1/",
        "https://example.com:22/",
        "https://example.com:99999/",
        "https://example.com:x/",
        "https://exa mple.com/",
        "https://example.com/\r\nX-Evil: 1",
        "https://\uff11\uff12\uff17.0.0.1/",
        "https://127\u30020\u30020\u30021/",
        "https://-example.com/",
        "https://a..b/",
        f"https://{'a' * 64}.com/",
        f"https://example.com/{'a' * 300}",
    ],
)
def test_what_is_no_address_of_the_open_web_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_web_address(text)
    assert refused.value.say.endswith((".", "…"))


def test_an_address_is_kept_as_everybody_reads_it() -> None:
    read = read_web_address(" HTTPS://Hooks.Example.com.:8443/Line?a=%C3%A9#part ")
    assert (read.host, read.port, read.target) == ("hooks.example.com", 8443, "/Line?a=%C3%A9")
    assert str(read) == "https://hooks.example.com:8443/Line?a=%C3%A9"
    assert str(read_web_address("https://example.com:443")) == "https://example.com/"


def look(*addresses: str, seconds: float = 5) -> tuple[str, ...]:
    return public_addresses(
        "hook.example", 443, resolver=lambda *_: list(addresses), seconds=seconds
    )


def test_a_name_with_one_private_address_among_others_is_tried_at_none() -> None:
    assert look(PUBLIC) == (PUBLIC,)
    with pytest.raises(NotPublic, match="private network"):
        look(PUBLIC, "169.254.169.254")


def test_a_name_that_is_not_there_is_not_reached() -> None:
    def nobody(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    with pytest.raises(NotReached):
        public_addresses("hook.example", 443, resolver=nobody, seconds=5)
    with pytest.raises(NotReached):
        look()


def test_a_silent_name_server_holds_nobody_longer_than_the_deadline() -> None:
    def silent(_host: str, _port: int) -> list[str]:
        time.sleep(20)
        return [PUBLIC]

    began = time.monotonic()
    with pytest.raises(NotReached):
        public_addresses("hook.example", 443, resolver=silent, seconds=0.2)
    assert was_within(5, began)
