import ipaddress
import random

import pytest

from antiphon.components.addresses import inside

PRIVATE = """
0.0.0.0 10.1.2.3 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 168.63.129.16 169.254.169.254 172.16.0.1
172.31.255.255 192.0.0.192 192.168.1.1 198.18.0.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:a9fe:a9fe ::127.0.0.1 fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254 fec0::1
ff02::1 ff0e::1 64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b:1::10.0.0.1 2002:7f00:1:: 2002:a9fe:a9fe::1 100::1
2001:0:7f00:1::1 2001:db8::1 4000::1
"""
PUBLIC = """
1.1.1.1 8.8.8.8 93.184.215.14 100.128.0.1 172.32.0.1 192.167.255.255 2606:4700:4700::1111 2a00:1450:4007:80e::200e
::ffff:8.8.8.8 64:ff9b::8.8.8.8 2002:808:808::1
"""


@pytest.mark.parametrize("address", PRIVATE.split())
def test_inside(address: str) -> None:
    """An address that leads inside is named, however it is wrapped."""
    assert inside(address) != ""


@pytest.mark.parametrize("address", PUBLIC.split())
def test_outside(address: str) -> None:
    """An address of the public internet leads nowhere inside."""
    assert inside(address) == ""


def test_never_laxer_than_python() -> None:
    """What the standard library calls not global is inside for us too."""
    chance = random.Random(7)
    for _ in range(20_000):
        address = ipaddress.IPv4Address(chance.getrandbits(32))
        assert address.is_global or inside(str(address)), address
