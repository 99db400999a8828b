"""What stands before the signaling server: something that records, or that loses signals."""

import contextlib
import random
import socket

from lab import Recorder
from world import SIGNAL_PORT

BEHIND_PORT = SIGNAL_PORT + 1


def _stand_before(world, make):
    world.start_signaling(BEHIND_PORT)
    return [make(world, world.servers, address, SIGNAL_PORT, BEHIND_PORT) for address in (world.SIGNAL4, world.SIGNAL6)]


def record(world):
    """Starts a signaling server; returns its recorders, one for each family."""
    return _stand_before(world, Recorder)


def lose(world, share):
    """Starts a signaling server that loses that share of all signals."""
    return _stand_before(world, lambda *words: Loser(share, *words))


class Loser(Recorder):
    """Counts what passed (`lines`) and what did not (`lost`). A client's first line is its identity, and is not lost."""

    def __init__(self, share, *words):
        self.share = share
        self.random = random.Random(words[0].seed)
        self.lost = 0
        super().__init__(*words)

    def _pass_on(self, source, target):
        # Only on the way in: a signal has one chance to be lost, not two.
        inwards = target.getpeername()[:2] == self.behind
        rest = b''
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                *lines, rest = (rest + data).split(b'\n')
                target.sendall(b''.join(line + b'\n' for line in lines if not inwards or self._is_kept(line)))
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _is_kept(self, line):
        with self.lock:
            if len(line.split()) == 2 and self.random.random() < self.share:
                self.lost += 1
                return False
            self.lines.append(line)
            return True
