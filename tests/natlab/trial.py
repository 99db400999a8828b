"""One call from a peer to another: how they connect, how soon, and whether that is what theory says."""

import itertools
import json
import os
import re
from dataclasses import asdict, dataclass, field

from lab import Failure, wait_until
from world import PASSWORD, RELAY_NAME, SIGNAL_NAME, SIGNAL_PORT, USER

NUMBERS = itertools.count(1)
PINGS, INTERVAL = 10, 0.05
CONNECT_LIMIT = 20
ESTABLISHED = '01'


def stun():
    return ['--stun', f'{RELAY_NAME}:3478']


def turn():
    return ['--turn', f'turn:{RELAY_NAME}:3478', '--turn', f'turn:{RELAY_NAME}:3478?transport=tcp',
            '--turn-user', USER, '--turn-password', PASSWORD]


@dataclass
class Outcome:
    a: str
    b: str
    expected: str             # direct, relay, none
    route: str = 'none'       # at the end: lan, direct, relay, none
    first_route: str = 'none' # with which it connected
    family: str = ''
    connected_ms: float = 0.0 # from the call
    message_ms: float = 0.0   # from the call until the first message is with the peer
    answered: int = 0
    error: str = ''
    notes: list = field(default_factory=list)

    def is_right(self):
        if self.error:
            return False
        return self.expected == ('direct' if self.route in ('lan', 'direct') else self.route)

    def as_dict(self):
        return {**{key: value for key, value in asdict(self).items() if value}, 'right': self.is_right()}


def events_of(process):
    return [json.loads(line) for line in (process.out() + process.err()).splitlines() if line.startswith('{')]


def is_at_signaling(process):
    """Has it a TCP connection to the signaling server?"""
    for table in ('tcp', 'tcp6'):
        with open(f'/proc/{process.pid}/net/{table}', encoding='ascii') as file:
            for line in file.readlines()[1:]:
                words = line.split()
                if int(words[2].rsplit(':', 1)[1], 16) == SIGNAL_PORT and words[3] == ESTABLISHED:
                    return True
    return False


class Call:
    """`options` for both, `a_options` and `b_options` for one of them, on top of all servers there are."""

    def __init__(self, world, home_a, home_b, options=(), a_options=(), b_options=(), pings=PINGS,
                 interval=INTERVAL):
        number = self.number = next(NUMBERS)
        common = ['--signaling', f'tcp://{SIGNAL_NAME}:{SIGNAL_PORT}', '--json', *stun(), *turn(), *options]
        self.pings, self.interval = pings, interval
        self.echo = world.start(home_b.peer, f'echo{number}', world.kith, 'echo', '--identity', f'str:b{number}', *common,
                                *b_options)
        self.echo.wait_for('"event":"ready"')
        wait_until('the peer is at the signaling server', lambda: is_at_signaling(self.echo))
        self.ping = world.start(home_a.peer, f'ping{number}', world.kith, 'ping', f'str:b{number}', '--identity',
                                f'str:a{number}', '-c', pings, '-i', interval, '--timeout', CONNECT_LIMIT, '--report', *common,
                                *a_options)

    def finish(self, outcome):
        """Waits for the end, and writes what happened into the outcome."""
        try:
            self.ping.ends(CONNECT_LIMIT + self.pings * self.interval + 15)
            self._read(outcome)
        except Failure as failure:
            outcome.error = str(failure)
        finally:
            self.ping.kill()
            self.echo.stop()
        return outcome

    def _read(self, outcome):
        events = events_of(self.ping)
        connected = [event for event in events if event.get('state') == 'connected']
        replies = [event for event in events if event['event'] == 'reply']
        outcome.answered = len(replies)
        if not connected:
            errors = [event for event in events if event['event'] == 'error']
            outcome.notes = [event.get('text', '') for event in errors]
            return
        outcome.route = outcome.first_route = connected[0]['route']
        outcome.connected_ms = connected[0]['ms']
        last = re.search(r'^route: (\w+), (\S+)', self.ping.err() + self.ping.out(), re.M)
        if last:
            outcome.route = last[1].lower()
            outcome.family = 'IPv6' if last[2].startswith('[') else 'IPv4'
        if outcome.answered != self.pings:
            outcome.error = f'{outcome.answered} of {self.pings} messages came back'
        if replies:
            outcome.message_ms = round(outcome.connected_ms + replies[0]['rtt_us'] / 2000, 1)
