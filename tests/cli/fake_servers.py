#!/usr/bin/env python3
"""Servers of the test's own for `kith doctor`: two STUN servers on 127.0.0.1 and 127.0.0.2 that tell what the
test wants, and a router that maps ports.

    fake_servers.py MODE     cone | symmetric | hostile | silent | realm

Prints `ready STUN1 STUN2 ROUTER`, the ports. In hostile mode every answer follows nonsense.
In mode realm they are TURN servers that want a user and a password, for a realm without a letter.
"""

import os
import select
import socket
import struct
import sys

COOKIE = 0x2112A442


def stun_answer(request, mapped_port):
    """A success response with the mapped address 203.0.113.7."""
    address = struct.unpack('!I', socket.inet_aton('203.0.113.7'))[0]
    value = struct.pack('!BBHI', 0, 1, mapped_port ^ (COOKIE >> 16), address ^ COOKIE)
    attribute = struct.pack('!HH', 0x0020, len(value)) + value
    return struct.pack('!HH', 0x0101, len(attribute)) + request[4:20] + attribute


def refusal(request, realm):
    """401, as the first answer of a TURN server is."""
    attributes = b''
    for kind, value in ((0x0009, b'\0\0\x04\x01'), (0x0014, realm), (0x0015, b'once')):
        attributes += struct.pack('!HH', kind, len(value)) + value + bytes(-len(value) % 4)
    return struct.pack('!HH', 0x0113, len(attributes)) + request[4:20] + attributes


def nonsense(request):
    yield os.urandom(33)
    yield b''
    yield request[:2] + b'\xff\xff' + request[4:]
    yield struct.pack('!HH', 0x0101, 0) + request[4:8] + os.urandom(12)
    yield stun_answer(request, 1)[:-5]


def main():
    mode = sys.argv[1]
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(3)]
    for place, one in zip(('127.0.0.1', '127.0.0.2', '127.0.0.1'), sockets):
        one.bind((place, 0))
    print('ready', *(one.getsockname()[1] for one in sockets), flush=True)
    while True:
        for one in select.select(sockets, [], [])[0]:
            request, peer = one.recvfrom(2048)
            if mode == 'silent':
                continue
            if one is sockets[2]:
                one.sendto(b'\0\x80\0\0' + struct.pack('!I', 1) + socket.inet_aton('203.0.113.7'), peer)
                continue
            if mode == 'realm':
                one.sendto(refusal(request, b'' if one is sockets[0] else b'"'), peer)
                continue
            if mode == 'hostile':
                for bad in nonsense(request):
                    one.sendto(bad, peer)
            own = sockets.index(one) if mode == 'symmetric' else 0
            one.sendto(stun_answer(request, 40000 + own), peer)


if __name__ == '__main__':
    main()
