"""Rows 7-11 and 26: messages by address, every one compared byte by byte, with its number."""
import os
import time

from peers import OTHER, expect, finish
from rows import BOTH, case, four

SMALL = '0,1,31,32,1131,1137,4096'
UNRELIABLE = SMALL + ',1300,16500'
LARGE = SMALL + ',65536,524288'
# GNS sends 256 KiB a second unless it is told otherwise.
FAST = {'kith': [], 'gns': ['--set=SendRateMin=40000000', '--set=SendRateMax=40000000',
                            '--set=SendBufferSize=2097152']}


def exchange(bench, caller, sender, words, spoiled=()):
    """Both peers; what the sender sends comes back. `spoiled`: settings of the GNS peer's fake network."""
    def words_of(kind):
        job = '--job=send' if kind == sender else '--job=echo'
        stay = '' if kind == caller else '--stay'
        return [job, stay, *words, *FAST[kind], *(f'--set={rule}' for rule in spoiled if kind == 'gns')]
    server, place = bench.udp_listener(OTHER[caller], *words_of(OTHER[caller]))
    client = bench.peer(caller, place, *words_of(caller))
    if caller == sender and spoiled:
        client.succeed(100)  # its close may get lost
    elif caller == sender:
        finish(client, server, 100)
    else:
        server.wait_line('^done', 100)
        server.say('close')
        client.wait_line('^closed peer 1234 bye')
        server.succeed()
    done = (client if caller == sender else server).wait_line(r'^verified (\d+) of (\d+), (\d+) bytes in (\d+) ms')
    count, total, size, took = map(int, done.groups())
    expect(count == total or spoiled, 'not all', client, server)
    return f'{size / 1e6:.1f} MB each way in {took / 1000:.1f} s'


@case(7, *four('sends'))
def reliable_sizes(bench, roles):
    return exchange(bench, *roles[:2], [f'--sizes={LARGE}', '--messages=72'])


@case(7, *four('sends'))
def unreliable_sizes(bench, roles):
    """Nothing is lost on the way; a buffer that is full for a moment may drop a few."""
    return exchange(bench, *roles[:2], [f'--sizes={UNRELIABLE}', '--messages=90', '--mode=unreliable', '--every=2'])


@case(7, *BOTH, waits=True)
def to_a_slow_reader(bench, caller):
    """GNS sends back 256 KiB a second and reads no faster; Kith does not flood it meanwhile."""
    words = ['--sizes=524288', '--messages=8']
    server, place = bench.udp_listener(OTHER[caller], *words, '--job=' + ('echo' if caller == 'kith' else 'send'),
                                       '--stay' if caller == 'gns' else '')
    client = bench.peer(caller, place, *words, '--job=' + ('send' if caller == 'kith' else 'echo'))
    kith = client if caller == 'kith' else server
    kith.wait_line('^done', 60)
    if caller == 'gns':
        kith.say('close')
    sent = int(kith.wait_line(r'packets sent (\d+)').group(1))
    expect(sent < 12000, f'{sent} packets', kith)
    return f'{sent} packets for 4.2 MB each way'


@case(8, *four('sends'))
def message_numbers(bench, roles):
    """Reliable and unreliable ones share their numbers: the peers compare each with what it has to be."""
    return exchange(bench, *roles[:2], ['--sizes=8,700,40', '--messages=600', '--mode=mixed', '--every=1'])


@case(9, *four('sends'))
def lanes(bench, roles):
    """Eight lanes; small messages, so that a packet holds segments of several."""
    return exchange(bench, *roles[:2], ['--sizes=4,60,200,2500', '--messages=4000', '--lanes=8', '--window=400'])


@case(9, *four('sends'))
def lanes_of_both_kinds(bench, roles):
    words = ['--sizes=4,60,200', '--messages=800', '--lanes=8', '--mode=mixed', '--every=1']
    return exchange(bench, *roles[:2], words)


def bad_network(bench, roles, *rules):
    words = ['--sizes=1000,40,90000,20,524288,4000', '--messages=102', '--timeout=90000']
    return exchange(bench, *roles, words, rules)


@case(10, *BOTH)
def loses_5_percent(bench, caller):
    return bad_network(bench, (caller, caller), 'FakePacketLoss_Send=5', 'FakePacketLoss_Recv=5')


@case(10, *BOTH)
def loses_20_percent(bench, caller):
    return bad_network(bench, (caller, caller), 'FakePacketLoss_Send=20', 'FakePacketLoss_Recv=20')


@case(10, *BOTH)
def reorders_and_doubles(bench, caller):
    return bad_network(bench, (caller, caller), 'FakePacketReorder_Send=10', 'FakePacketReorder_Recv=10',
                       'FakePacketDup_Send=5', 'FakePacketDup_Recv=5')


@case(10, *BOTH)
def all_of_it_and_lag(bench, caller):
    return bad_network(bench, (caller, caller), 'FakePacketLoss_Send=5', 'FakePacketLoss_Recv=5',
                       'FakePacketReorder_Send=10', 'FakePacketReorder_Recv=10', 'FakePacketDup_Send=5',
                       'FakePacketDup_Recv=5', 'FakePacketLag_Send=10', 'FakePacketLag_Recv=10')


@case(10, *BOTH)
def unreliable_ones_get_lost(bench, caller):
    """Most of them come back, none twice, none changed."""
    return exchange(bench, caller, caller,
                    ['--sizes=8,1000,5000', '--messages=1500', '--mode=unreliable', '--every=1', '--tolerate=60'],
                    ['FakePacketLoss_Send=5', 'FakePacketLoss_Recv=5', 'FakePacketReorder_Send=10',
                     'FakePacketDup_Send=5'])


@case(11, *BOTH)
def packet_numbers_wrap(bench, caller):
    """More than 70,000 packets in each direction, some of them lost."""
    seen = exchange(bench, caller, caller, ['--sizes=524288', '--messages=180', '--timeout=120000', '--window=8'],
                    ['FakePacketLoss_Send=1', 'FakePacketLoss_Recv=1'])
    kith = next(process for process in bench.running if 'kith_peer' in process.command[0])
    sent, received = map(int, kith.ask('status', r'packets sent (\d+) received (\d+)').groups())
    expect(sent > 70000 and received > 70000, f'{sent} sent, {received} received', kith)
    return f'{seen}, {sent} packets sent, {received} received'


def watch(seconds):
    """Waits; says for how long at once this machine did not let us run, in milliseconds."""
    end = time.monotonic() + seconds
    worst = 0
    while (began := time.monotonic()) < end:
        time.sleep(0.02)
        worst = max(worst, time.monotonic() - began - 0.02)
    return int(worst * 1000)


def soak_seconds():
    return int(os.environ.get('KITH_INTEROP_SOAK', '60'))


@case(26, *BOTH, waits=60)
def soak(bench, caller):
    """60 packets a second each way, 1 % lost; KITH_INTEROP_SOAK seconds, 60 unless set."""
    seconds = soak_seconds()
    words = ['--sizes=100,300,1000', '--mode=mixed', '--every=16', f'--messages={seconds * 60}', '--tolerate=10',
             f'--timeout={(seconds + 30) * 1000}']
    rules = ['FakePacketLoss_Send=1', 'FakePacketLoss_Recv=1']
    spoiled = {'gns': [f'--set={rule}' for rule in rules], 'kith': []}
    server, place = bench.udp_listener(OTHER[caller], '--job=echo', *words, *spoiled[OTHER[caller]])
    client = bench.peer(caller, place, '--job=send', *words, *spoiled[caller])
    kith = client if caller == 'kith' else server
    client.wait_line('^connected')
    hindered = watch(seconds / 4)
    before = kith.memory_kb()
    hindered = max(hindered, watch(seconds / 2))
    after = kith.memory_kb()
    hindered = max(hindered, watch(seconds / 4 + 2))
    client.succeed(seconds + 60)
    expect(after - before < 1024, f'from {before} to {after} KiB', kith)
    done = client.wait_line(r'^verified (\d+) of (\d+), .* worst gap (\d+) ms')
    expect(int(done.group(3)) < 1500 + 2 * hindered, f'stalled, {hindered} ms of it we did too', client)
    came, sent, gap = done.groups()
    return f'{seconds} s: {came} of {sent} came back, worst gap {gap} ms, {before} -> {after} KiB'
