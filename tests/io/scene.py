"""What the tests of peers on machines of their own share: peers, what they say, and running the tests."""

import json
import os
import signal
import sys
import time
import traceback

from lab import Failure, Internet, Lab, Missing, Recorder, add_address, start_relay, sweep, why_not

TEST_SECONDS = 150
TESTS = []
SIGNAL_PORT, BEHIND_PORT = 10000, 10001
RELAY_USER, RELAY_PASSWORD = 'ann', 'secret'
kith = os.path.join(os.path.abspath(sys.argv[1]), 'kith') if len(sys.argv) > 1 else ''


def test(function):
    TESTS.append(function)
    return function


def check(condition, what):
    if not condition:
        raise Failure(what)


def equal(found, wanted, what):
    check(found == wanted, f'{what}: {found!r}, not {wanted!r}')


# --- peers

def start_signaling(lab, box, address, record=False):
    """Returns the URL and, if asked for, the recorder in front of it."""
    port = BEHIND_PORT if record else SIGNAL_PORT
    literal = f'[{address}]' if ':' in address else address
    server = lab.start(box, 'signald', kith, 'signald', '--listen', f'{literal}:{port}')
    server.wait_for('^listening on ')
    recorder = Recorder(lab, box, address, SIGNAL_PORT, BEHIND_PORT) if record else None
    return f'tcp://{literal}:{SIGNAL_PORT}', recorder, server


def start_echo(lab, box, url, *options):
    echo = lab.start(box, 'echo', kith, 'echo', '--identity', 'str:bob', '--signaling', url, '--json', *options)
    echo.wait_for('"event":"ready"')
    return echo


def start_ping(lab, box, url, *options, count=5, interval=0.05):
    return lab.start(box, 'ping', kith, 'ping', 'str:bob', '--identity', 'str:alice', '--signaling', url, '--json', '-c',
                     count, '-i', interval, *options)


def events_of(process):
    return [json.loads(line) for line in (process.out() + process.err()).splitlines() if line.startswith('{')]


def connected_event(process):
    found = [event for event in events_of(process) if event.get('state') == 'connected']
    check(found, f'{process.name} was never connected')
    return found[0]


def ip_of(text):
    """The address of "ip:port"."""
    return text.rsplit(':', 1)[0].strip('[]')


def port_of(text):
    return int(text.rsplit(':', 1)[1])


def expect_success(ping, route=None, count=5):
    """All messages came back; returns the event of the connection."""
    equal(ping.ends(), 0, 'status of ping')
    summary = [event for event in events_of(ping) if event['event'] == 'summary'][0]
    equal((summary['sent'], summary['received']), (count, count), 'messages sent and come back')
    state = connected_event(ping)
    if route is not None:
        equal(state['route'], route, 'route')
    return state


def expect_failure(ping, *words):
    """It ends with status 1 and says why."""
    equal(ping.ends(), 1, 'status of ping')
    texts = ' | '.join(event.get('text', '') for event in events_of(ping) if event['event'] == 'error')
    for word in words:
        check(word in texts, f'"{word}" is not said: {texts}')
    return texts


def turn(transport='udp', host=Internet.RELAY, port=3478, password=RELAY_PASSWORD):
    return ['--turn', f'turn:{host}:{port}?transport={transport}', '--turn-user', RELAY_USER, '--turn-password', password]


def stun(host=Internet.RELAY, port=3478):
    return ['--stun', f'{host}:{port}']


def note(text):
    print(f'    {text}')


# --- topologies

def local_network(lab, *subnets):
    """Two peers and a server on one wire, with addresses in each of the subnets ("10.1.1.%d/24")."""
    switch = lab.box('sw')
    switch.ip('link', 'add', 'bridge', 'type', 'bridge')
    switch.ip('link', 'set', 'bridge', 'up')
    switch.set('net.bridge.bridge-nf-call-iptables', 0)
    boxes = []
    for number, short in enumerate(('a', 'b', 's'), 2):
        box = lab.box(short)
        lab.link(switch, short, box, 'eth0')
        switch.ip('link', 'set', 'dev', short, 'master', 'bridge')
        for subnet in subnets:
            add_address(box, 'eth0', subnet % number)
        box.address = (subnets[0] % number).split('/')[0]
        boxes.append(box)
    return boxes


def served_internet(lab, *nats, **more):
    """Two homes, a signaling server and a relay. Returns the network and the URL of the former."""
    net = Internet(lab, *nats, **more)
    url, _, _ = start_signaling(lab, net.server, net.SERVER)
    start_relay(lab, net.server, [net.RELAY])
    return net, url


def udp_sockets_on(process, port):
    """How many sockets of the process's network are bound to the port."""
    count = 0
    for table in ('udp', 'udp6'):
        with open(f'/proc/{process.pid}/net/{table}', encoding='ascii') as file:
            count += sum(int(line.split()[1].rsplit(':', 1)[1], 16) == port for line in file.readlines()[1:])
    return count


# --- replies

def longest_reply(process):
    return max(event['rtt_us'] for event in events_of(process) if event['event'] == 'reply') / 1000


def start_direct_ping(lab, box, target):
    ping = lab.start(box, 'ping', kith, 'ping', f'udp:{target}', '--json', '-c', 150, '-i', 0.02)
    ping.wait_for('"event":"reply".*"seq":20,')
    return ping


# --- running

class scene(Lab):
    """A lab that tells what its programs said when something is wrong."""

    def __exit__(self, kind, *rest):
        if kind is not None and kind is not Missing:
            self.tell()
        super().__exit__(kind, *rest)


def on_alarm(*_):
    raise Failure(f'took longer than {TEST_SECONDS} s')


def on_end(*_):
    sys.exit(1)


def run_one(function):
    signal.setitimer(signal.ITIMER_REAL, TEST_SECONDS)
    try:
        function()
        return 'passed'
    except Missing as missing:
        print(f'skipped: {function.__name__}: {missing}')
        return 'skipped'
    except Exception as error:  # pylint: disable=broad-except
        print(f'FAILED: {function.__name__}: {error}')
        if not isinstance(error, Failure):
            traceback.print_exc(file=sys.stdout)
        return 'failed'
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def main():
    """Runs the tests that the program named, or has; the last line is `N passed, N failed, N skipped`."""
    if len(sys.argv) < 2:
        sys.exit('which build folder?')
    names = sys.argv[2:]
    chosen = [function for function in TESTS if not names or function.__name__ in names]
    if not chosen:
        sys.exit('there is no such test')
    signal.signal(signal.SIGALRM, on_alarm)
    signal.signal(signal.SIGTERM, on_end)
    signal.signal(signal.SIGINT, on_end)
    lacking = why_not()
    if lacking is not None:
        print(f'skipped: {len(chosen)} tests in network namespaces: {lacking}')
        print(f'0 passed, 0 failed, {len(chosen)} skipped')
        return
    sweep()
    counts = {'passed': 0, 'failed': 0, 'skipped': 0}
    for function in chosen:
        begun = time.monotonic()
        result = run_one(function)
        counts[result] += 1
        print(f'- {function.__name__}: {result}, {time.monotonic() - begun:.1f} s', flush=True)
    print(', '.join(f'{number} {word}' for word, number in counts.items()))
    sys.exit(counts['failed'] > 0)

