"""Homes: a peer and the gateways before it, built at the router of a world.

    home 1: peer 192.168.1.10 -- lan, gateway, wan 198.51.100.6  -- router
    home 2: peer 192.168.2.10 -- lan, gateway, wan 100.64.2.2 -- lan, carrier's gateway, wan 198.51.100.10 -- router
"""

import kinds
from lab import add_address

CARRIER_NET = '100.64'
CLASHING_NET = 77


class Gateway:
    """A box with interfaces `lan`, a switch for those behind it, and `wan`."""

    def __init__(self, world, short, kind, nat):
        self.world, self.kind, self.nat = world, kind, nat
        self.box = world.box(short)
        world.let_forward(self.box)
        self.box.ip('link', 'add', 'lan', 'type', 'bridge')
        # Else a frame that is translated back into the same network never leaves.
        self.box.set('net.bridge.bridge-nf-call-iptables', 0)
        self.box.ip('link', 'set', 'lan', 'up')
        self.public = []  # the addresses of `wan`
        self.uplink = None
        self.guests = 0

    def join_router(self, number):
        self.uplink = self.world.uplink(number, self.box, self.kind)
        self.public = self.uplink.addresses
        if self.kind.ipv6:
            self.world.router.ip('route', 'add', f'2001:db8:2:{number:x}::/64', 'via', f'2001:db8:1:{number:x}::2')
        self.translate()

    def join_carrier(self, number, carrier):
        if carrier.guests == 0:
            add_address(carrier.box, 'lan', f'{CARRIER_NET}.0.1/16')
        carrier.plug(self.box, 'wan')
        self.public = [f'{CARRIER_NET}.{number}.2']
        add_address(self.box, 'wan', f'{self.public[0]}/16')
        self.world.add_default(self.box, f'{CARRIER_NET}.0.1')
        self.translate()

    def translate(self):
        """By its kind of NAT, from now on."""
        udp = self.kind.udp
        self.box.nft(kinds.nat_rules(self.nat, self.public[0], udp) if self.kind.ipv4 else kinds.firewall_rules(udp))

    def plug(self, box, interface, isolated=False):
        """A cable into the switch. Those that are isolated cannot see each other."""
        self.guests += 1
        port = f'port{self.guests}'
        self.world.link(self.box, port, box, interface)
        self.box.ip('link', 'set', 'dev', port, 'master', 'lan')
        if isolated:
            self.box.ip('link', 'set', 'dev', port, 'type', 'bridge_slave', 'isolated', 'on')


class Home:
    """A peer's place: its box, what stands before it, and by which addresses it could be found."""

    def __init__(self, world, name, number, gateways=()):
        self.world, self.name, self.number = world, name, number
        self.kind = kinds.KINDS[name]
        self.peer = world.box(f'p{number}')
        self.gateways = list(gateways)  # from the peer outwards
        self.interface = 'eth0'
        self.private = []               # addresses that only mean something at home
        self.public = []

    def addresses(self):
        return self.private + self.public

    @property
    def port(self):
        """The router's interface on the way to it."""
        return self.uplink.port

    @property
    def uplink(self):
        return self.gateways[-1].uplink if self.gateways else self._uplink

    def settle_outside(self):
        """No gateway: the peer itself is at the router."""
        self.interface = 'wan'
        self._uplink = self.world.uplink(self.number, self.peer, self.kind)
        self.public = self._uplink.addresses
        if self.kind.firewall:
            self.peer.nft(kinds.firewall_rules())

    def settle(self, net, isolated=False):
        """In the network of its gateway, which has that number."""
        gateway, kind = self.gateways[0], self.kind
        if gateway.guests == 0:
            add_address(gateway.box, 'lan', *([f'192.168.{net}.1/24'] if kind.ipv4 else []),
                        *([f'2001:db8:2:{self.number:x}::1/64'] if kind.ipv6 else []))
        gateway.plug(self.peer, self.interface, isolated)
        host = 9 + gateway.guests
        if kind.ipv4:
            self.private = [f'192.168.{net}.{host}', *(address for inner in self.gateways[:-1] for address in inner.public)]
            self.public = [address for address in self.gateways[-1].public if ':' not in address]
            add_address(self.peer, self.interface, f'192.168.{net}.{host}/24')
        if kind.ipv6:
            self.public.append(f'2001:db8:2:{self.number:x}::{host}')
            add_address(self.peer, self.interface, f'{self.public[-1]}/64')
        self.world.add_default(self.peer, f'192.168.{net}.1' if kind.ipv4 else None,
                               f'2001:db8:2:{self.number:x}::1' if kind.ipv6 else None)


def _behind(world, name, number, carrier=None):
    """The gateways of a home of that kind, from the peer outwards. The last may be there already."""
    kind = kinds.KINDS[name]
    chain = [carrier] if carrier else []
    for depth, nat in reversed(list(enumerate(kind.layers))[:len(kind.layers) - len(chain)]):
        gateway = Gateway(world, f'g{number}.{depth}', kind, nat)
        if chain:
            gateway.join_carrier(number, chain[0])
        else:
            gateway.join_router(number)
        chain.insert(0, gateway)
    return chain


def home(world, name, clash=False):
    """A new home of a kind. Those that clash have the same private addresses."""
    number = world.new_number()
    made = Home(world, name, number, _behind(world, name, number))
    if made.gateways:
        made.settle(CLASHING_NET if clash else number)
    else:
        made.settle_outside()
    return made


def neighbours(world, name, isolated):
    """Two peers in the network of one gateway. Isolated ones cannot see each other there, as guests of a hotel."""
    number = world.new_number()
    gateways = _behind(world, name, number)
    homes = [Home(world, name, number, gateways), Home(world, name, world.new_number(), gateways)]
    for one in homes:
        one.settle(number, isolated)
    return homes


def customers(world, nat):
    """Two homes behind one carrier."""
    kind = kinds.KINDS['cgnat']
    number = world.new_number()
    carrier = Gateway(world, f'c{number}', kind, nat)
    carrier.join_router(number)
    homes = []
    for _ in 'ab':
        number = world.new_number()
        homes.append(Home(world, 'cgnat', number, _behind(world, 'cgnat', number, carrier)))
        homes[-1].settle(number)
    return homes
