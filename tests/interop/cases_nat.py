"""Row 19: peers behind routers that translate addresses."""
import os
import shutil
import sys
import tempfile

import cases_p2p
from lab import Internet
from peers import HERE as FOLDER, OTHER, Skipped, expect, finish, took_ms
from rows import BOTH, case

STUN = [f'--set=P2P_STUN_ServerList={Internet.STUN}:3478']
TURN = [f'--set=P2P_TURN_ServerList=turn:{Internet.TURN}:3478', '--set=P2P_TURN_UserList=user',
        '--set=P2P_TURN_PassList=secret']


def start_stun(bench, internet):
    stun = bench.start([*internet.middle.enter(), sys.executable, os.path.join(FOLDER, 'stun_server.py'),
                        internet.STUN, '3478'])
    stun.wait_line('^ready')


def start_turn(bench, internet, folder):
    if not shutil.which('turnserver'):
        raise Skipped('coturn is not there')
    turn = bench.start([*internet.middle.enter(), 'turnserver', '-n', '--no-cli', '--no-tls', '--no-dtls', '-L',
                        internet.TURN, '-E', internet.TURN, '-p', '3478', '-a', '-f', '-r', 'interop', '-u',
                        'user:secret', '--log-file', 'stdout', '--simple-log', '--pidfile', f'{folder}/pid',
                        '--userdb', f'{folder}/db'])
    turn.wait_line('Total General servers')


def connects(bench, caller, kinds, servers):
    """What each kind of peer uses is in `servers`."""
    internet = Internet(*kinds)
    with tempfile.TemporaryDirectory() as folder:
        try:
            start_stun(bench, internet)
            if any(TURN[0] in words for words in servers.values()):
                start_turn(bench, internet, folder)
            server = bench.signald(internet.middle, internet.SIGNALING)
            few, _ = cases_p2p.FEW
            client, listener = cases_p2p.meet(
                bench, caller, [*few, *servers[caller]], ['--job=echo', '--messages=5', *servers[OTHER[caller]]],
                server, internet.homes)
            finish(client, listener)
            kith = client if caller == 'kith' else listener
            route = kith.wait_line(r'^connected .* route (\w+)').group(1)
            expect(took_ms(client) < 8000, 'took too long', client)
            return route, f'{took_ms(client)} ms, {route}'
        finally:
            bench.clean()
            internet.close()


@case(19, *BOTH, waits=True)
def stun_between_two_routers(bench, caller):
    route, seen = connects(bench, caller, ['keeps ports', 'keeps ports'], {'kith': STUN, 'gns': STUN})
    expect(route == 'DIRECT', seen)
    return seen


@case(19, *BOTH, waits=True)
def turn_between_symmetric_routers(bench, caller):
    route, seen = connects(bench, caller, ['symmetric', 'symmetric'], {'kith': STUN + TURN, 'gns': STUN + TURN})
    expect(route == 'RELAY', seen)
    return seen


@case(19, *BOTH, waits=True)
def kith_has_turn_alone(bench, caller):
    """It tells no other address; GNS has none but its own."""
    route, seen = connects(bench, caller, ['keeps ports', 'keeps ports'],
                           {'kith': TURN + ['--set=RelayOnly=1'], 'gns': STUN})
    expect(route == 'RELAY', seen)
    return seen


@case(19, *BOTH, waits=True)
def gns_has_turn_alone(bench, caller):
    route, seen = connects(bench, caller, ['symmetric', 'symmetric'], {'kith': STUN, 'gns': TURN})
    return seen
