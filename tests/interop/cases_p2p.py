"""Connections by signals."""
import random
import time

from peers import Failed


def kith_args(server, identity):
    return ['--identity', identity, '--signaling', f'tcp://{server}', '--port', '7']


def gns_args(server, identity):
    return [f'--identity={identity}', f'--signaling={server}', '--port=7', '--exit-delay=300']


def kith_server(bench, server, *more):
    peer = bench.kith('echo', *kith_args(server, 'str:kith'), '--count', '1', *more)
    peer.wait_line('ready')
    time.sleep(0.2)
    return peer


def gns_server(bench, server, *more):
    peer = bench.gns('--listen', '--echo', *gns_args(server, 'str:gns'), *more)
    peer.wait_line('ready')
    time.sleep(0.2)
    return peer


def gns_client(bench, server, *more):
    return bench.gns(*gns_args(server, 'str:gns'), '--peer=str:kith', *more)


def ping(bench, server, *more):
    return bench.kith('ping', 'str:gns', *kith_args(server, 'str:kith'), '-i', '0.02', *more)


def timed_connect(client, limit):
    began = time.monotonic()
    client.wait_line('connected', limit + 10)
    took = time.monotonic() - began
    client.succeed(60)
    if took > limit:
        raise Failed(f'connected after {took:.2f} s')
    return f'{took:.2f} s'


def row_18_same_machine_kith_calls(bench):
    server = bench.signald()
    gns_server(bench, server)
    return timed_connect(ping(bench, server, '-c', '5'), 1)


def row_18_same_machine_gns_calls(bench):
    server = bench.signald()
    kith_server(bench, server)
    return timed_connect(gns_client(bench, server, '--messages=24', '--rate=20000000'), 1)


def row_20_bad_signaling_kith_calls(bench):
    server = bench.signald()
    gns_server(bench, server, '--signal-loss=30', '--signal-duplicate=30')
    return timed_connect(ping(bench, server, '-c', '5', '--timeout', '15'), 10)


def row_20_bad_signaling_gns_calls(bench):
    server = bench.signald()
    kith_server(bench, server)
    return timed_connect(gns_client(bench, server, '--messages=5', '--signal-loss=30', '--signal-duplicate=30'), 10)


def symmetric_once(bench, server, number):
    skew = random.randrange(300)
    gns = bench.gns(f'--identity=str:g{number}', f'--signaling={server}', '--port=7', f'--peer=str:k{number}',
                    '--symmetric=1', '--echo', f'--start-delay={skew}', '--exit-delay=100', '--timeout=15')
    kith = bench.kith('ping', f'str:g{number}', '--identity', f'str:k{number}', '--signaling', f'tcp://{server}',
                      '--port', '7', '--symmetric', '-c', '2', '-i', '0.02', '--timeout', '14')
    kith.succeed(20)
    gns.wait_line('closed 1000', 5)
    made = sum('connected' in line for line in gns.lines)
    bench.clean_some([gns, kith])
    if made != 1:
        raise Failed(f'{made} connections, skew {skew} ms')


def row_21_symmetric(bench):
    server = bench.signald()
    for number in range(30):
        symmetric_once(bench, server, number)
    return '30 of 30'


def row_23_gns_closes(bench):
    server = bench.signald()
    kith = kith_server(bench, server)
    gns_client(bench, server, '--messages=3', '--exit-delay=6000').wait_line('verified')
    began = time.monotonic()
    kith.wait_line('closed', 6)
    return f'noticed after {time.monotonic() - began:.1f} s'


def row_23_kith_closes(bench):
    server = bench.signald()
    gns = gns_server(bench, server)
    client = ping(bench, server, '-c', '3')
    client.succeed()
    began = time.monotonic()
    gns.wait_line('closed 1000', 3)
    return f'noticed after {time.monotonic() - began:.1f} s'


def row_24_kith_restarts(bench):
    server = bench.signald()
    gns = gns_server(bench, server, '--count=2', '--timeout=60')
    first = ping(bench, server, '-c', '1000')
    first.wait_line('connected')
    first.kill()
    again = ping(bench, server, '-c', '3', '--timeout', '20')
    again.succeed(25)
    gns.wait_line('closed', 30)


def row_24_gns_restarts(bench):
    server = bench.signald()
    kith_server(bench, server, '--count', '2')
    first = gns_client(bench, server, '--messages=3', '--stay')
    first.wait_line('connected')
    first.kill()
    gns_client(bench, server, '--messages=3').succeed(25)
