"""Connections by address. The rows are those of the test plan in docs/testing.md, "Interoperation"."""
import time

from peers import Failed, free_port


def kith_server(bench, *more):
    port = free_port()
    peer = bench.kith('echo', '--udp', f'127.0.0.1:{port}', '--count', '1', *more)
    peer.wait_line('ready')
    return peer, port


def gns_server(bench, *more):
    port = free_port()
    peer = bench.gns('--listen', '--echo', f'--udp=127.0.0.1:{port}', '--exit-delay=300', *more)
    peer.wait_line('ready')
    return peer, port


def gns_client(bench, port, *more):
    return bench.gns(f'--udp=127.0.0.1:{port}', '--exit-delay=300', *more)


def ping(bench, port, *more):
    return bench.kith('ping', f'udp:127.0.0.1:{port}', '-i', '0.02', *more)


def expect_both(server, client, timeout=30):
    client.succeed(timeout)
    server.wait_end(10)


def row_02_anonymous_kith_calls(bench):
    server, port = gns_server(bench)
    expect_both(server, ping(bench, port, '-c', '5'))
    server.wait_line('closed 1000')


def row_02_anonymous_gns_calls(bench):
    server, port = kith_server(bench)
    expect_both(server, gns_client(bench, port, '--messages=12'))
    server.wait_line('code 1234, "bye"')


def row_03_identities_kith_calls(bench):
    server, port = gns_server(bench, '--identity=str:gns')
    client = ping(bench, port, '-c', '3', '--identity', 'str:kith')
    expect_both(server, client)
    client.wait_line('str:gns')
    server.wait_line('connected str:kith')


def row_03_identities_gns_calls(bench):
    server, port = kith_server(bench, '--identity', 'str:kith')
    client = gns_client(bench, port, '--messages=5', '--identity=str:gns')
    expect_both(server, client)
    client.wait_line('connected str:kith')
    server.wait_line('connected: str:gns')


def lost_once(bench, rule, kith_calls):
    server, target = gns_server(bench) if kith_calls else kith_server(bench)
    port = free_port()
    bench.proxy(port, target, rule)
    began = time.monotonic()
    client = ping(bench, port, '-c', '3') if kith_calls else gns_client(bench, port, '--messages=5')
    client.wait_line('connected', 5)
    took = time.monotonic() - began
    client.succeed()
    if took > 2.5:
        raise Failed(f'{rule}: connected after {took:.1f} s')
    return f'{took:.2f} s'


def row_04_lost_challenge_reply_kith_calls(bench):
    return lost_once(bench, 'drop-from-target:21:1', True)


def row_04_lost_challenge_reply_gns_calls(bench):
    return lost_once(bench, 'drop-from-target:21:1', False)


def row_04_lost_connect_request_kith_calls(bench):
    return lost_once(bench, 'drop:22:1', True)


def row_04_lost_connect_request_gns_calls(bench):
    return lost_once(bench, 'drop:22:1', False)


def row_04_lost_connect_ok_kith_calls(bench):
    return lost_once(bench, 'drop-from-target:23:1', True)


def row_04_lost_connect_ok_gns_calls(bench):
    return lost_once(bench, 'drop-from-target:23:1', False)


def row_05_accepts_after_three_seconds(bench):
    server, port = gns_server(bench, '--accept-delay=3000')
    expect_both(server, ping(bench, port, '-c', '3', '--timeout', '12'))


def row_05_accepts_after_six_seconds(bench):
    server, port = gns_server(bench, '--accept-delay=6000')
    expect_both(server, ping(bench, port, '-c', '3', '--timeout', '12'))


def row_06_never_accepts(bench):
    server, port = gns_server(bench, '--never-accept')
    client = ping(bench, port, '-c', '1', '--timeout', '20')
    if client.wait_end(25) != 1 or not client.has('5003'):
        raise Failed(client.describe())


def row_06_refuses(bench):
    server, port = gns_server(bench, '--refuse')
    client = ping(bench, port, '-c', '1', '--timeout', '20')
    if client.wait_end(15) != 1 or not client.has('1321') or not client.has('not today'):
        raise Failed(client.describe())


def row_07_sizes_gns_calls(bench):
    server, port = kith_server(bench)
    expect_both(server, gns_client(bench, port, '--messages=48', '--rate=20000000'))


def row_07_sizes_kith_calls(bench):
    for size in (36, 100, 1131, 1137, 4096, 65536, 524288):
        server, port = gns_server(bench, '--rate=20000000')
        expect_both(server, ping(bench, port, '-c', '3', '-s', str(size)))


def row_07_unreliable_gns_calls(bench):
    server, port = kith_server(bench)
    expect_both(server, gns_client(bench, port, '--messages=60', '--unreliable', '--tolerate=10', '--rate=20000000'))


def row_07_unreliable_kith_calls(bench):
    for size in (36, 1137, 16500):
        server, port = gns_server(bench, '--rate=20000000')
        client = ping(bench, port, '-c', '20', '-s', str(size), '--unreliable')
        expect_both(server, client)


def row_09_lanes_gns_calls(bench):
    server, port = kith_server(bench)
    expect_both(server, gns_client(bench, port, '--messages=400', '--lanes=8', '--rate=20000000'))


def row_09_lanes_kith_calls(bench):
    for lane in (0, 1, 7):
        server, port = gns_server(bench, '--lanes=8')
        expect_both(server, ping(bench, port, '-c', '5', '--lane', str(lane)))


def bad_network(bench, *how):
    server, port = kith_server(bench)
    expect_both(server, gns_client(bench, port, '--messages=200', '--rate=20000000', '--timeout=60', *how), 70)


def row_10_five_percent_loss(bench):
    bad_network(bench, '--loss=5')


def row_10_twenty_percent_loss(bench):
    bad_network(bench, '--loss=20')


def row_10_reordering_and_duplicates(bench):
    bad_network(bench, '--reorder=10', '--duplicate=5')


def row_10_loss_kith_calls(bench):
    server, port = gns_server(bench, '--loss=10', '--rate=20000000')
    expect_both(server, ping(bench, port, '-c', '30', '-s', '100000', '--timeout', '40'), 50)


def row_11_numbers_wrap(bench):
    """150 messages of 512 KiB each way are more than 70,000 packets in each direction."""
    server, port = kith_server(bench)
    client = gns_client(bench, port, '--messages=180', '--size=524288', '--rate=80000000', '--loss=1', '--timeout=90')
    expect_both(server, client, 100)


def row_12_idle(bench):
    server, port = kith_server(bench)
    expect_both(server, gns_client(bench, port, '--messages=3', '--idle=25000', '--timeout=60'), 60)


def row_13_killed_gns(bench):
    server, port = kith_server(bench)
    client = gns_client(bench, port, '--messages=3', '--stay', '--timeout=60')
    client.wait_line('connected')
    time.sleep(1)
    client.kill()
    began = time.monotonic()
    server.wait_line('closed', 30)
    if not server.has('5003'):
        raise Failed(server.describe())
    return f'after {time.monotonic() - began:.1f} s'


def row_13_killed_kith(bench):
    server, port = kith_server(bench)
    client = gns_client(bench, port, '--messages=3', '--stay', '--timeout=60')
    client.wait_line('connected')
    time.sleep(1)
    server.kill()
    began = time.monotonic()
    client.wait_line('closed 5003', 35)
    return f'after {time.monotonic() - began:.1f} s'


def row_14_close_with_linger(bench):
    server, port = kith_server(bench)
    client = gns_client(bench, port, '--messages=100', '--linger', '--rate=20000000')
    expect_both(server, client)
    server.wait_line('code 1234, "bye"')


def row_15_lost_close(bench):
    server, target = kith_server(bench)
    port = free_port()
    bench.proxy(port, target, 'drop:24:1')
    client = gns_client(bench, port, '--messages=5', '--exit-delay=6000')
    client.succeed()
    server.wait_line('closed', 8)


def matrix(bench, gns, kith, works):
    server, port = kith_server(bench, '--config', f'Unencrypted={kith}')
    client = gns_client(bench, port, '--messages=3', f'--unencrypted={gns}', '--timeout=8')
    connected = client.wait_end(12) == 0
    if connected != works:
        raise Failed(f'GNS {gns}, Kith {kith}: {"connected" if connected else "refused"}')


def row_16_cipher_matrix(bench):
    for gns in range(4):
        for kith in range(4):
            matrix(bench, gns, kith, not (gns == 0 and kith == 3) and not (gns == 3 and kith == 0))
            bench.clean()


def hostile(bench, kith_calls, *rules):
    server, target = gns_server(bench) if kith_calls else kith_server(bench)
    port = free_port()
    bench.proxy(port, target, *rules)
    if kith_calls:
        client = ping(bench, port, '-c', '100', '-s', '600', '--timeout', '30')
    else:
        client = gns_client(bench, port, '--messages=200', '--size=3000', '--rate=20000000')
    expect_both(server, client, 40)


def row_17_hostile_packets_kith_calls(bench):
    hostile(bench, True, 'flip:5', 'replay:10', 'garbage:5', 'truncate:5')


def row_17_hostile_packets_gns_calls(bench):
    hostile(bench, False, 'flip:5', 'replay:10', 'garbage:5', 'truncate:5')
