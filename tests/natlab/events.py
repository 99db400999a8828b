"""What happens to networks while peers are connected, and what becomes of the connection."""

import socket
import struct
import time
from dataclasses import replace

from homes import home
from lab import add_address, wait_until
from trial import Call, Outcome, events_of

NETLINK_NETFILTER = 12
DELETE_ALL = 1 << 8 | 2  # IPCTNL_MSG_CT_DELETE of NFNL_SUBSYS_CTNETLINK, without saying which
ACKNOWLEDGED = 1 | 4     # NLM_F_REQUEST, NLM_F_ACK
INTERVAL = 0.02
BEFORE, AFTER = 1.0, 13.0  # of the event; a connection that is dead is given up after ten seconds


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
    """Two homes, of which the first is struck, and the servers."""

    def __init__(self, world, a, b):
        self.world = world
        self.signald, self.relay = world.start_signaling(), world.start_relay()
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
    last = int(gateway.public[0].rsplit('.', 1)[1])
    gateway.box.ip('addr', 'flush', 'dev', 'wan')
    gateway.public = [f'192.0.2.{last}']
    add_address(world.router, gateway.uplink.port, f'192.0.2.{last - 1}/30')
    add_address(gateway.box, 'wan', f'192.0.2.{last}/30')
    world.add_default(gateway.box, f'192.0.2.{last - 1}')
    rebind(scene)


def local_address(scene):
    net = scene.struck.private[0].rsplit('.', 1)[0]
    scene.struck.peer.ip('addr', 'flush', 'dev', 'eth0')
    add_address(scene.struck.peer, 'eth0', f'{net}.77/24')
    scene.world.add_default(scene.struck.peer, f'{net}.1')


def interface(scene):
    """From home to another network, which was not there before."""
    other = home(scene.world, scene.struck.name)
    net = other.private[0].rsplit('.', 1)[0]
    scene.struck.peer.ip('link', 'set', 'eth0', 'down')
    other.gateways[0].plug(scene.struck.peer, 'eth1')
    add_address(scene.struck.peer, 'eth1', f'{net}.77/24')
    scene.world.add_default(scene.struck.peer, f'{net}.1')


def dead_line(seconds):
    def happen(scene):
        scene.shape('loss=100')
        time.sleep(seconds)
        scene.shape(scene.world.shape)
    return happen


# What it is, how many seconds no network could carry anything, what is done.
EVENTS = {
    'rebind': ('the NAT takes other ports', 0, rebind),
    'public-address': ('the NAT has another address outside', 0, public_address),
    'local-address': ('the peer has another address in its network', 0, local_address),
    'interface': ('the peer goes to another network', 0, interface),
    'signaling-gone': ('the signaling server ends', 0, lambda scene: scene.signald.kill()),
    'relay-gone': ('the relay ends', 0, lambda scene: scene.relay.kill()),
    'down-3': ('the line is dead for 3 s', 3, dead_line(3)),
    'down-8': ('the line is dead for 8 s', 8, dead_line(8)),
}
PAIRS = [('fullcone', 'public'), ('portrest', 'portrest'), ('symmetric', 'symmetric')]


def strike(world, a, b, name):
    """Lets it happen during a call, and tells what came of it."""
    what, away, happen = EVENTS[name]
    scene = Scene(world, a, b)
    count = int((BEFORE + away + AFTER) / INTERVAL)
    call = Call(world, *scene.homes, pings=count, interval=INTERVAL)
    call.ping.wait_for('"event":"reply"')
    time.sleep(BEFORE)
    happen(scene)
    wait_until('the call ends', lambda: call.ping.process.poll() is not None, count * INTERVAL + 30)
    outcome = call.finish(Outcome(a, b, ''))
    replies = [event for event in events_of(call.ping) if event['event'] == 'reply']
    numbers = [event['seq'] for event in replies]
    # Messages are reliable: the one that waited longest tells how long nothing got through.
    silent = max(event['rtt_us'] for event in replies) / 1000 - away * 1000
    return {'a': a, 'b': b, 'event': name, 'what': what, 'before': outcome.first_route, 'after': outcome.route,
            'survived': len(replies) == count, 'in_order': numbers == sorted(set(numbers)), 'silent_ms': round(silent),
            'error': '; '.join(event['text'] for event in events_of(call.ping) if event['event'] == 'error')}
