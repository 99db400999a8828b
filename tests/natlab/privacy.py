"""Relay-only, looked at from outside: what reaches the peer, what leaves us, what the signals say."""

import ipaddress

import signals
from lab import Failure
from trial import Call

COOKIE = b'\x21\x12\xa4\x42'
# Enough for libnice to try its other pairs, and for data of some size.
PINGS = 20


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

    def signals(self):
        return [one for recorder in self.recorders for one in recorder.signals()]

    def call(self, home_a, home_b, outcome, options=('--relay-only',)):
        """What a relay-only caller should not have done becomes the outcome's error."""
        before = len(self.signals())
        arriving = [self.world.capture(home_b.peer, home_b.interface), self.world.capture(self.world.router, home_b.port)]
        leaving = self.world.capture(self.world.router, home_a.port)
        call = Call(self.world, home_a, home_b, a_options=[*options, '-s', '1500'], pings=PINGS)
        call.finish(outcome)
        seen = [packet for capture in arriving for packet in capture.end()]
        left = leaving.end()
        try:
            self._judge(home_a, home_b, seen, left, self.signals()[before:])
        except Failure as failure:
            outcome.error = str(failure)
        return outcome

    @staticmethod
    def _judge(home_a, home_b, seen, left, signals):
        if sum(packet.protocol in (6, 17) for packet in seen) < PINGS or len(signals) < 3:
            raise Failure('the captures saw nothing')
        for packet in left:
            if packet.source in home_a.addresses() and packet.target in home_b.addresses():
                raise Failure(f'{packet} goes to the peer itself')
        for address in home_a.addresses():
            for packet in seen:
                if address in (packet.source, packet.target):
                    raise Failure(f'{packet} reaches the peer')
                if reveals(packet.payload, address):
                    raise Failure(f'{address} stands in {packet}')
            for one in signals:
                if reveals(one, address):
                    raise Failure(f'{address} stands in a signal')


