"""Is the cable what it says? Datagrams through it, in both directions, numbered and timed."""

import socket
import struct
import threading
import time

from lab import add_address

FORM = struct.Struct('!Id')
SECOND_LAST = 0.6  # how long to wait for the last ones


class Cable:
    """Two boxes and a wire of that shape between them."""

    def __init__(self, world, shape):
        number = world.links
        boxes = [world.box(f'w{number}{side}') for side in 'ab']
        world.join(boxes[0], 'eth0', boxes[1], 'eth0', shape)
        self.sockets = []
        for box, address in zip(boxes, ('10.9.0.1', '10.9.0.2')):
            add_address(box, 'eth0', f'{address}/24')
            with box.inside():
                sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            sock.setsockopt(socket.SOL_SOCKET, 33, 16 << 20)  # SO_RCVBUFFORCE
            sock.bind((address, 7000))
            self.sockets.append(sock)
        self.sockets[0].connect(('10.9.0.2', 7000))

    def carry(self, count, pause=0.0, size=100):
        """Returns (number, milliseconds on the way) of each that came, in the order of coming."""
        seen = []
        reader = threading.Thread(target=self._read, args=(seen,))
        reader.start()
        for number in range(count):
            self.sockets[0].send(FORM.pack(number, time.monotonic()).ljust(size, b'\x80'))
            time.sleep(pause)
        reader.join()
        for sock in self.sockets:
            sock.close()
        return seen

    def _read(self, seen):
        self.sockets[1].settimeout(SECOND_LAST)
        while True:
            try:
                data = self.sockets[1].recv(2000)
            except OSError:
                return
            number, sent = FORM.unpack(data[:FORM.size])
            seen.append((number, (time.monotonic() - sent) * 1000))


def lengths_of_gaps(numbers, count):
    """Of each run of numbers that are missing."""
    gaps, length = [], 0
    for number in range(count):
        if number not in numbers:
            length += 1
        elif length:
            gaps.append(length)
            length = 0
    return gaps


def middle(values):
    return sorted(values)[len(values) // 2]


def delay(world):
    times = [ms for _, ms in Cable(world, 'delay=20').carry(200, 0.003)]
    return min(times) >= 20 and middle(times) < 21 and len(times) == 200, f'delay=20: {min(times):.2f} to {middle(times):.2f} ms'


def jitter(world):
    seen = Cable(world, 'delay=20,jitter=20').carry(400, 0.004)
    times = [ms for _, ms in seen]
    in_order = [number for number, _ in seen] == sorted(number for number, _ in seen)
    return in_order and min(times) < 24 and max(times) > 36, f'delay=20,jitter=20: {min(times):.1f} to {max(times):.1f} ms, in order'


def loss(world):
    numbers = {number for number, _ in Cable(world, 'loss=10').carry(4000, 0.0001)}
    share = 100 - len(numbers) / 40
    return 8.5 < share < 11.5, f'loss=10: {share:.1f} %'


def bursts(world):
    count = 6000
    numbers = {number for number, _ in Cable(world, 'loss=10,burst=5').carry(count, 0.0001)}
    gaps = lengths_of_gaps(numbers, count)
    share, length = 100 - len(numbers) * 100 / count, sum(gaps) / len(gaps)
    return 6.5 < share < 14 and 3.8 < length < 6.2, f'loss=10,burst=5: {share:.1f} %, {length:.1f} at once'


def order(world):
    numbers = [number for number, _ in Cable(world, 'delay=1,dup=5,reorder=5').carry(2000, 0.001)]
    late = sum(one < max(numbers[:at]) for at, one in enumerate(numbers) if at)
    double = len(numbers) - len(set(numbers))
    return len(set(numbers)) == 2000 and 60 < double < 140 and 60 < late < 160, f'dup=5,reorder=5 of 2000: {double} twice, {late} late'


def rate(world):
    # 1,000 bytes and headers: 200 of them take 167 ms at 10 Mbit/s. The queue holds 50 ms of them.
    times = [ms for _, ms in Cable(world, 'rate=10,queue=50').carry(200, 0, 1000)]
    held = len(times) * 1042 * 8 / 10000
    return 45 < max(times) < 60 and 45 < held < 75, f'rate=10,queue=50: waits up to {max(times):.0f} ms, {len(times)} of 200 get through'


CHECKS = (delay, jitter, loss, bursts, order, rate)
