"""Starting and ending the two kinds of peers, and what they say."""
import os
import re
import socket
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
OTHER = {'kith': 'gns', 'gns': 'kith'}


class Failed(Exception):
    pass


class Skipped(Exception):
    pass


class Process:
    """A program whose lines of output can be waited for, and which takes commands."""

    def __init__(self, command):
        self.command = command
        self.lines = []
        self.changed = threading.Condition()
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, errors='replace')
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line.rstrip('\n'))
                self.changed.notify_all()

    def say(self, command):
        try:
            self.process.stdin.write(command + '\n')
            self.process.stdin.flush()
        except BrokenPipeError:
            self.reader.join(2)
            raise Failed(f'ended before "{command}": {self.describe()}') from None

    def ask(self, command, pattern):
        """Says it unless the program has ended, and waits for the line, which may be there already."""
        try:
            self.say(command)
        except Failed:
            pass
        return self.wait_line(pattern)

    def wait_line(self, pattern, timeout=20, times=1):
        """The match of the first (or so many times'th) line in which the pattern is found."""
        end = time.monotonic() + timeout
        with self.changed:
            while True:
                found = [match for match in (re.search(pattern, line) for line in self.lines) if match]
                if len(found) >= times:
                    return found[times - 1]
                left = end - time.monotonic()
                if left <= 0 or not self.reader.is_alive():
                    raise Failed(f'no line with "{pattern}" from {self.describe()}')
                self.changed.wait(min(left, 0.2))

    def has(self, pattern):
        return any(re.search(pattern, line) for line in self.lines)

    def count(self, pattern):
        return sum(re.search(pattern, line) is not None for line in self.lines)

    def wait_end(self, timeout=30):
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise Failed(f'did not end: {self.describe()}') from None
        self.reader.join(2)
        return self.process.returncode

    def succeed(self, timeout=60):
        if self.wait_end(timeout) != 0:
            raise Failed(f'status {self.process.returncode} of {self.describe()}')
        return self

    def describe(self):
        return ' '.join(self.command) + ''.join('\n    | ' + line for line in self.lines[-8:])

    def memory_kb(self):
        with open(f'/proc/{self.process.pid}/status', encoding='ascii') as status:
            return int(re.search(r'VmRSS:\s+(\d+)', status.read()).group(1))

    def kill(self):
        if self.process.poll() is None:
            began = time.monotonic()
            self.process.kill()
            self.process.wait()
            if time.monotonic() - began > 2:
                print(f'it took {time.monotonic() - began:.1f} s to kill {self.command[0]}', flush=True)
        for stream in (self.process.stdin, self.process.stdout):
            try:
                stream.close()
            except (BrokenPipeError, ValueError):
                pass


class Bench:
    """Where the programs are, and what runs for the case at hand."""

    def __init__(self, programs, lan):
        self.programs = programs  # of both kinds of peers, and of the signaling server
        self.lan = lan
        self.running = []

    def start(self, command):
        process = Process(command)
        self.running.append(process)
        return process

    def peer(self, kind, *words, inside=None):
        """A peer of this kind. `inside`: the network namespace it runs in."""
        words = [word for word in words if word]
        return self.start([*(inside.enter() if inside else []), self.programs[kind], *words])

    def listener(self, kind, *words, **where):
        peer = self.peer(kind, '--listen', *words, **where)
        peer.wait_line('^ready')
        return peer

    def udp_listener(self, kind, *words, host='127.0.0.1'):
        """A peer that listens on a free port, and the option by which another calls it."""
        place = f'--udp={host}:{free_port()}'
        return self.listener(kind, place, *words), place

    def proxy(self, place, *rules):
        """A proxy before `place` that keeps to the rules, and the option by which it is called."""
        port = free_port()
        process = self.start([sys.executable, os.path.join(HERE, 'udp_proxy.py'), str(port),
                              place.rsplit(':', 1)[1], *rules])
        process.wait_line('^ready')
        return process, f'--udp=127.0.0.1:{port}'

    def signald(self, inside=None, address='127.0.0.1'):
        """The option by which peers reach a signaling server of Kith's."""
        process = self.start([*(inside.enter() if inside else []), self.programs['signald'], 'signald', '--listen',
                              f'{address}:0'])
        return '--signaling=' + process.wait_line(r'listening on (\S+)').group(1)

    def need_lan(self):
        """Peers that meet by signals need an address other than that of loopback."""
        if self.lan is None:
            raise Skipped('network namespaces cannot be made')

    def lan_signald(self):
        """The same of one that the other host of the LAN reaches too."""
        self.need_lan()
        return self.signald(address=self.lan.ADDRESS)

    def bad_signald(self, *rules):
        """The same of one that keeps to rules."""
        process = self.start([sys.executable, os.path.join(HERE, 'signal_relay.py'), *rules])
        return '--signaling=' + process.wait_line(r'listening on (\S+)').group(1)

    def clean(self, processes=None):
        for process in list(processes or self.running):
            process.kill()
            self.running.remove(process)


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def expect(condition, what, *processes):
    if not condition:
        raise Failed(what + ''.join('\n  ' + process.describe() for process in processes))


def took_ms(process):
    """Milliseconds from the call to the connection, as the peer saw it."""
    return int(process.wait_line(r'^connected .* after (\d+) ms').group(1))


def finish(caller, listener, timeout=60):
    """All that the caller sent came back, it closes, and the listener is told."""
    caller.wait_line('^verified', timeout)
    listener.wait_line(r'^closed peer 1234 bye')
    caller.say('quit')
    caller.succeed(10)
    listener.succeed(10)
