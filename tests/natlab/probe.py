"""What stands before a peer, measured: RFC 5780 without STUN, as both ends are ours.

A socket of the peer writes to sockets of the servers' box, which see where that comes from (mapping), and write back
from where they were and were not written to (filtering).
"""

import contextlib
import os
import select
import socket
from dataclasses import dataclass

PATIENCE = 0.4  # an answer takes a round trip
COPIES = 4      # links may lose some


@dataclass(frozen=True)
class Behaviour:
    """Of one family. A word of RFC 4787 (EI, AD, APD), "none" where the address is the peer's own, "" where nothing
    passes."""
    mapping: str = ''
    filtering: str = ''
    keeps_port: bool = False
    hairpin: bool = False

    def __str__(self):
        if not self.mapping:
            return '-'
        return f'{self.mapping}/{self.filtering}' + '+port' * self.keeps_port + '+hairpin' * self.hairpin


def stun_answers(address, port):
    """Does a STUN server answer, seen from this thread's network?"""
    family = socket.AF_INET6 if ':' in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.settimeout(0.3)
        with contextlib.suppress(OSError):
            sock.sendto(b'\x00\x01\x00\x00\x21\x12\xa4\x42' + os.urandom(12), (address, port))
            return sock.recv(1500)[:2] == b'\x01\x01'
    return False


class Probe:
    def __init__(self, world):
        self.world = world

    def _sockets(self, box, family, *addresses):
        made = []
        with box.inside():
            for address in addresses:
                sock = socket.socket(family, socket.SOCK_DGRAM)
                sock.bind((address, 0))
                made.append(sock)
        return made

    def _receive(self, sock, token):
        """Where the datagram came from, or None if it does not come."""
        while select.select([sock], [], [], PATIENCE)[0]:
            data, source = sock.recvfrom(100)
            if data == token:
                return source[:2]
        return None

    def _passes(self, source, target, address):
        token = os.urandom(16)
        for _ in range(COPIES):
            with contextlib.suppress(OSError):
                source.sendto(token, address)
        return self._receive(target, token)

    def _mapping(self, own, servers):
        """(mapping, where the first server saw us)"""
        seen = [self._passes(own, server, server.getsockname()[:2]) for server in servers]
        if None in seen:
            return '', None
        first, other_port, other_address = seen
        if first == other_port == other_address:
            return 'EI', first
        return ('AD' if first == other_port else 'APD'), first

    def _filtering(self, box, family, servers):
        """Who may write to a socket that wrote to the first server only."""
        first, other_port, other_address = servers
        own, = self._sockets(box, family, '')
        with own:
            seen = self._passes(own, first, first.getsockname()[:2])
            if seen is None or not self._passes(first, own, seen):
                return ''
            # The most open one first: an answer to it would open the way for the others.
            if self._passes(other_address, own, seen):
                return 'EI'
            return 'AD' if self._passes(other_port, own, seen) else 'APD'

    def _hairpin(self, box, family, own, seen):
        """Does another socket of the peer reach this one by its outer address?"""
        other, = self._sockets(box, family, '')
        with other:
            return self._passes(other, own, seen) is not None

    def behaviour(self, home, family):
        addresses = self.world.RELAYS4 if family == socket.AF_INET else self.world.RELAYS6
        servers = self._sockets(self.world.servers, family, addresses[0], addresses[0], addresses[1])
        own, = self._sockets(home.peer, family, '')
        with contextlib.ExitStack() as open_ones:
            for sock in (own, *servers):
                open_ones.enter_context(sock)
            mapping, seen = self._mapping(own, servers)
            if not mapping:
                return Behaviour()
            filtering = self._filtering(home.peer, family, servers)
            keeps = seen[1] == own.getsockname()[1]
            if self._is_own(home, seen[0]):
                return Behaviour('none', filtering, keeps)
            return Behaviour(mapping, filtering, keeps, self._hairpin(home.peer, family, own, seen))

    @staticmethod
    def _is_own(home, address):
        return f' {address}/' in home.peer.ip('-o', 'addr', 'show')

    def both(self, home):
        """(IPv4, IPv6)"""
        return self.behaviour(home, socket.AF_INET), self.behaviour(home, socket.AF_INET6)


def expected(kind):
    """What the kind's layers together must show: the strictest of each."""
    order = ['EI', 'AD', 'APD']
    ipv6 = Behaviour('none', 'APD', True) if kind.ipv6 and kind.udp else Behaviour()
    if not kind.ipv4 or not kind.udp:
        return Behaviour(), ipv6
    if not kind.layers:
        return Behaviour('none', 'APD' if kind.firewall else 'EI', True), ipv6
    strictest = {what: max((getattr(layer, what) for layer in kind.layers), key=order.index)
                 for what in ('mapping', 'filtering')}
    return Behaviour(strictest['mapping'], strictest['filtering'], all(layer.keeps_ports for layer in kind.layers),
                     kind.layers[-1].hairpin), ipv6


def can_be_direct(a, b):
    """By theory, without luck: is there a pair of addresses that checks from both sides open? Each is (IPv4, IPv6)."""
    return any(_family_can(ours, theirs) for ours, theirs in zip(a, b))


def _family_can(ours, theirs):
    if not ours.mapping or not theirs.mapping:
        return False
    for one, other in ((ours, theirs), (theirs, ours)):
        if one.mapping == 'APD' and other.filtering == 'APD':
            return False
    return True
