"""Starting and ending the two kinds of peers, and what they say."""
import os
import socket
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))


class Failed(Exception):
    pass


class Skipped(Exception):
    pass


class Process:
    """A program whose lines of output can be waited for."""

    def __init__(self, command, stdin=None):
        self.command = command
        self.lines = []
        self.changed = threading.Condition()
        self.process = subprocess.Popen(command, stdin=stdin or subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, errors='replace')
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line.rstrip('\n'))
                self.changed.notify_all()

    def wait_line(self, part, timeout=10):
        """The first line that contains `part`."""
        end = time.monotonic() + timeout
        with self.changed:
            while True:
                for line in self.lines:
                    if part in line:
                        return line
                left = end - time.monotonic()
                if left <= 0 or (self.process.poll() is not None and not self.reader.is_alive()):
                    raise Failed(f'no line with "{part}" from {self.describe()}')
                self.changed.wait(min(left, 0.2))

    def wait_end(self, timeout=30):
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise Failed(f'did not end: {self.describe()}')
        self.reader.join(2)
        return self.process.returncode

    def succeed(self, timeout=30):
        if self.wait_end(timeout) != 0:
            raise Failed(f'status {self.process.returncode} of {self.describe()}')

    def has(self, part):
        return any(part in line for line in self.lines)

    def describe(self):
        return ' '.join(self.command[:1] + self.command[1:]) + '\n    | ' + '\n    | '.join(self.lines[-6:])

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


class Bench:
    """Where the programs are, and what runs for the case at hand."""

    def __init__(self, kith, gns):
        self.kith_path = kith
        self.gns_path = gns
        self.running = []

    def start(self, command, **more):
        process = Process(command, **more)
        self.running.append(process)
        return process

    def kith(self, *words):
        return self.start([self.kith_path, *words])

    def gns(self, *words):
        return self.start([self.gns_path, *words])

    def proxy(self, port, target, *rules):
        read_end, write_end = os.pipe()
        process = self.start([sys.executable, os.path.join(HERE, 'udp_proxy.py'), str(port), str(target), *rules],
                             stdin=read_end)
        os.close(read_end)
        process.hold = write_end
        process.wait_line('ready')
        return process

    def signald(self):
        process = self.kith('signald', '--listen', '127.0.0.1:0')
        return process.wait_line('listening on').split()[-1]

    def clean_some(self, processes):
        for process in processes:
            process.kill()
            self.running.remove(process)

    def clean(self):
        for process in self.running:
            process.kill()
        self.running = []


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]
