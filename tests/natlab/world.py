"""The internet in small: a router, a box of servers, and shaped links to homes (homes.py).

    servers: signaling 203.0.113.10 and 2001:db8::10, STUN and TURN 203.0.113.20, .21 and 2001:db8::20, ::21
    home N:  198.51.100.4N+2 and 2001:db8:1:N::2, its network 192.168.N.0/24 and 2001:db8:2:N::/64

There is no way out of it. All of it lives in namespaces of this process (see enter), and ends with it.
"""

import os
import shutil
import subprocess
import sys
from collections import namedtuple

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'io'))

from lab import Failure, Lab, Missing, add_address, run, wait_until  # noqa: E402
from probe import stun_answers  # noqa: E402

INSIDE = 'KITH_NATLAB_INSIDE'
RELAY_CONFIGURATION = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'examples', 'turnserver.conf')
SIGNAL_PORT = 10000
# Names as everybody would use them, known by a hosts file of our own.
SIGNAL_NAME, RELAY_NAME = 'signal.example.org', 'turn.example.org'
USER, PASSWORD = 'kith', 'change-me'

# Our addresses, the router's interface, and the cable (None: plain).
Uplink = namedtuple('Uplink', 'addresses port wire')


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


class World(Lab):
    """A context manager. `shape` is what each way of each access link does (wire.c), "" for plain links; `build` where
    kith and the wire are."""

    SIGNAL4, SIGNAL6 = '203.0.113.10', '2001:db8::10'
    RELAYS4, RELAYS6 = ('203.0.113.20', '203.0.113.21'), ('2001:db8::20', '2001:db8::21')

    def __init__(self, build, shape='', seed=1):
        super().__init__()
        self.kith = os.path.join(build, 'kith')
        self.wire_program = os.path.join(build, 'tests/natlab/wire')
        self.shape, self.seed = shape, seed
        self.homes = 0
        self.router, self.servers = self.box('r'), self.box('s')
        self.let_forward(self.router)
        self.join(self.servers, 'eth0', self.router, 'srv')
        add_address(self.router, 'srv', '203.0.113.1/24', '2001:db8::1/64')
        add_address(self.servers, 'eth0', *(f'{address}/24' for address in (self.SIGNAL4, *self.RELAYS4)),
                    *(f'{address}/64' for address in (self.SIGNAL6, *self.RELAYS6)))
        self.add_default(self.servers, '203.0.113.1', '2001:db8::1')
        self._name_servers()

    def _name_servers(self):
        hosts = os.path.join(self.folder, 'hosts')
        with open(hosts, 'w', encoding='ascii') as file:
            file.write(f'127.0.0.1 localhost\n{self.SIGNAL4} {SIGNAL_NAME}\n{self.SIGNAL6} {SIGNAL_NAME}\n'
                       f'{self.RELAYS4[0]} {RELAY_NAME}\n{self.RELAYS6[0]} {RELAY_NAME}\n')
        run('mount', '--bind', hosts, '/etc/hosts')
        self.endings.append(lambda: run('umount', '/etc/hosts'))

    # --- boxes and links

    def box(self, short):
        made = super().box(short)
        # Else every IPv6 address, link-local ones included, is useless for its first two seconds.
        for name in ('all', 'default'):
            made.set(f'net.ipv6.conf.{name}.accept_dad', 0)
        return made

    @staticmethod
    def let_forward(box):
        box.set('net.ipv4.ip_forward', 1)
        box.set('net.ipv6.conf.all.forwarding', 1)

    @staticmethod
    def add_default(box, *gateways):
        for gateway in gateways:
            if gateway:
                box.ip('route', 'add', 'default', 'via', gateway)

    def join(self, a, a_name, b, b_name, shape=None):
        """A cable, shaped as the world is or as told. Returns the process that is the cable; None where it is plain."""
        shape = self.shape if shape is None else shape
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

    def new_number(self):
        """Of a home."""
        self.homes += 1
        return self.homes

    def uplink(self, number, box, kind):
        """Joins a box, by its interface `wan`, to the router."""
        net6, port, base = f'2001:db8:1:{number:x}::', f'h{number}', 4 * number
        wire = self.join(box, 'wan', self.router, port)
        ours, routers = [], []
        if kind.ipv4:
            ours.append(f'198.51.100.{base + 2}/30')
            routers.append(f'198.51.100.{base + 1}/30')
        if kind.ipv6:
            ours.append(f'{net6}2/64')
            routers.append(f'{net6}1/64')
        add_address(box, 'wan', *ours)
        add_address(self.router, port, *routers)
        self.add_default(box, *(address.split('/')[0] for address in routers))
        return Uplink([address.split('/')[0] for address in ours], port, wire)

    # --- servers

    def start_signaling(self, port=SIGNAL_PORT):
        server = self.start(self.servers, 'signald', self.kith, 'signald', '--listen', f'[::]:{port}')
        server.wait_for('^listening on ')
        return server

    def start_relay(self):
        """coturn, by the configuration that is in the examples, but for where it is and what it writes."""
        with open(RELAY_CONFIGURATION, encoding='utf-8') as file:
            lines = file.readlines()
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
        return stun_answers(self.RELAYS4[0], 3478) and stun_answers(self.RELAYS6[0], 3478)
