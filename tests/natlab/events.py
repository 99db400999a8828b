"""What happens to networks while peers are connected, and what becomes of the connection."""

import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from homes import home
from lab import add_address, wait_until
from trial import Call, Outcome, events_of

NETLINK_NETFILTER = 12
DELETE_ALL = 1 << 8 | 2  # IPCTNL_MSG_CT_DELETE of NFNL_SUBSYS_CTNETLINK, without saying which
ACKNOWLEDGED = 1 | 4     # NLM_F_REQUEST, NLM_F_ACK
INTERVAL = 0.02
# Seconds of messages before the event. A connection to the signaling server that breaks sooner is made anew after a pause.
BEFORE, BEFORE_SIGNALING = 1.0, 11.0


def forget_connections(box):
    """A translator loses its table; the kernel has one for each namespace."""
    with box.inside():
        sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
    with sock:
        sock.send(struct.pack('=IHHII', 20, DELETE_ALL, ACKNOWLEDGED, 1, 0) + bytes(4))
        error, = struct.unpack('=i', sock.recv(100)[16:20])
        if error:
            raise OSError(-error, 'the table of connections cannot be emptied')


class Scene:
    """Two homes, of which the first is struck, and the servers of their world."""

    def __init__(self, world, servers, a, b):
        self.world = world
        self.signald, self.relay = servers
        self.homes = [home(world, a), home(world, b)]
        self.struck = self.homes[0]
        self.gateway = self.struck.gateways[-1]

    def shape(self, shape):
        """Of the line of the one that is struck, both ways."""
        line = self.struck.uplink.wire.process.stdin
        line.write(f'{shape or "-"}\n'.encode('ascii'))
        line.flush()


def rebind(scene):
    """The NAT forgets all, and gives other ports than before."""
    scene.gateway.nat = replace(scene.gateway.nat, keeps_ports=False)
    scene.gateway.translate()
    forget_connections(scene.gateway.box)


def public_address(scene):
    gateway, world = scene.gateway, scene.world
    begin = time.monotonic()
    last = int(gateway.public[0].rsplit('.', 1)[1])
    gateway.box.ip('addr', 'flush', 'dev', 'wan')
    gateway.public = [f'192.0.2.{last}']
    add_address(world.router, gateway.uplink.port, f'192.0.2.{last - 1}/30')
    add_address(gateway.box, 'wan', f'192.0.2.{last}/30')
    world.add_default(gateway.box, f'192.0.2.{last - 1}')
    rebind(scene)
    return time.monotonic() - begin


def local_address(scene):
    net = scene.struck.private[0].rsplit('.', 1)[0]
    begin = time.monotonic()
    scene.struck.peer.ip('addr', 'flush', 'dev', 'eth0')
    add_address(scene.struck.peer, 'eth0', f'{net}.77/24')
    scene.world.add_default(scene.struck.peer, f'{net}.1')
    return time.monotonic() - begin


def interface(scene):
    """From home to another network, which was not there before."""
    other = home(scene.world, scene.struck.name)
    net = other.private[0].rsplit('.', 1)[0]
    begin = time.monotonic()
    scene.struck.peer.ip('link', 'set', 'eth0', 'down')
    other.gateways[0].plug(scene.struck.peer, 'eth1')
    add_address(scene.struck.peer, 'eth1', f'{net}.77/24')
    scene.world.add_default(scene.struck.peer, f'{net}.1')
    return time.monotonic() - begin


def interface_back(scene):
    """To another network, and home again when all has settled there."""
    there = interface(scene)
    time.sleep(SETTLED)
    begin = time.monotonic()
    scene.struck.peer.ip('link', 'set', 'eth1', 'down')
    switch_on(scene)
    return min(there, time.monotonic() - begin)


def switch_on(scene):
    scene.struck.peer.ip('link', 'set', 'eth0', 'up')
    scene.world.add_default(scene.struck.peer, scene.struck.private[0].rsplit('.', 1)[0] + '.1')


def switched_off(seconds):
    def happen(scene):
        scene.struck.peer.ip('link', 'set', 'eth0', 'down')
        time.sleep(seconds)
        begin = time.monotonic()
        switch_on(scene)
        return seconds + time.monotonic() - begin
    return happen


def dead_line(seconds):
    def happen(scene):
        scene.shape('loss=100')
        time.sleep(seconds)
        scene.shape(scene.world.shape)
        return seconds
    return happen


@dataclass(frozen=True)
class Event:
    what: str
    happen: Callable     # may return for how many seconds the machine had no network, as far as that is known
    away: float = 0      # that, as it is meant to be
    after: float = 5     # seconds of messages from then on
    signaling: bool = True # is it needed, where who may write to an address is decided by a NAT


SETTLED = 3.0
EVENTS = {
    'rebind': Event('the NAT takes other ports', rebind),
    'public-address': Event('the NAT has another address outside', public_address),
    'local-address': Event('the peer has another address in its network', local_address),
    'interface': Event('the peer goes to another network', interface),
    'interface-back': Event('it goes there, and back after 3 s', interface_back, after=5 + SETTLED),
    'signaling-gone': Event('the signaling server ends', lambda scene: scene.signald.kill(), signaling=False),
    'relay-gone': Event('the relay ends', lambda scene: scene.relay.kill(), after=13, signaling=False),
    'down-3': Event('the line is dead for 3 s', dead_line(3), 3, signaling=False),
    'down-10': Event('the line is dead for 10 s', dead_line(10), 10, signaling=False),
    'off-10': Event('the interface is down for 10 s', switched_off(10), 10, signaling=False),
}
PAIRS = [('fullcone', 'public'), ('portrest', 'portrest'), ('symmetric', 'symmetric')]
# The only way there was is gone: the connection ends, within the timeout and in words.
ENDS = {('relay-gone', 'symmetric', 'symmetric'): 'the peer does not answer any more'}
ENDS_WITHIN = 13.5   # seconds: TimeoutConnected, until the silence is noticed, and goodbyes to a relay that is gone
REACHED_MS, SIGNALED_MS = 500, 2000  # how soon messages shall pass again: who can be written to, and who has to be told


def limit_of(name, a, b):
    """Of the time in which nothing gets through, though the network could."""
    return SIGNALED_MS if EVENTS[name].signaling and (a, b) != PAIRS[0] else REACHED_MS


def strike(world, servers, a, b, name):
    """Lets it happen during a call, and tells what came of it."""
    event = EVENTS[name]
    scene = Scene(world, servers, a, b)
    before = BEFORE_SIGNALING if event.signaling else BEFORE
    count = int((before + event.away + event.after) / INTERVAL)
    call = Call(world, *scene.homes, pings=count, interval=INTERVAL)
    call.ping.wait_for('"event":"reply"')
    time.sleep(before)
    begin = time.monotonic()
    away = event.happen(scene) or 0
    wait_until('the call ends', lambda: call.ping.process.poll() is not None, count * INTERVAL + 30)
    took = time.monotonic() - begin
    outcome = call.finish(Outcome(a, b, ''))
    replies = [event for event in events_of(call.ping) if event['event'] == 'reply']
    numbers = [event['seq'] for event in replies]
    # Messages are reliable: the one that waited longest tells how long nothing got through.
    silent = max(event['rtt_us'] for event in replies) / 1000 - away * 1000
    error = '; '.join(event['text'] for event in events_of(call.ping) if event['event'] == 'error')
    end = ENDS.get((name, a, b))
    right = len(replies) == count if end is None else end in error and took <= ENDS_WITHIN
    return {'a': a, 'b': b, 'event': name, 'what': event.what, 'before': outcome.first_route, 'after': outcome.route,
            'survived': len(replies) == count, 'right': right and numbers == sorted(set(numbers)), 'silent_ms': round(silent),
            'ended_s': round(took, 1), 'error': error}
