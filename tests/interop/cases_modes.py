"""Row 27: delivery modes of Kith that GNS has no word for."""
import time

from cases_data import FAST
from peers import OTHER, expect
from rows import BOTH, case

DISORDER = ['--set=FakePacketReorder_Send=20', '--set=FakePacketReorder_Recv=20', '--set=FakePacketReorder_Time=5']


def open_both(bench, caller, of_kith, of_gns):
    """The Kith and the GNS peer, whichever calls."""
    words = {'kith': of_kith, 'gns': of_gns}
    server, place = bench.udp_listener(OTHER[caller], *words[OTHER[caller]])
    client = bench.peer(caller, place, *words[caller])
    return (client, server) if caller == 'kith' else (server, client)


@case(27, *BOTH)
def sequenced_ones_are_unreliable_to_gns(bench, caller):
    """GNS answers all of them, those that came late as well, and sends none back marked."""
    words = ['--sizes=8,200,1100,3000', '--messages=600', '--mode=unreliable', '--every=1', '--tolerate=20']
    kith, gns = open_both(bench, caller, ['--job=send', '--sequenced', '--stay' if caller == 'gns' else '', *words],
                          ['--job=echo', *words, *FAST['gns'], *DISORDER])
    if caller == 'kith':
        kith.succeed(60)
    else:
        kith.wait_line('^done', 60)
        kith.say('close')
        gns.wait_line('^closed peer 1234 bye')
    count = int(kith.wait_line(r'^verified (\d+) of 600').group(1))
    # A fifth is reordered each way: had late ones been dropped, far more would be missing.
    expect(count >= 570, f'{count} of 600 came back', kith, gns)
    return f'{count} of 600'


def settled(kith):
    """How many have expired, once that does not grow any more."""
    before, now, times = -1, 0, 0
    while now != before and times < 50:
        time.sleep(0.5)
        times += 1
        kith.say('status')
        before, now = now, int(kith.wait_line(r'expired (\d+)', times=times).group(1))
    return now


def expire(bench, caller, *words):
    """Kith sends faster than it may; what waits too long is dropped, and the rest arrives in order."""
    rate = ['--set=CongestionControl=1', '--set=SendRateMax=60000', '--set=SendRateMin=60000']
    common = ['--ttl=150', '--tolerate=100', *words]
    kith, gns = open_both(bench, caller, ['--job=send', '--one-way', '--stay', *rate, *common],
                          ['--job=sink', '--stay', *common])
    kith.wait_line('^done', 60)
    expired = settled(kith)
    kith.say('close')
    gns.wait_line('^closed peer 1234 bye', 30)
    received, total = map(int, gns.wait_line(r'^received (\d+) of (\d+)').groups())
    expect(received + expired == total, f'{received} received, {expired} expired', kith, gns)
    return received, expired


@case(27, *BOTH)
def expired_ones_never_leave(bench, caller):
    received, expired = expire(bench, caller, '--sizes=1000', '--messages=400')
    expect(expired > 200, f'{expired} expired')
    return f'{received} received, {expired} expired'


@case(27, *BOTH)
def numbers_do_not_jump_when_thousands_expire(bench, caller):
    """GNS ends a connection whose reliable numbers jump by 10,000."""
    received, expired = expire(bench, caller, '--sizes=8', '--messages=60000')
    expect(expired > 40000, f'{expired} expired')
    return f'{received} received, {expired} expired'
