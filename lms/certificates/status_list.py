"""Which credentials are revoked, as a bit each (W3C Bitstring Status List 1.0). Pure functions."""

import gzip
from collections.abc import Iterable

from lms.certificates.signing import encoded

BITS = 17
SIZE = 1 << BITS
"""Entries of one list: 131,072, the fewest the specification allows, so that none tells which one is asked for."""

_SCATTER = 0x9E3779B1
"""Odd, so that multiplying permutes the places of a list: neighbours in a list were not issued one after another."""


def place(certificate_id: int) -> tuple[int, int]:
    """(list, index) of a certificate: no two have the same, and it never changes."""
    return certificate_id >> BITS, certificate_id * _SCATTER % SIZE


def ids(list_number: int) -> range:
    """The certificates whose entries are in a list."""
    return range(list_number << BITS, (list_number + 1) << BITS)


def encoded_list(certificate_ids: Iterable[int]) -> str:
    """`encodedList` with the bits of these certificates set: gzip, then base 64 with the multibase prefix `u`."""
    bits = bytearray(SIZE // 8)
    for certificate_id in certificate_ids:
        _, index = place(certificate_id)
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + encoded(gzip.compress(bytes(bits), mtime=0))
