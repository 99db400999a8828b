"""The first way that works carries messages, the best one soon after: what a stream of numbered messages saw of it.

The router keeps the two homes from each other for a while, as a slow hole punch or bad peering does. So a relay is first.
"""

import re
import struct
import time
from dataclasses import asdict, dataclass, field

from homes import home
from trial import Call, Outcome, events_of

DATA_INDICATION, DATA_ATTRIBUTE = b'\x00\x17', 0x0013  # RFC 8656
INTERVAL = 0.01
BESIDE = 3.0        # seconds of messages around what happens
FIRST_MS = 700      # for the first message, as everywhere by relay
MOVED_MS = 3500     # once the direct way is open: libnice asks again after 0.2, 0.4, 0.8, 1.6 and 3.2 s
FIRST, LAST = 3, 50 # packets that must all have gone one way

# Homes, after how many seconds the direct way opens (0: it is), and when it shuts again; as which route it begins and which
# others follow.
CASES = (
    ('portrest', 'portrest', 0, None, ['direct']),
    ('addrrest', 'symmetric', 0, None, ['relay', 'direct']),
    ('portrest', 'portrest', 1, None, ['relay', 'direct']),
    ('portrest', 'portrest', 3, None, ['relay', 'direct']),
    ('portrest', 'portrest', 6, None, ['relay', 'direct']),
    ('fullcone', 'symmetric', 2, None, ['relay', 'direct']),
    ('portrest', 'portrest', 0, 2, ['direct', 'relay']),
)


@dataclass
class Seen:
    a: str
    b: str
    opens: float
    shuts: float
    routes: list = field(default_factory=list)  # of the caller, from the first on
    peer_routes: list = field(default_factory=list)
    message_ms: float = 0
    moved_ms: float = 0   # from the moment it could until the last event; 0: it did not have to wait
    longest_ms: float = 0 # that a message was under way
    error: str = ''

    def as_dict(self):
        return {**asdict(self), 'ways': without_repetition(self.routes)}


def keep_apart(world, homes, apart):
    """Nothing goes from one home to the other but through a relay."""
    addresses = ', '.join(address for one in homes for address in one.public if ':' not in address)
    rule = f'ip saddr {{ {addresses} }} ip daddr {{ {addresses} }} drop'
    world.router.nft(f'table ip apart {{\nchain forward {{\ntype filter hook forward priority 0;\n{rule}\n}}\n}}\n' if apart else '')


def routes_of(process):
    """Each way a connection took, as its events tell."""
    return [event['route'] for event in events_of(process) if event.get('state') == 'connected' or event['event'] == 'route']


def watch(world, a, b, opens, shuts):
    """One call, and what came of it."""
    homes = [home(world, a), home(world, b)]
    seen = Seen(a, b, opens, shuts)
    keep_apart(world, homes, opens > 0)
    count = int(((shuts or opens) + 2 * BESIDE) / INTERVAL)
    arriving = world.capture(world.router, homes[1].port)
    begin = time.monotonic()
    call = Call(world, *homes, pings=count, interval=INTERVAL)
    changes = time.monotonic()
    if opens or shuts:
        time.sleep(opens or shuts)
        changes = time.monotonic()
        keep_apart(world, homes, bool(shuts))
    seen.error = call.finish(outcome := Outcome(a, b, '')).error
    seen.message_ms = outcome.message_ms
    seen.routes, seen.peer_routes = routes_of(call.ping), routes_of(call.echo)
    _judge_messages(seen, call, count)
    _judge_ways(seen, ways_to(world, homes[1], arriving.end()))
    if opens:
        _time_move(seen, call, (changes - begin) * 1000)
    return seen


def content_of(payload):
    """What a relay was given to carry, or the payload itself."""
    if payload[:1] and 0x40 <= payload[0] < 0x80:  # on a channel
        return payload[4:]
    at = 20
    while payload[:2] == DATA_INDICATION and at + 4 <= len(payload):
        kind, size = struct.unpack('!HH', payload[at:at + 4])
        if kind == DATA_ATTRIBUTE:
            return payload[at + 4:at + 4 + size]
        at += 4 + (size + 3 & ~3)
    return payload


def ways_to(world, home_b, packets):
    """Of each packet with data of a connection (docs/wire.md) that came to that home."""
    return ['relay' if packet.source in world.RELAYS4 else 'direct' for packet in packets
            if packet.protocol == 17 and packet.target in home_b.public and content_of(packet.payload)[:1] >= b'\x80']


def _judge_ways(seen, ways):
    """What the events say is what the line saw."""
    for said, saw in ((seen.routes[:1], ways[:FIRST]), (seen.routes[-1:], ways[-LAST:])):
        if set(saw) != set(said):
            seen.error = seen.error or f'packets went {sorted(set(saw))}, the events say {said}'


def _judge_messages(seen, call, count):
    """Each reply once and in order, and nothing beside them."""
    replies = [event for event in events_of(call.ping) if event['event'] == 'reply']
    received = re.search(r'^messages: sent (\d+), received (\d+)', call.ping.err(), re.M)
    seen.longest_ms = round(max((event['rtt_us'] for event in replies), default=0) / 1000)
    if [event['seq'] for event in replies] != list(range(1, count + 1)):
        seen.error = seen.error or 'messages are missing, or not in order'
    elif not received or (int(received[1]), int(received[2])) != (count, count):
        seen.error = seen.error or f'not {count} messages, but {received and received[0]}'


def _time_move(seen, call, changed_ms):
    """An event stands between two replies, and each message has its time."""
    number, events = 0, events_of(call.ping)
    for event in events:
        if event['event'] == 'reply':
            number = event['seq']
        elif event['event'] == 'route' and event['route'] != seen.routes[0]:
            seen.moved_ms = round(seen.message_ms + number * INTERVAL * 1000 - changed_ms)


def without_repetition(routes):
    return [route for at, route in enumerate(routes) if at == 0 or routes[at - 1] != route]


def is_right(seen, wanted):
    """Those kinds of ways in that order. From one relay to the other is a change, but no other kind."""
    return not seen.error and seen.message_ms <= FIRST_MS and seen.moved_ms <= MOVED_MS and all(
        without_repetition(routes) == wanted for routes in (seen.routes, seen.peer_routes))


def text_of(seen):
    text = f'{", then ".join(seen.routes)}; first message after {seen.message_ms:.0f} ms, the longest took {seen.longest_ms} ms'
    if seen.moved_ms:
        text += f', moved {seen.moved_ms} ms after the opening'
    return text + (f'; {seen.error}' if seen.error else '')
