"""Small networks in network namespaces: boxes, links, NATs, a relay, and what passes by.

Everything has the process id in its name, so several labs stand side by side. Leaving a lab ends the
processes that it started, by their ids, and deletes its namespaces, whatever happened before.
"""

import contextlib
import ctypes
import os
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time

CLONE_NEWNET = 0x40000000
ETH_P_ALL = 3
PATIENCE = 30.0

libc = ctypes.CDLL(None, use_errno=True)


class Failure(Exception):
    """What a test found wrong."""


class Missing(Exception):
    """What this machine lacks; the test is skipped."""


def run(*command, check=True):
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=30, check=False)
    if check and result.returncode != 0:
        raise Failure(f'{" ".join(map(str, command))}: {result.stderr.strip() or result.stdout.strip()}')
    return result.stdout


def wait_until(what, condition, patience=PATIENCE):
    """Waits for something to be so; returns what the condition returned."""
    limit = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > limit:
            raise Failure(f'waited {patience:.0f} s in vain: {what}')
        time.sleep(0.02)


class Process:
    """A program in a namespace, what it says kept in files."""

    def __init__(self, lab, box, name, command, stdin=None):
        self.name = name
        self.out_path = os.path.join(lab.folder, f'{len(lab.processes)}.{name}.out')
        self.err_path = self.out_path[:-3] + 'err'
        with open(self.out_path, 'wb') as out, open(self.err_path, 'wb') as err:
            self.process = subprocess.Popen(['ip', 'netns', 'exec', box.name, *map(str, command)], stdout=out,
                                            stderr=err, stdin=stdin or subprocess.DEVNULL)

    @property
    def pid(self):
        return self.process.pid

    def out(self):
        with open(self.out_path, encoding='utf-8', errors='replace') as file:
            return file.read()

    def err(self):
        with open(self.err_path, encoding='utf-8', errors='replace') as file:
            return file.read()

    def wait_for(self, pattern, patience=PATIENCE):
        def found():
            match = re.search(pattern, self.out() + self.err(), re.M)
            if not match and self.process.poll() is not None:
                raise Failure(f'{self.name} ended with {self.process.returncode} without "{pattern}"')
            return match
        return wait_until(f'{self.name} says "{pattern}"', found, patience)

    def ends(self, patience=60.0):
        try:
            return self.process.wait(patience)
        except subprocess.TimeoutExpired as error:
            raise Failure(f'{self.name} does not end') from error

    def stop(self):
        """SIGTERM, then its status."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.ends(20)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(20)


class Box:
    """A namespace: a machine of its own as far as the network goes."""

    def __init__(self, lab, short):
        self.short = short
        self.name = f'kithio{os.getpid()}-{short}'
        self.lab = lab
        run('ip', 'netns', 'add', self.name)
        self.ip('link', 'set', 'lo', 'up')

    def exec(self, *command, check=True):
        return run('ip', 'netns', 'exec', self.name, *command, check=check)

    def ip(self, *words):
        return run('ip', '-n', self.name, *words)

    def set(self, name, value):
        """A value of sysctl; those that this kernel has not are left."""
        path = '/proc/sys/' + name.replace('.', '/')
        self.exec('sh', '-c', f'test ! -e {path} || echo {value} >{path}')

    def nft(self, rules):
        path = os.path.join(self.lab.folder, f'{self.short}.nft')
        with open(path, 'w', encoding='utf-8') as file:
            file.write('flush ruleset\n' + rules)
        self.exec('nft', '-f', path)

    @contextlib.contextmanager
    def inside(self):
        """This thread's new sockets belong to the box; those stay there."""
        with open('/proc/thread-self/ns/net', encoding='ascii') as before, \
                open(f'/run/netns/{self.name}', encoding='ascii') as there:
            if libc.setns(there.fileno(), CLONE_NEWNET) != 0:
                raise Failure(f'setns: {os.strerror(ctypes.get_errno())}')
            try:
                yield
            finally:
                libc.setns(before.fileno(), CLONE_NEWNET)


class Lab:
    """Boxes and everything that runs in them; a context manager."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='kith-io-')
        self.boxes = []
        self.processes = []
        self.endings = []
        self.links = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        handlers = [(number, signal.signal(number, signal.SIG_IGN)) for number in (signal.SIGINT, signal.SIGTERM)]
        signal.setitimer(signal.ITIMER_REAL, 0)
        for end in reversed(self.endings):
            end()
        for process in self.processes:
            with contextlib.suppress(Exception):
                process.kill()
        for box in self.boxes:
            subprocess.run(['ip', 'netns', 'del', box.name], capture_output=True, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)
        for number, handler in handlers:
            signal.signal(number, handler)

    def tell(self):
        """What all programs said, for the one who has to find out why."""
        for process in self.processes:
            for kind, text in (('out', process.out()), ('err', process.err())):
                for line in text.splitlines()[-12:]:
                    print(f'    {process.name} {kind}: {line[:240]}')

    def box(self, short):
        self.boxes.append(Box(self, short))
        return self.boxes[-1]

    def start(self, box, name, *command, stdin=None):
        self.processes.append(Process(self, box, name, command, stdin))
        return self.processes[-1]

    def link(self, a, a_name, b, b_name, mtu=1500):
        """A cable between two boxes, up at both ends."""
        self.links += 1
        ends = [f'ki{os.getpid() % 100000}x{self.links}{side}' for side in 'ab']
        run('ip', 'link', 'add', ends[0], 'mtu', mtu, 'type', 'veth', 'peer', 'name', ends[1], 'mtu', mtu)
        for end, box, name in ((ends[0], a, a_name), (ends[1], b, b_name)):
            run('ip', 'link', 'set', 'dev', end, 'netns', box.name)
            box.ip('link', 'set', 'dev', end, 'name', name)
            box.ip('link', 'set', 'dev', name, 'up')

    def capture(self, box, interface):
        taken = Capture(box, interface)
        self.endings.append(taken.end)
        return taken


def add_address(box, interface, *addresses):
    for address in addresses:
        box.ip('addr', 'add', address, 'dev', interface, *(['nodad'] if ':' in address else []))


class Packet:
    """An IP packet that passed by, with the ports of UDP and TCP."""

    def __init__(self, frame):
        self.kind, self.size = struct.unpack('!H', frame[12:14])[0], len(frame)
        self.source = self.target = ''
        self.protocol = 0
        self.source_port = self.target_port = 0
        self.payload = b''
        if self.kind == 0x0800:
            self.protocol = frame[23]
            self.source, self.target = (socket.inet_ntoa(frame[at:at + 4]) for at in (26, 30))
            rest = frame[14 + (frame[14] & 15) * 4:]
        elif self.kind == 0x86dd:
            self.protocol = frame[20]
            self.source, self.target = (socket.inet_ntop(socket.AF_INET6, frame[at:at + 16]) for at in (22, 38))
            rest = frame[54:]
        else:
            return
        if self.protocol in (6, 17) and len(rest) >= 8:
            self.source_port, self.target_port = struct.unpack('!HH', rest[:4])
            self.payload = rest[8:] if self.protocol == 17 else rest[(rest[12] >> 4) * 4:] if len(rest) > 12 else b''

    def is_ip(self):
        return self.kind in (0x0800, 0x86dd)

    def __str__(self):
        return f'{self.source}:{self.source_port} -> {self.target}:{self.target_port} ({self.protocol})'


class Capture:
    """Every packet that an interface sees."""

    def __init__(self, box, interface):
        with box.inside():
            self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self.socket.setsockopt(socket.SOL_SOCKET, 33, 16 << 20)  # SO_RCVBUFFORCE
        self.socket.bind((interface, ETH_P_ALL))
        self.packets = []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while not self.ended.is_set():
            if not select.select([self.socket], [], [], 0.1)[0]:
                continue
            packet = Packet(self.socket.recv(65536))
            if packet.is_ip():
                self.packets.append(packet)

    def end(self):
        """Returns what was seen."""
        if not self.ended.is_set():
            time.sleep(0.2)
            self.ended.set()
            self.thread.join()
            self.socket.close()
        return self.packets


class Recorder:
    """Stands before a signaling server and keeps each line that passes."""

    def __init__(self, lab, box, address, port, behind):
        family = socket.AF_INET6 if ':' in address else socket.AF_INET
        self.box = box
        self.behind = (address, behind)
        self.family = family
        self.lines = []
        self.open = []
        self.lock = threading.Lock()
        with box.inside():
            self.listener = socket.socket(family, socket.SOCK_STREAM)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((address, port))
        self.listener.listen(16)
        threading.Thread(target=self._accept, daemon=True).start()
        lab.endings.append(self.end)

    def _accept(self):
        with self.box.inside():
            while True:
                try:
                    client = self.listener.accept()[0]
                    server = socket.socket(self.family, socket.SOCK_STREAM)
                    server.connect(self.behind)
                except OSError:
                    return
                with self.lock:
                    self.open += [client, server]
                for source, target in ((client, server), (server, client)):
                    threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source, target):
        rest = b''
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                *lines, rest = (rest + data).split(b'\n')
                with self.lock:
                    self.lines += lines
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def signals(self):
        """The bytes of each signal so far."""
        with self.lock:
            lines = list(self.lines)
        signals = []
        for line in lines:
            words = line.split(b' ')
            if len(words) == 2:
                signals.append(bytes.fromhex(words[1].decode('ascii').strip()))
        return signals

    def candidates(self):
        """The candidate lines in them."""
        found = []
        for one in self.signals():
            found += [text.decode('ascii') for text in re.findall(rb'candidate:[ -~]*? typ (?:host|srflx|prflx|relay)', one)]
        return found

    def end(self):
        for end in [self.listener, *self.open]:
            with contextlib.suppress(OSError):
                end.close()


# --- NATs

def _gateway(post):
    return f'''
table ip nat {{
	chain post {{ type nat hook postrouting priority 100; oifname "wan" {post}; }}
}}
table inet filter {{
	chain input {{ type filter hook input priority 0; policy drop;
		iifname {{ "lo", "lan", "lan2" }} accept; ct state established,related accept; }}
	chain forward {{ type filter hook forward priority 0; policy drop;
		ct state established,related accept; iifname {{ "lan", "lan2" }} accept; }}
}}
'''


NATS = {
    # One port for all destinations, which lets in only who was written to.
    'restricted': _gateway('masquerade'),
    # Another port for each destination.
    'symmetric': _gateway('masquerade fully-random'),
    # The same, and UDP does not pass at all.
    'tcp-only': _gateway('masquerade').replace('iifname { "lan", "lan2" } accept; }', 'ip protocol udp drop; iifname { "lan", "lan2" } accept; }'),
}


class Internet:
    """Two homes behind gateways, a router between them, and a box of servers."""

    SERVER, RELAY = '203.0.113.10', '203.0.113.20'

    def __init__(self, lab, nat_a='restricted', nat_b='restricted', mtu=1500):
        self.router, self.server = lab.box('r'), lab.box('s')
        self.gateways = []
        self.router.set('net.ipv4.ip_forward', 1)
        lab.link(self.router, 'srv', self.server, 'eth0')
        add_address(self.router, 'srv', '203.0.113.1/24')
        add_address(self.server, 'eth0', f'{self.SERVER}/24', f'{self.RELAY}/24')
        self.server.ip('route', 'add', 'default', 'via', '203.0.113.1')
        self.homes = [self._home(lab, side, number, nat, mtu)
                      for side, number, nat in (('a', 1, nat_a), ('b', 2, nat_b))]

    def neighbour(self, lab):
        """One more box behind the first gateway, in a network of its own."""
        box = lab.box('n')
        lab.link(self.gateways[0], 'lan2', box, 'eth0')
        add_address(self.gateways[0], 'lan2', '192.168.3.1/24')
        add_address(box, 'eth0', '192.168.3.10/24')
        box.ip('route', 'add', 'default', 'via', '192.168.3.1')
        box.private = '192.168.3.10'
        return box

    def _home(self, lab, side, number, nat, mtu):
        gateway, peer = lab.box(f'g{side}'), lab.box(f'p{side}')
        self.gateways.append(gateway)
        wan, inner = f'198.51.100.{16 * number}', f'192.168.{number}'
        base = wan.rsplit('.', 1)[0]
        lab.link(self.router, side, gateway, 'wan', mtu)
        lab.link(gateway, 'lan', peer, 'eth0', mtu)
        add_address(self.router, side, f'{base}.{16 * number + 1}/28')
        add_address(gateway, 'wan', f'{base}.{16 * number + 2}/28')
        add_address(gateway, 'lan', f'{inner}.1/24')
        add_address(peer, 'eth0', f'{inner}.10/24')
        gateway.ip('route', 'add', 'default', 'via', f'{base}.{16 * number + 1}')
        peer.ip('route', 'add', 'default', 'via', f'{inner}.1')
        gateway.set('net.ipv4.ip_forward', 1)
        gateway.nft(NATS[nat])
        peer.public = f'{base}.{16 * number + 2}'
        peer.private = f'{inner}.10'
        return peer


def start_relay(lab, box, addresses, user='ann', password='secret', port=3478):
    """coturn: STUN for everybody, relays for a user."""
    turnserver = shutil.which('turnserver')
    if turnserver is None:
        raise Missing('coturn is not installed')
    options = [f'--{kind}-ip={address}' for kind in ('listening', 'relay') for address in addresses]
    relay = lab.start(box, 'coturn', turnserver, '-n', *options, f'--listening-port={port}', '--no-cli', '--no-tls',
                      '--no-dtls', '--verbose', '--lt-cred-mech', f'--user={user}:{password}', '--realm=lab', '--log-file=stdout',
                      '--simple-log', f'--pidfile={lab.folder}/coturn.pid', f'--db={lab.folder}/coturn.db',
                      '--relay-threads=1', '--no-multicast-peers', '--allocation-default-address-family=keep')

    def answers():
        if relay.process.poll() is not None:
            raise Failure(f'coturn ended: {relay.out()[-400:]}')
        with box.inside():
            probe = socket.socket(socket.AF_INET6 if ':' in addresses[0] else socket.AF_INET, socket.SOCK_DGRAM)
        with probe:
            probe.settimeout(0.2)
            probe.sendto(b'\x00\x01\x00\x00\x21\x12\xa4\x42' + b'kith-io-test', (addresses[0], port))
            try:
                return probe.recv(1500)[:2] == b'\x01\x01'
            except OSError:
                return False
    wait_until('coturn answers', answers)
    return relay


def sweep():
    """Ends what runs in namespaces of labs that were killed, and deletes them."""
    for name in re.findall(r'^(kithio(\d+)-\S+)', run('ip', 'netns', 'list', check=False), re.M):
        if os.path.exists(f'/proc/{name[1]}'):
            continue
        for pid in run('ip', 'netns', 'pids', name[0], check=False).split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        run('ip', 'netns', 'del', name[0], check=False)


def why_not():
    """Why this machine cannot do any of this, or None."""
    if os.geteuid() != 0:
        return 'not root'
    for program in ('ip', 'nft'):
        if shutil.which(program) is None:
            return f'{program} is not installed'
    name = f'kithio{os.getpid()}-probe'
    made = subprocess.run(['ip', 'netns', 'add', name], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        return f'no network namespaces: {made.stderr.strip()}'
    try:
        linked = subprocess.run(['ip', '-n', name, 'link', 'add', 'probe0', 'type', 'veth', 'peer', 'name', 'probe1'],
                                capture_output=True, text=True, check=False)
        return f'no veth: {linked.stderr.strip()}' if linked.returncode != 0 else None
    finally:
        subprocess.run(['ip', 'netns', 'del', name], capture_output=True, check=False)
