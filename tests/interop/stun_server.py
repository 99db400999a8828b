"""A STUN server: answers every Binding request with where it came from.

    stun_server.py ADDRESS PORT

It reads both forms: RFC 5389's, and that of RFC 3489, without the cookie, which libnice asks with. coturn
does not serve GNS here: it refuses requests that contain MAPPED-ADDRESS, which GNS puts into them.
"""
import socket
import struct
import sys
import zlib

COOKIE = 0x2112A442


def answer(request, host, port):
    address = int.from_bytes(socket.inet_aton(host), 'big')
    if request[4:8] != COOKIE.to_bytes(4, 'big'):
        body = struct.pack('>HHBBHI', 0x0001, 8, 0, 1, port, address)
        return struct.pack('>HH', 0x0101, len(body)) + request[4:20] + body
    body = struct.pack('>HHBBHI', 0x0020, 8, 0, 1, port ^ (COOKIE >> 16), address ^ COOKIE)
    message = struct.pack('>HH', 0x0101, len(body) + 8) + request[4:20] + body
    return message + struct.pack('>HHI', 0x8028, 4, zlib.crc32(message) ^ 0x5354554E)


server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind((sys.argv[1], int(sys.argv[2])))
print('ready', flush=True)
while True:
    packet, source = server.recvfrom(2048)
    if len(packet) >= 20 and packet[:2] == b'\x00\x01':
        server.sendto(answer(packet, *source), source)
