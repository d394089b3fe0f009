"""Which addresses a message may be sent to. A name is looked up once, and what was checked is what is called."""

import queue
import socket
import threading
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[str]]

LOOKUP_SECONDS = 2.0
FORBIDDEN = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "100.64.0.0/10",  # shared by providers; one cloud keeps its metadata there
            "168.63.129.16/32",  # a cloud's own services, under an address that looks public
            "192.0.0.0/24",
            "192.88.99.0/24",
            "::/96",
            "100::/64",
            "fec0::/10",
        ),
    )
)
"""Beside what the registry of special addresses calls private, loopback, link-local, reserved or multicast."""
_EMBEDDING = ip_network("64:ff9b::/96")
_LOCAL_EMBEDDING = ip_network("64:ff9b:1::/48")


class Refused(Exception):
    """The address must not be called."""


class Unknown(Exception):
    """The name has no address, or the name servers did not answer in time."""


def resolved(host: str, port: int) -> list[str]:
    """The addresses of a name, in the system's order. Raises Unknown after LOOKUP_SECONDS.

    The system's look-up knows no time limit, so it runs aside and is left behind when it hangs.
    """
    answers: queue.SimpleQueue[list[str] | OSError | UnicodeError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([str(entry[4][0]) for entry in found])
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=look_up, daemon=True).start()
    try:
        answer = answers.get(timeout=LOOKUP_SECONDS)
    except queue.Empty:
        raise Unknown(f"the name servers did not answer within {LOOKUP_SECONDS:g} s") from None
    if isinstance(answer, OSError | UnicodeError):
        raise Unknown(str(answer)) from answer
    return answer


def allowed(host: str, port: int, *, allow_private: bool, resolve: Resolve = resolved) -> str:
    """The address to connect to. Raises Refused when any address of the name is one that we must not call: who
    mixes private and public addresses is mistaken or means harm. Raises Unknown when there is none."""
    literal = literal_address(host)
    found = list(dict.fromkeys([str(literal)] if literal else resolve(host, port)))
    if not found:
        raise Unknown("the name has no address")
    if not allow_private and (refused := [text for text in found if is_forbidden(text)]):
        raise Refused(refused[0])
    return found[0]


def literal_address(host: str) -> Address | None:
    """The address when the host is written as one, else None."""
    try:
        return ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None


def is_forbidden(text: str) -> bool:
    """Whether this is an address of this machine, of a private network or for a special purpose, also when it
    is wrapped in another kind of address."""
    address = ip_address(text.partition("%")[0])
    inner = _embedded(address)
    if inner is not None:
        return is_forbidden(str(inner))
    special = not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified
    return special or any(address in network for network in FORBIDDEN)


def _embedded(address: Address) -> IPv4Address | None:
    """The IPv4 address within a mapped, 6to4, Teredo or NAT64 address."""
    if isinstance(address, IPv4Address):
        return None
    if address.teredo:
        return address.teredo[1]
    if address in _EMBEDDING or address in _LOCAL_EMBEDDING:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
