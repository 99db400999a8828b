"""What a peer sends when its application says nothing."""

from homes import home
from trial import Call, Outcome
from world import SIGNAL_PORT

SECONDS = 60
CASES = (('direct', 'portrest', 'portrest'), ('relayed', 'symmetric', 'symmetric'), ('relayed over TCP', 'tcp-only', 'portrest'))
ETHERNET = 14


def _what(packet):
    if SIGNAL_PORT in (packet.source_port, packet.target_port):
        return 'signaling'
    if packet.protocol == 6:
        return 'relay over TCP'
    first = packet.payload[0] if packet.payload else 0
    if first < 2:
        return 'STUN'
    return 'relay' if 0x40 <= first < 0x80 else 'data'


def watch(world, name, a, b):
    """Counts what leaves the caller in a minute without messages; its own start and end left out."""
    home_a, home_b = home(world, a), home(world, b)
    call = Call(world, home_a, home_b, pings=2, interval=SECONDS)
    call.ping.wait_for('"event":"reply"')
    capture = world.capture(world.router, home_a.port)
    outcome = Outcome(a, b, '')
    try:
        call.ping.wait_for('"event":"reply".*"seq":2,', SECONDS + 20)
    finally:
        packets = capture.end()
        call.finish(outcome)
    counted = {'error': outcome.error, 'route': outcome.route, 'packets': 0, 'bytes': 0, 'of': {}}
    for packet in packets:
        if packet.source not in home_a.addresses():
            continue
        counted['packets'] += 1
        counted['bytes'] += packet.size - ETHERNET
        kind = _what(packet)
        counted['of'][kind] = counted['of'].get(kind, 0) + 1
    del name
    return counted


def text_of(counted):
    kinds = ', '.join(f'{count} {kind}' for kind, count in sorted(counted['of'].items()))
    return f'{counted["route"]}: {counted["packets"]} packets, {counted["bytes"]} bytes in {SECONDS} s ({kinds})'
