"""A UDP proxy between one caller and one listener that spoils what it is told to.

    udp_proxy.py LISTEN_PORT TARGET_PORT RULE...

Rules:
    drop:FROM:LEAD:COUNT     the first COUNT packets from FROM (caller, target) with this first byte, in
                             hex; "data" is any from 80 up; COUNT "all"
    flip:PERCENT             one bit is wrong
    replay:PERCENT           an older packet comes again
    garbage:PERCENT          random bytes come besides, half of them with a first byte that means something
    truncate:PERCENT         a part of the packet comes besides
    strange:PERCENT          a copy comes from another address, and random bytes too

"flip-data" and so on: data packets only; "truncate-caller" and so on: packets from the caller only.

Says "counts ..." when told "counts": data packets from the caller and from the target. Ends when its
standard input does.
"""
import os
import random
import select
import socket
import sys

LEADS = (0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x80, 0x81, 0x83)


class Rules:
    def __init__(self, words):
        self.drops = {}
        self.chances = {}
        for word in words:
            name, *rest = word.split(':')
            if name == 'drop':
                self.drops[rest[0], rest[1]] = float('inf') if rest[2] == 'all' else int(rest[2])
            else:
                self.chances[name] = int(rest[0])

    def drops_packet(self, source, packet):
        lead = 'data' if packet[0] >= 0x80 else f'{packet[0]:02x}'
        left = self.drops.get((source, lead), 0)
        if left > 0:
            self.drops[source, lead] = left - 1
        return left > 0

    def happens(self, name, source, packet):
        chance = self.chances.get(name, 0) + self.chances.get(f'{name}-{source}', 0)
        if packet[0] >= 0x80:
            chance += self.chances.get(name + '-data', 0)
        return random.randrange(100) < chance


def garbage(like):
    """Random bytes, half of them such that they look like something of this connection."""
    out = bytearray(os.urandom(random.randrange(1, 1400)))
    if random.randrange(2):
        out[0] = random.choice(LEADS)
        out[1:7] = like[1:7]
    return bytes(out)


def spoil(rules, source, packet, history):
    """The packets that go on in place of this one."""
    out = []
    changed = bytearray(packet)
    if rules.happens('flip', source, packet):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    out.append(bytes(changed))
    if rules.happens('truncate', source, packet):
        out.append(packet[:random.randrange(len(packet)) + 1])
    if rules.happens('garbage', source, packet):
        out.append(garbage(packet))
    if rules.happens('replay', source, packet) and history:
        out.append(random.choice(history))
    history.append(packet)
    del history[:-64]
    return out


class Proxy:
    def __init__(self, near_port, far_port, rules):
        self.near = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.near.bind(('127.0.0.1', near_port))
        self.far = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.far.connect(('127.0.0.1', far_port))
        self.stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.far_port = far_port
        self.rules = rules
        self.history = {self.near: [], self.far: []}
        self.counts = {self.near: 0, self.far: 0}
        self.caller = None

    def forward(self, source, packet):
        if source is self.near:
            self.far.send(packet)
        elif self.caller:
            self.near.sendto(packet, self.caller)

    def from_stranger(self, source, packet):
        target = ('127.0.0.1', self.far_port) if source is self.near else self.caller
        if target:
            self.stranger.sendto(packet, target)

    def on_packet(self, source):
        try:
            packet, sender = source.recvfrom(65536)
        except ConnectionRefusedError:
            return
        if source is self.near:
            self.caller = sender
        name = 'caller' if source is self.near else 'target'
        if not packet or self.rules.drops_packet(name, packet):
            return
        self.counts[source] += packet[0] >= 0x80
        if self.rules.happens('strange', name, packet):
            self.from_stranger(source, random.choice((packet, garbage(packet))))
        for changed in spoil(self.rules, name, packet, self.history[source]):
            try:
                self.forward(source, changed)
            except ConnectionRefusedError:
                pass

    def run(self):
        while True:
            ready, _, _ = select.select([self.near, self.far, sys.stdin], [], [])
            if sys.stdin in ready:
                command = sys.stdin.readline()
                if not command:
                    return
                print(f'counts {self.counts[self.near]} {self.counts[self.far]}', flush=True)
            for source in ready:
                if source is not sys.stdin:
                    self.on_packet(source)


proxy = Proxy(int(sys.argv[1]), int(sys.argv[2]), Rules(sys.argv[3:]))
print('ready', flush=True)
proxy.run()
