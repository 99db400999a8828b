"""Rows 18, 20, 23 and 24, and 6 and 13 once more: connections by signals."""
import time

from lab import HERE
from peers import OTHER, Failed, expect, finish, took_ms
from rows import BOTH, case, four


def names(kind):
    return [f'--identity=str:{kind}', f'--peer=str:{OTHER[kind]}']


def meet(bench, caller, caller_words=(), listener_words=(), server=None, places=(HERE, HERE)):
    """Both peers with a signaling server; the caller's place comes first."""
    server = server or bench.lan_signald()
    kind = OTHER[caller]
    listener = bench.listener(kind, server, *names(kind), *listener_words, inside=places[1])
    # GNS closes in silence, and answers for five seconds.
    caller_words = ['--exit-delay=6000', *caller_words]
    return bench.peer(caller, server, *names(caller), *caller_words, inside=places[0]), listener


FEW = ('--job=send', '--messages=5'), ('--job=echo', '--messages=5')


def connects(bench, caller, limit_ms, **how):
    client, listener = meet(bench, caller, *FEW, **how)
    finish(client, listener)
    took = took_ms(client)
    expect(took < limit_ms, f'connected after {took} ms', client)
    return f'{took} ms'


@case(18, *BOTH)
def same_machine(bench, caller):
    return connects(bench, caller, 1000)


@case(18, *BOTH)
def same_lan(bench, caller):
    return connects(bench, caller, 1000, places=(bench.lan.there, HERE))


@case(18, *BOTH)
def data_peer_to_peer(bench, caller):
    """Every size and lane, as by address."""
    fast = ['--set=SendRateMin=40000000', '--set=SendRateMax=40000000', '--set=SendBufferSize=2097152']
    words = ['--sizes=4,31,32,1131,1137,4096,65536,524288', '--messages=160', '--lanes=8']
    client, listener = meet(bench, caller, ['--job=send', *words, *(fast if caller == 'gns' else [])],
                            ['--job=echo', *words, *(fast if caller == 'kith' else [])],
                            places=(bench.lan.there, HERE))
    finish(client, listener)
    size, took = map(int, client.wait_line(r'^verified 160 of 160, (\d+) bytes in (\d+) ms').groups())
    return f'{size / 1e6:.1f} MB each way in {took / 1000:.1f} s'


@case(20, *BOTH, waits=30)
def bad_signaling(bench, caller):
    """30 % of the signals get lost, 30 % are doubled, each is up to 2 s late: ten times."""
    times = []
    for _ in range(10):
        bench.need_lan()
        server = bench.bad_signald('loss:30', 'duplicate:30', 'delay:2000')
        client, listener = meet(bench, caller, *FEW, server=server)
        client.wait_line('^connected', 12)
        times.append(took_ms(client))
        finish(client, listener)
        bench.clean()
    expect(max(times) < 10000, f'{times} ms')
    return f'{sorted(times)[len(times) // 2]} ms, at most {max(times)} ms'


@case(6, *BOTH)
def refused_peer_to_peer(bench, caller):
    client, _ = meet(bench, caller, listener_words=['--refuse'])
    began = time.monotonic()
    client.wait_line(r'^closed peer 1321 not today', 14)
    took = time.monotonic() - began
    client.say('quit')
    if client.wait_end(5) == 0:
        raise Failed(client.describe())
    return f'after {took:.2f} s'


@case(6, *BOTH, waits=True)
def never_accepted_peer_to_peer(bench, caller):
    client, _ = meet(bench, caller, listener_words=['--never-accept'])
    client.wait_line(r'^closed (local|peer) 5003', 15)


@case(13, *four('is killed'), waits=True)
def killed_peer_to_peer(bench, roles):
    caller, victim, _ = roles
    client, listener = meet(bench, caller, ['--job=send', '--messages=3', '--stay'], FEW[1])
    client.wait_line('^done')
    dead, other = (client, listener) if victim == caller else (listener, client)
    began = time.monotonic()
    dead.kill()
    other.wait_line('^closed local 5003', 30)
    return f'5003 after {time.monotonic() - began:.1f} s'


def closes(bench, roles, traffic):
    caller, closer, _ = roles
    client, listener = meet(bench, caller, ['--job=send', '--stay', *traffic], ['--job=echo', '--stay', *traffic])
    ends, other = (client, listener) if closer == caller else (listener, client)
    client.wait_line('^connected')
    listener.wait_line('^connected')
    time.sleep(3)
    began = time.monotonic()
    ends.say('close')
    # A process that is gone answers nobody; GNS only answers.
    other.wait_line('^closed peer 1234 bye', 6)
    took = time.monotonic() - began
    expect(took < (3.6 if closer == 'gns' else 1), f'after {took:.1f} s', other)
    return f'noticed after {took:.2f} s'


@case(23, *four('closes'), waits=True)
def closes_idle(bench, roles):
    return closes(bench, roles, ['--messages=3', '--exit-delay=6000'])


@case(23, *four('closes'), waits=True)
def closes_busy(bench, roles):
    return closes(bench, roles, ['--messages=100000', '--every=5', '--mode=unreliable', '--exit-delay=6000'])


@case(24, *BOTH, waits=True)
def caller_restarts(bench, caller):
    """The listener still has the old connection, and takes the new one beside it."""
    client, listener = meet(bench, caller, ['--job=send', '--messages=3', '--stay'],
                            ['--job=echo', '--messages=3', '--count=2'])
    client.wait_line('^done')
    server = next(word for word in client.command if word.startswith('--signaling'))
    client.kill()
    client = bench.peer(caller, server, *names(caller), *FEW[0][:1], '--messages=3')
    client.succeed(15)
    listener.wait_line('^closed local 5003', 30)
    listener.wait_end(30)
    return f'{took_ms(client)} ms'


@case(24, *BOTH, waits=True)
def caller_restarts_by_address(bench, caller):
    listener, place = bench.udp_listener(OTHER[caller], '--job=echo', '--messages=3', '--count=2')
    client = bench.peer(caller, place, '--job=send', '--messages=3', '--stay')
    client.wait_line('^done')
    client.kill()
    client = bench.peer(caller, place, '--job=send', '--messages=3').succeed(15)
    listener.wait_line('^closed local 5003', 30)
    listener.wait_end(30)
    return f'{took_ms(client)} ms'


@case(24, *BOTH, waits=True)
def listener_restarts(bench, caller):
    """The caller has to lose its connection before it calls again."""
    words = ['--job=send', '--messages=3', '--stay']
    client, listener = meet(bench, caller, words, FEW[1])
    client.wait_line('^done')
    server = next(word for word in client.command if word.startswith('--signaling'))
    listener.kill()
    listener = bench.listener(OTHER[caller], server, *names(OTHER[caller]), '--job=echo', '--messages=3')
    client.wait_line('^closed local 5003', 30)
    client.wait_end()
    again = bench.peer(caller, server, *names(caller), '--job=send', '--messages=3', '--exit-delay=6000')
    finish(again, listener)
    return f'{took_ms(again)} ms'
