"""Lists of TURN and STUN servers: dead ones, ones that end, credentials that do, connections that last."""

import glob
import os
import re
import sys
import time

from homes import home
from lab import Failure, add_address, wait_until
from survival import percentile
from trial import Call, Outcome, events_of
from world import PASSWORD, RELAY_CONFIGURATION, SIGNAL_NAME, SIGNAL_PORT, USER

RENEWER = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'renewer.py')
SECRET = 'change-me-too'
SILENT = '203.0.113.29'  # swallows everything, as a firewall does
INTERVAL, SECONDS = 0.02, 8
# How much later the first message may be there for servers that are of no use, in ms: who waits for one loses 200. And
# how long nothing may get through when a server is lost: the first second is what it takes to be sure of that.
LATER, SILENCE = 100, 3000


class Turn:
    """A coturn of its own at 203.0.113.3N, by the configuration of the examples and more lines; by a secret, if
    told, in place of a user."""

    def __init__(self, world, number, *more, by_secret=False):
        self.world, self.name, self.address = world, f'turn{number}', f'203.0.113.{30 + number}'
        add_address(world.servers, 'eth0', f'{self.address}/24')
        with open(RELAY_CONFIGURATION, encoding='utf-8') as file:
            lines = file.readlines()
        if by_secret:
            lines = [line.replace('#use-auth', 'use-auth').replace('#static-auth', 'static-auth') for line in lines
                     if not line.startswith(('lt-cred-mech', 'user='))]
        lines += [f'listening-ip={self.address}\n', f'relay-ip={self.address}\n', 'verbose\n',
                  f'pidfile={world.folder}/{self.name}.pid\n', f'userdb={world.folder}/{self.name}.db\n']
        self.path = os.path.join(world.folder, f'{self.name}.conf')
        with open(self.path, 'w', encoding='utf-8') as file:
            file.writelines([*lines, *(f'{line}\n' for line in more)])
        self.start()

    def start(self):
        self.process = self.world.start(self.world.servers, self.name, 'turnserver', '-c', self.path)
        self.process.wait_for('Relay ports initialization done')

    def kill(self):
        self.process.kill()

    def restart(self):
        self.kill()
        self.start()

    def count(self, pattern):
        return len(re.findall(pattern, self.process.out()))

    def url(self, transport='udp'):
        return f'turn:{self.address}:3478?transport={transport}'


def config(**values):
    return [word for name, value in values.items() for word in ('--config', f'{name}={value}')]


def relays(urls, users=(USER,), passwords=(PASSWORD,), **more):
    """Options of kith for that list of servers; one user or password stands for all."""
    def of_all(items):
        return ','.join(list(items) * len(urls) if len(items) == 1 else items)
    return config(P2P_TURN_ServerList=','.join(urls), P2P_TURN_UserList=of_all(users), P2P_TURN_PassList=of_all(passwords),
                  **{'RelayOnly': 1, **more})


def swallow(world):
    add_address(world.servers, 'eth0', f'{SILENT}/24')
    world.servers.nft(f'table ip f {{\nchain i {{ type filter hook input priority 0; ip daddr {SILENT} drop; }}\n}}\n')


# --- what is of no use costs nothing

def useless(good, other):
    """Lists in which only the last one is of use: what is wrong with the others, the options."""
    silent = [f'turn:{SILENT}:3478', f'turn:{SILENT}:3478?transport=tcp']
    closed = ['turn:203.0.113.10:3478', 'turn:203.0.113.10:3478?transport=tcp']
    unknown = ['turn:nowhere.example.org:3478']
    wrong = [other.url(), other.url('tcp')]

    def before(urls, password=PASSWORD):
        return relays([*urls, good.url()], passwords=[*[password] * len(urls), PASSWORD])
    return {'nothing': relays([good.url()]), 'silence': before(silent), 'a closed port': before(closed),
            'an unknown name': before(unknown), 'a wrong password': before(wrong, 'wrong'),
            'all of that': before([*silent, *closed, *unknown, *wrong], 'wrong')}


def useless_stun(world):
    """The same of STUN servers, for peers that need one that is of use."""
    good = f'{world.RELAYS4[0]}:3478'
    bad = [f'{SILENT}:3478', '203.0.113.10:3478', 'nowhere.example.org:3478']
    return {'nothing': config(P2P_STUN_ServerList=good, P2P_TURN_ServerList=''),
            'dead STUN servers': config(P2P_STUN_ServerList=','.join([*bad, good]), P2P_TURN_ServerList='')}


def first_message(world, homes, options, repeat):
    taken = []
    for _ in range(repeat):
        outcome = Call(world, *homes, options=options, pings=2).finish(Outcome('', '', ''))
        if outcome.error or not outcome.message_ms:
            raise Failure(f'{outcome.error} {" ".join(outcome.notes)}')
        taken.append(outcome.message_ms)
    return percentile(taken, 0.5)


def start(world, repeat):
    """Yields (what stands in the list before the one of use, the first message after, how much later than without)."""
    swallow(world)
    for kind, lists in (('symmetric', useless(Turn(world, 1), Turn(world, 2))), ('portrest', useless_stun(world))):
        homes = [home(world, kind), home(world, kind)]
        alone = None
        for name, options in lists.items():
            took = first_message(world, homes, options, repeat)
            alone = alone or took
            if name != 'nothing':
                yield name, took, took - alone


# --- a server that is lost

# What happens to the one in use, how the peers reach it, may they go without a relay, how often they say something.
LOSSES = {
    'it ends': (Turn.kill, 'udp', 0, INTERVAL),
    'it ends, relay-only': (Turn.kill, 'udp', 1, INTERVAL),
    'it ends, over TCP': (Turn.kill, 'tcp', 1, INTERVAL),
    'it starts anew': (Turn.restart, 'udp', 1, INTERVAL),
    'it starts anew, over TCP': (Turn.restart, 'tcp', 1, INTERVAL),
    'it ends, hardly a word': (Turn.kill, 'udp', 1, 4),
}


def talk(world, homes, options, pings, interval):
    call = Call(world, *homes, options=[*options, '--log', 'ice=info'], pings=pings, interval=interval)
    call.ping.wait_for('"event":"reply"')
    return call


def sessions(process):
    """How many ICE sessions have carried something."""
    return len(set(re.findall(r'session (\d+): selected pair', process.out() + process.err())))


def end(call):
    """What became of a call."""
    wait_until('the call ends', lambda: call.ping.process.poll() is not None, call.pings * call.interval + 30)
    outcome = call.finish(Outcome('', '', 'relay'))
    replies = [event for event in events_of(call.ping) if event['event'] == 'reply']
    # Messages are reliable: the one that waited longest tells how long nothing got through.
    silent = max((event['rtt_us'] for event in replies), default=0) / 1000
    return {'right': not outcome.error and [event['seq'] for event in replies] == list(range(1, call.pings + 1)),
            'silent_ms': round(silent), 'sessions': sessions(call.ping), 'error': outcome.error}


def lose(world, name):
    strike, transport, only, interval = LOSSES[name]
    turns = [Turn(world, 1), Turn(world, 2)]
    homes = [home(world, 'symmetric'), home(world, 'symmetric')]
    options = relays([turn.url(transport) for turn in turns], RelayOnly=only)
    call = talk(world, homes, options, max(3, int(SECONDS / interval)), interval)
    time.sleep(1)
    pair = re.findall(r'selected pair: (.*)', call.ping.out() + call.ping.err())[-1]
    strike(next(turn for turn in turns if turn.address in pair))
    found = end(call)
    found['right'] = found['right'] and found['sessions'] > 1 and found['silent_ms'] <= SILENCE
    return found


# --- credentials that end

def renew(world, seconds, lifetime):
    """Both sides make their credentials of a secret, again and again."""
    turn = Turn(world, 1, by_secret=True)
    homes = [home(world, 'symmetric'), home(world, 'symmetric')]
    options = relays([turn.url()], passwords=[''], P2P_TURN_SecretList=SECRET, P2P_TURN_Lifetime=lifetime)
    call = talk(world, homes, options, int(seconds / INTERVAL), INTERVAL)
    found = end(call)
    found['users'] = len(users_of(turn))
    # One is begun with; then each has three quarters of its life.
    found['right'] = found['right'] and found['silent_ms'] < 1000 and found['users'] > seconds / lifetime
    return found


def users_of(turn):
    return set(re.findall(r'user <(\d+:\w+)>: incoming packet ALLOCATE processed, success', turn.process.out()))


def ask(world, seconds, lifetime):
    """Both sides are programs that have to ask a service, when the library says that it is time."""
    binding = os.path.join(os.path.dirname(world.kith), 'bindings/python')
    turn = Turn(world, 1, by_secret=True)
    homes = [home(world, 'symmetric'), home(world, 'symmetric')]

    def peer(number, role, name, other):
        return world.start(homes[number].peer, role, 'env', f'PYTHONPATH={binding}', sys.executable, RENEWER, role, name, other,
                           f'tcp://{SIGNAL_NAME}:{SIGNAL_PORT}', turn.url(), SECRET, lifetime, seconds)
    echo = peer(1, 'echo', 'bob', 'alice')
    echo.wait_for('^ready')
    call = peer(0, 'call', 'alice', 'bob')
    answered = call.wait_for(r'^answered \d+, longest (\d+) ms$', seconds + 30)
    asked = min(process.out().count('asked') for process in (echo, call))
    users = len(users_of(turn))
    echo.kill()
    return {'right': asked >= seconds / lifetime - 1 and users > asked and int(answered[1]) < 1000,
            'text': f'asked {asked} times, {users} users, {answered[0]}'}


# --- connections that last

def last(world, seconds):
    """Through a relay whose numbers are soon stale: a busy one, a quiet one, one over TCP. Returns what
    became of each, and what the relay did."""
    turn = Turn(world, 1, 'stale-nonce=30')
    calls = {}
    for name, transport, interval in (('busy', 'udp', 0.1), ('quiet', 'udp', seconds), ('busy, over TCP', 'tcp', 0.1)):
        homes = [home(world, 'symmetric'), home(world, 'symmetric')]
        calls[name] = talk(world, homes, relays([turn.url(transport)]), int(seconds / interval) + 1, interval)
    time.sleep(seconds)
    found = {name: end(call) for name, call in calls.items()}
    for one in found.values():
        one['right'] = one['right'] and one['sessions'] == 1 and one['silent_ms'] < SILENCE
    return found, {what: turn.count(f'{what} processed, success')
                   for what in ('ALLOCATE', 'REFRESH', 'CREATE_PERMISSION', 'CHANNEL_BIND')}


# --- all of them, for natlab.py

def text_of(found):
    return f'{found["sessions"]} sessions, silent for {found["silent_ms"]} ms {found["error"]}'.rstrip()


def judge_start(study, repeat):
    with study.served() as world:
        for name, took, later in start(world, repeat):
            study.report.judge(later <= LATER, f'before the server of use: {name}', f'first message after {took:.0f} ms, '
                               f'{later:+.0f} ms')


def judge_losses(study, names):
    for name in names:
        with study.served() as world:
            found = lose(world, name)
        study.report.judge(found['right'], f'the relay in use: {name}', text_of(found))


def judge_renewal(study, seconds=20, lifetime=8):
    with study.served() as world:
        found = renew(world, seconds, lifetime)
    study.report.judge(found['right'], f'credentials of {lifetime} s, {seconds} s', f'{found["users"]} users, {text_of(found)}')


def judge_asking(study, seconds=20, lifetime=8):
    """Where the Python binding is."""
    if not glob.glob(os.path.join(study.chosen.build, 'bindings/python/kith/_kith*.so')):
        print('not looked at: programs that are asked for credentials, as there is no Python binding')
        return
    with study.served() as world:
        found = ask(world, seconds, lifetime)
    study.report.judge(found['right'], f'asked for credentials of {lifetime} s, {seconds} s', found['text'])


def judge_lasting(study, seconds):
    with study.served() as world:
        found, counted = last(world, seconds)
    for name, one in found.items():
        study.report.judge(one['right'], f'{seconds} s, {name}', text_of(one))
    study.report.judge(counted['ALLOCATE'] == 2 * len(found), 'nothing had to be allocated anew',
                       ', '.join(f'{count} {what}' for what, count in counted.items()))


def sample(study):
    judge_start(study, 2)
    judge_losses(study, ['it ends, over TCP'])
    judge_renewal(study)
    judge_asking(study)
