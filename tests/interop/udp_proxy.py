"""A UDP proxy between one caller and one listener that spoils what it is told to.

    udp_proxy.py LISTEN_PORT TARGET_PORT RULE...

A rule is `drop:LEAD:COUNT` (the first COUNT packets with this first byte, in hex; "data" is any from
80 up), `drop-from-target:LEAD:COUNT`, `flip:PERCENT`, `replay:PERCENT`, `garbage:PERCENT`,
`truncate:PERCENT`. Ends when its standard input is closed.
"""
import os
import random
import select
import socket
import sys


class Rules:
    def __init__(self, words):
        self.drops = {'drop': {}, 'drop-from-target': {}}
        self.chances = {}
        for word in words:
            name, *rest = word.split(':')
            if name in self.drops:
                self.drops[name][rest[0]] = int(rest[1])
            else:
                self.chances[name] = int(rest[0])

    def drops_packet(self, name, packet):
        lead = 'data' if packet[0] >= 0x80 else f'{packet[0]:02x}'
        left = self.drops[name].get(lead, 0)
        if left > 0:
            self.drops[name][lead] = left - 1
        return left > 0

    def happens(self, name):
        return random.randrange(100) < self.chances.get(name, 0)


def spoil(rules, packet, history):
    """The packets that go on in place of this one."""
    out = []
    changed = bytearray(packet)
    if rules.happens('flip'):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    out.append(bytes(changed))
    if rules.happens('truncate'):
        out.append(packet[:random.randrange(len(packet)) + 1])
    if rules.happens('garbage'):
        out.append(os.urandom(random.randrange(1, 1400)))
    if rules.happens('replay') and history:
        out.append(random.choice(history))
    history.append(packet)
    del history[:-64]
    return out


def main():
    near = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    near.bind(('127.0.0.1', int(sys.argv[1])))
    far = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    far.connect(('127.0.0.1', int(sys.argv[2])))
    rules = Rules(sys.argv[3:])
    history = {near: [], far: []}
    caller = None
    print('ready', flush=True)
    while True:
        ready, _, _ = select.select([near, far, sys.stdin], [], [])
        if sys.stdin in ready and not sys.stdin.buffer.read1(1):
            return
        for source in ready:
            if source is sys.stdin:
                continue
            try:
                packet, sender = source.recvfrom(65536)
            except ConnectionRefusedError:
                continue
            if source is near:
                caller = sender
            if not packet or rules.drops_packet('drop' if source is near else 'drop-from-target', packet):
                continue
            for changed in spoil(rules, packet, history[source]):
                if source is near:
                    far.send(changed)
                elif caller:
                    near.sendto(changed, caller)


main()
