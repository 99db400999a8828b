"""Relay-only, looked at from outside: what reaches the peer, what leaves us, what the signals say."""

import ipaddress
import re

import signals
from lab import Failure
from trial import Call

COOKIE = b'\x21\x12\xa4\x42'
# Enough for libnice to try its other pairs, and for data of some size.
PINGS = 20
RELAY_ONLY = ('--relay-only',)


def _xor(one, other):
    return bytes(a ^ b for a, b in zip(one, other))


def reveals(payload, address):
    """Does it stand in there: as text, in bytes, or in bytes as STUN disguises it?"""
    packed = ipaddress.ip_address(address).packed
    forms = [address.encode('ascii'), packed]
    if len(packed) == 4:
        forms.append(_xor(packed, COOKIE))
    at = payload.find(COOKIE)
    if len(packed) == 16 and at >= 0:
        forms.append(_xor(packed, payload[at:at + 16].ljust(16, b'\0')))
    return any(form in payload for form in forms)


class Watched:
    """A world whose signals are recorded, those of all calls together: one call at a time."""

    def __init__(self, world):
        self.world = world
        self.recorders = signals.record(world)

    def signals_of(self, call):
        """Each names who sends it. One of a call before may come late."""
        names = re.compile(rb'str:[ab]%d(?!\d)' % call.number)
        return [one for recorder in self.recorders for one in recorder.signals() if names.search(one)]

    def call(self, home_a, home_b, outcome, who='ab'):
        """What one that is relay-only, of the caller `a` and the called `b`, should not have done becomes the outcome's error."""
        homes = {'a': home_a, 'b': home_b}
        captures = {side: [self.world.capture(one.peer, one.interface), self.world.capture(self.world.router, one.port)]
                    for side, one in homes.items()}
        options = {side: RELAY_ONLY if side in who else () for side in homes}
        call = Call(self.world, home_a, home_b, a_options=[*options['a'], '-s', '1500'], b_options=options['b'], pings=PINGS)
        call.finish(outcome)
        seen = {side: [packet for capture in some for packet in capture.end()] for side, some in captures.items()}
        try:
            for ours, peers in ('ab', 'ba'):
                if ours in who or not who:
                    self._judge(homes[ours], homes[peers], seen[peers], seen[ours], self.signals_of(call))
        except Failure as failure:
            outcome.error = str(failure)
        return outcome

    @staticmethod
    def _judge(ours, peers, seen, left, signals):
        if sum(packet.protocol in (6, 17) for packet in seen) < PINGS or len(signals) < 3:
            raise Failure('the captures saw nothing')
        for packet in left:
            if packet.source in ours.addresses() and packet.target in peers.addresses():
                raise Failure(f'{packet} goes to the peer itself')
        for address in ours.addresses():
            for packet in seen:
                if address in (packet.source, packet.target):
                    raise Failure(f'{packet} reaches the peer')
                if reveals(packet.payload, address):
                    raise Failure(f'{address} stands in {packet}')
            for one in signals:
                if reveals(one, address):
                    raise Failure(f'{address} stands in a signal')


