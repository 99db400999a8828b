"""The internet in small: a router, a box of servers, and homes of every kind, joined by shaped links.

    signaling 203.0.113.10, STUN and TURN 203.0.113.20 and .21  -- servers --.
    home 1: peer 192.168.1.10 -- gateway -- 198.51.100.6        ------------ router
    home 2: peer 192.168.2.10 -- gateway -- carrier -- 198.51.100.10 -------'

There is no way out of it. All of it lives in namespaces of this process (see enter), and ends with it.
"""

import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'io'))

import kinds  # noqa: E402
from lab import Failure, Lab, Missing, add_address, run, wait_until  # noqa: E402

INSIDE = 'KITH_NATLAB_INSIDE'
HERE = os.path.dirname(os.path.abspath(__file__))
RELAY_CONFIGURATION = os.path.join(HERE, '..', '..', 'examples', 'turnserver.conf')
SIGNAL_PORT = 10000
# Names as everybody would use them, known by a hosts file of our own.
SIGNAL_NAME, RELAY_NAME = 'signal.example.org', 'turn.example.org'
USER, PASSWORD = 'kith', 'change-me'


def enter():
    """Starts this program again in namespaces of its own, in which it may do everything. Raises Missing where the
    kernel does not let it."""
    if INSIDE in os.environ:
        run('mount', '-t', 'tmpfs', 'tmpfs', '/run')
        return
    for program in ('unshare', 'ip', 'nft', 'turnserver'):
        if shutil.which(program) is None:
            raise Missing(f'{program} is not installed')
    how = ['unshare', *([] if os.geteuid() == 0 else ['--user', '--map-root-user']), '--net', '--mount', '--pid', '--fork',
           '--kill-child', '--mount-proc']
    tried = subprocess.run([*how, 'true'], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        raise Missing(f'no namespaces: {tried.stderr.strip()}')
    if not os.access('/dev/net/tun', os.R_OK | os.W_OK):
        raise Missing('/dev/net/tun is not there, or not ours: no shaped links')
    os.environ[INSIDE] = '1'
    os.execvp('unshare', [*how, sys.executable, '-u', *sys.argv])


class Home:
    """A peer's place: its box, what stands before it, and how others see it."""

    def __init__(self, kind, peer, gateways):
        self.kind = kind
        self.peer = peer
        self.gateways = gateways  # from the peer outwards
        self.port = ''            # the router's interface towards it
        self.private = []         # addresses that only mean something at home
        self.public = []

    def addresses(self):
        """All by which the peer could be found."""
        return self.private + self.public


class World(Lab):
    """A context manager. `shape` is what each way of each access link does (wire.c), "" for plain links; `build` where
    kith and the wire are."""

    SIGNAL4, SIGNAL6 = '203.0.113.10', '2001:db8::10'
    RELAYS4, RELAYS6 = ('203.0.113.20', '203.0.113.21'), ('2001:db8::20', '2001:db8::21')

    def __init__(self, build, shape='', seed=1, server_shape=None):
        super().__init__()
        self.kith = os.path.join(build, 'kith')
        self.wire_program = os.path.join(build, 'tests/natlab/wire')
        self.shape = shape
        self.seed = seed
        self.homes = 0
        self.router = self.box('r')
        self._forwards(self.router)
        self.servers = self.box('s')
        self.join(self.servers, 'eth0', self.router, 'srv', shape if server_shape is None else server_shape)
        add_address(self.router, 'srv', '203.0.113.1/24', '2001:db8::1/64')
        add_address(self.servers, 'eth0', *(f'{address}/24' for address in (self.SIGNAL4, *self.RELAYS4)),
                    *(f'{address}/64' for address in (self.SIGNAL6, *self.RELAYS6)))
        self._default(self.servers, '203.0.113.1', '2001:db8::1')
        self._name_servers()

    def box(self, short):
        made = super().box(short)
        # Else every address, link-local ones included, is useless for its first two seconds.
        for name in ('all', 'default'):
            made.set(f'net.ipv6.conf.{name}.accept_dad', 0)
        return made

    def _name_servers(self):
        hosts = os.path.join(self.folder, 'hosts')
        with open(hosts, 'w', encoding='ascii') as file:
            file.write(f'127.0.0.1 localhost\n{self.SIGNAL4} {SIGNAL_NAME}\n{self.SIGNAL6} {SIGNAL_NAME}\n'
                       f'{self.RELAYS4[0]} {RELAY_NAME}\n{self.RELAYS6[0]} {RELAY_NAME}\n')
        run('mount', '--bind', hosts, '/etc/hosts')
        self.endings.append(lambda: run('umount', '/etc/hosts'))

    @staticmethod
    def _forwards(box):
        box.set('net.ipv4.ip_forward', 1)
        box.set('net.ipv6.conf.all.forwarding', 1)

    @staticmethod
    def _default(box, via4, via6):
        for via in (via4, via6):
            if via:
                box.ip('route', 'add', 'default', 'via', via)

    # --- links

    def join(self, a, a_name, b, b_name, shape):
        """A cable, shaped unless the shape is empty. Returns the process that is the cable, or None."""
        if not shape:
            self.link(a, a_name, b, b_name)
            return None
        self.links += 1
        wire = self.start(self.router, f'wire-{a.short}-{b.short}', self.wire_program, a.name, a_name, b.name, b_name,
                          self.seed * 1000 + self.links, shape, stdin=subprocess.PIPE)
        wire.wait_for('^ready')
        for box, name in ((a, a_name), (b, b_name)):
            box.ip('link', 'set', 'dev', name, 'up')
        return wire

    def _switch(self, box):
        """The inner side of a gateway, with room for several."""
        box.ip('link', 'add', 'lan', 'type', 'bridge')
        box.set('net.bridge.bridge-nf-call-iptables', 0)
        box.ip('link', 'set', 'lan', 'up')

    def _plug(self, inner, inner_name, outer, isolated=False):
        self.links += 1
        port = f'port{self.links}'
        self.link(outer, port, inner, inner_name)
        outer.ip('link', 'set', 'dev', port, 'master', 'lan')
        if isolated:
            outer.ip('link', 'set', 'dev', port, 'type', 'bridge_slave', 'isolated', 'on')

    # --- homes

    def home(self, name, clash=False):
        """A new home of a kind. With `clash` its inner network has the same addresses as other such homes."""
        self.homes += 1
        number, kind = self.homes, kinds.KINDS[name]
        peer = self.box(f'p{number}')
        if not kind.layers:
            return self._public(number, kind, peer)
        outside = self._gateway(f'g{number}.{len(kind.layers)}', number, kind.layers[-1], kind)
        return self.home_behind(outside, kind.layers[:-1], number, clash, peer)

    def _uplink(self, number, box, name, kind):
        """Joins a box to the router. Returns its addresses there."""
        net4, net6 = f'198.51.100.{4 * number}', f'2001:db8:1:{number:x}::'
        port = f'h{number}'
        self.join(box, name, self.router, port, self.shape)
        base = net4.rsplit('.', 1)[0]
        at = ([f'{base}.{4 * number + 2}/30'] if kind.ipv4 else []) + ([f'{net6}2/64'] if kind.ipv6 else [])
        via = ([f'{base}.{4 * number + 1}/30'] if kind.ipv4 else []) + ([f'{net6}1/64'] if kind.ipv6 else [])
        add_address(box, name, *at)
        add_address(self.router, port, *via)
        self._default(box, f'{base}.{4 * number + 1}' if kind.ipv4 else None, f'{net6}1' if kind.ipv6 else None)
        return [text.split('/')[0] for text in at]

    def _public(self, number, kind, peer):
        home = Home(kind, peer, [])
        home.public = self._uplink(number, peer, 'wan', kind)
        home.port = f'h{number}'
        if kind.firewall:
            peer.nft(kinds.firewall_rules())
        return home

    def _gateway(self, short, number, nat, kind):
        """The outermost one, at the router."""
        gateway = self.box(short)
        self._forwards(gateway)
        self._switch(gateway)
        public = self._uplink(number, gateway, 'wan', kind)
        gateway.nft(kinds.nat_rules(nat, public[0], kind.udp) if kind.ipv4 else kinds.firewall_rules(kind.udp))
        if kind.ipv6:
            self.router.ip('route', 'add', f'2001:db8:2:{number:x}::/64', 'via', f'2001:db8:1:{number:x}::2')
        gateway.public, gateway.kind, gateway.guests, gateway.port = public, kind, 0, f'h{number}'
        return gateway

    def home_behind(self, outside, layers, number, clash=False, peer=None):
        """A home whose outermost layer is there already, which others may share."""
        peer = peer or self.box(f'p{number}')
        gateways = [outside]
        home = Home(outside.kind, peer, gateways)
        for depth, nat in enumerate(reversed(layers)):
            gateways.insert(0, self._inner_gateway(f'g{number}.{len(layers) - depth}', gateways[0], number, nat))
        self.live(home, number, clash)
        return home

    def _inner_gateway(self, short, carrier, number, nat):
        gateway = self.box(short)
        self._forwards(gateway)
        self._switch(gateway)
        carrier.guests += 1
        if carrier.guests == 1:
            add_address(carrier, 'lan', '100.64.0.1/16')
        self._plug(gateway, 'wan', carrier)
        address = f'100.64.{number}.2'
        add_address(gateway, 'wan', f'{address}/16')
        self._default(gateway, '100.64.0.1', None)
        gateway.nft(kinds.nat_rules(nat, address))
        gateway.guests = 0
        return gateway

    def live(self, home, number, clash=False, isolated=False):
        """Puts the peer of a home into the network of its gateway."""
        gateway, peer, kind = home.gateways[0], home.peer, home.kind
        net = 77 if clash else number
        home.port = home.gateways[-1].port
        gateway.guests += 1
        host = 9 + gateway.guests
        if gateway.guests == 1:
            gateway.net = net
            add_address(gateway, 'lan', *([f'192.168.{net}.1/24'] if kind.ipv4 else []),
                        *([f'2001:db8:2:{number:x}::1/64'] if kind.ipv6 else []))
        net = gateway.net
        self._plug(peer, 'eth0', gateway, isolated)
        if kind.ipv4:
            home.private.append(f'192.168.{net}.{host}')
            add_address(peer, 'eth0', f'192.168.{net}.{host}/24')
            home.private += [f'100.64.{number}.2'] * (len(home.gateways) > 1)
            home.public += [address for address in home.gateways[-1].public if ':' not in address]
        if kind.ipv6:
            home.public.append(f'2001:db8:2:{number:x}::{host}')
            add_address(peer, 'eth0', f'2001:db8:2:{number:x}::{host}/64')
        self._default(peer, f'192.168.{net}.1' if kind.ipv4 else None, f'2001:db8:2:{number:x}::1' if kind.ipv6 else None)

    # --- two peers near each other

    def neighbours(self, name, isolated):
        """Two peers in the network of one gateway. Isolated ones cannot see each other there, as guests of a hotel."""
        self.homes += 2
        number, kind = self.homes, kinds.KINDS[name]
        gateway = self._gateway(f'g{number}', number, kind.layers[-1], kind)
        homes = [Home(kind, self.box(f'p{number - side}'), [gateway]) for side in (1, 0)]
        for home in homes:
            self.live(home, number, isolated=isolated)
        return homes

    def customers(self, carrier, homes):
        """Two homes behind one carrier."""
        self.homes += 2
        number, kind = self.homes, kinds.KINDS['cgnat']
        outside = self._gateway(f'c{number}', number, carrier, kind)
        return [self.home_behind(outside, homes, number - side) for side in (1, 0)]

    # --- servers

    def start_signaling(self, port=SIGNAL_PORT):
        server = self.start(self.servers, 'signald', self.kith, 'signald', '--listen', f'[::]:{port}')
        server.wait_for('^listening on ')
        return server

    def start_relay(self):
        """coturn, by the configuration that is in the examples, but for where it is and what it writes."""
        with open(RELAY_CONFIGURATION, encoding='utf-8') as file:
            lines = [line for line in file if not line.startswith(('listening-ip=', 'relay-ip=', 'external-ip='))]
        lines += [f'{kind}-ip={address}\n' for kind in ('listening', 'relay') for address in (*self.RELAYS4, *self.RELAYS6)]
        lines += [f'pidfile={self.folder}/turn.pid\n', f'userdb={self.folder}/turn.db\n', 'verbose\n']
        path = os.path.join(self.folder, 'turnserver.conf')
        with open(path, 'w', encoding='utf-8') as file:
            file.writelines(lines)
        relay = self.start(self.servers, 'coturn', 'turnserver', '-c', path)
        with self.servers.inside():
            wait_until('coturn answers', lambda: self._answers(relay))
        return relay

    def _answers(self, relay):
        if relay.process.poll() is not None:
            raise Failure(f'coturn ended: {relay.out()[-400:]}')
        import probe  # pylint: disable=import-outside-toplevel
        return probe.stun_answers(self.RELAYS4[0], 3478) and probe.stun_answers(self.RELAYS6[0], 3478)
