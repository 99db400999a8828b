"""What the commands of natlab.py do: worlds are built, calls made, and judged."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import kinds
import cable
import early
import events
import idle
import mesh
import signals
import survival
import turns
from homes import customers, home, neighbours
from kinds import CHANGING, KINDS, Nat
from lab import Failure
from privacy import Watched
from probe import Probe, can_be_direct, expected
from survival import percentile
from trial import Call, Outcome
from world import World

# Two peers near each other: how their homes are made, and how they must connect.
PLACES = {
    'same-lan': ('two peers of one LAN', lambda world: neighbours(world, 'portrest', False), 'direct'),
    'guests': ('one NAT; on the LAN they cannot see each other', lambda world: neighbours(world, 'portrest', True), 'relay'),
    'guests-hairpin': ('the same, and the NAT has hairpin', lambda world: neighbours(world, 'hairpin', True), 'direct'),
    'one-carrier': ('two homes behind the NAT of one carrier', lambda world: customers(world, CHANGING), 'relay'),
    'one-carrier-hairpin': ('the same, and the carrier has hairpin',
                            lambda world: customers(world, Nat(keeps_ports=False, hairpin=True)), 'direct'),
    'clash': ('two homes, portrest, whose peers have the same private address',
              lambda world: [home(world, 'portrest', clash=True) for _ in 'ab'], 'direct'),
    'clash-sym': ('two homes, symmetric, whose peers have the same private address',
                  lambda world: [home(world, 'symmetric', clash=True) for _ in 'ab'], 'relay'),
}

# Whose times are taken, and how soon 95 of 100 must have their first message.
TIMES = {
    'LAN, servers near': ('', ['same-lan'], 100),
    'direct, 50 ms everywhere': (None, [('public', 'public'), ('portrest', 'portrest'), ('fullcone', 'symmetric'),
                                        ('cgnat', 'changing'), ('dual', 'ipv6'), 'clash'], 500),
    'relayed, 50 ms everywhere': (None, [('symmetric', 'symmetric'), ('portrest', 'cgnat-sym'), ('public', 'ipv6'),
                                         ('tcp-only', 'public'), ('tcp-only', 'tcp-only'), 'guests'], 700),
}
LOSSY = ('30 % of signals lost, 50 ms everywhere', [('portrest', 'portrest'), ('symmetric', 'symmetric')], 3000)
SIGNAL_LOSS = 0.3
# Some of everything, for every day.
SAMPLE_PAIRS = [('public', 'tcp-only'), ('firewall', 'symmetric'), ('fullcone', 'symmetric'), ('addrrest', 'cgnat-sym'),
                ('portrest', 'portrest'), ('hairpin', 'cgnat'), ('changing', 'changing'), ('symmetric', 'symmetric'),
                ('tcp-only', 'tcp-only'), ('dual', 'dual-sym'), ('dual', 'ipv6'), ('ipv6', 'public')]
SAMPLE_PLACES = ['same-lan', 'guests', 'guests-hairpin', 'one-carrier-hairpin', 'clash']
# Where 600 ms go by before anything comes back, over TCP twice that.
FAR_AWAY = ('delay=150', [('tcp-only', 'tcp-only')])
# A relay first, and a direct way that is lost.
SAMPLE_EARLY = (2, 6)
SAMPLE_PEERS = 12
MESHES = [100, 200]
SAMPLE_PRIVACY = [('public', 'fullcone'), ('cgnat', 'portrest'), ('dual', 'ipv6')]


class Report:
    """What was found, and how much of it was right."""

    def __init__(self):
        self.found = {}
        self.passed = self.failed = 0

    def judge(self, right, name, text):
        if right:
            self.passed += 1
            print(f'{name}: {text}')
        else:
            self.fail(name, text)

    def fail(self, name, text):
        self.failed += 1
        print(f'FAILED: {name}: {text}')

    def counts(self):
        return f'{self.passed} passed, {self.failed} failed, 0 skipped'


class Studies:
    def __init__(self, chosen):
        self.chosen = chosen
        self.report = Report()

    def world(self, shape=None):
        return World(self.chosen.build, self.chosen.shape if shape is None else shape, self.chosen.seed)

    @contextmanager
    def served(self, shape=None):
        """A world with a signaling server and a relay."""
        with self.world(shape) as world:
            world.start_signaling()
            world.start_relay()
            yield world

    def _each(self, work, items):
        """In threads, as many at once as --jobs says; results in order."""
        with ThreadPoolExecutor(self.chosen.jobs) as pool:
            return list(pool.map(lambda item: work(*item), items))

    # --- kinds

    def probe(self, *names):
        with self.world('') as world:
            homes = {name: home(world, name) for name in names or KINDS}
            self._probe(world, homes)

    def _probe(self, world, homes):
        """Measures each, and holds it against what it is meant to be. Returns what was measured, by name."""
        probe = Probe(world)
        with ThreadPoolExecutor(len(homes)) as pool:
            seen = dict(zip(homes, pool.map(probe.both, homes.values())))
        for name, behaviours in seen.items():
            wanted = expected(KINDS[name])
            text = ', '.join(f'{family} {one}' for family, one in zip(('IPv4', 'IPv6'), behaviours))
            if behaviours != wanted:
                text += f', not {wanted[0]}, {wanted[1]}'
            self.report.judge(behaviours == wanted, f'probe {name}', text)
        self.report.found['kinds'] = {
            name: {'what': KINDS[name].what, 'ipv4': vars(one), 'ipv6': vars(other)} for name, (one, other) in seen.items()}
        return seen

    # --- pairs

    def case(self, a, b=None):
        with self.served() as world:
            if b is None:
                self._places(world, [a])
                return
            homes = [home(world, a), home(world, b)]
            behaviours = [Probe(world).both(one) for one in homes]
            want = 'direct' if can_be_direct(*behaviours) else 'relay'
            for _ in range(self.chosen.repeat or 1):
                self._pair(world, *homes, Outcome(a, b, want))

    def matrix(self, *names):
        names = names or list(KINDS)
        pairs = itertools.product(names, repeat=2) if self.chosen.both else itertools.combinations_with_replacement(names, 2)
        with self.world() as world:
            self._matrix(world, names, list(pairs))
            self._places(world, PLACES)

    def _matrix(self, world, names, pairs):
        world.start_signaling()
        world.start_relay()
        # Homes of two sides: a kind calls itself, too.
        called = {name: home(world, name) for name in sorted({b for _, b in pairs})}
        calling = {name: home(world, name) for name in names}
        seen = self._probe(world, calling)
        runs = [(world, calling[a], called[b], Outcome(a, b, 'direct' if can_be_direct(seen[a], seen[b]) else 'relay'))
                for a, b in pairs for _ in range(self.chosen.repeat or 1)]
        self.report.found['pairs'] = [outcome.as_dict() for outcome in self._each(self._pair, runs)]

    def _places(self, world, names):
        runs = []
        for name in names:
            _, make, want = PLACES[name]
            homes = make(world)
            runs += [(world, *homes, Outcome(name, name, want)) for _ in range(self.chosen.repeat or 1)]
        outcomes = self._each(self._pair, runs)
        self.report.found['places'] = [{**outcome.as_dict(), 'what': PLACES[outcome.a][0]} for outcome in outcomes]

    def _pair(self, world, home_a, home_b, outcome, options=()):
        call = Call(world, home_a, home_b, [*self.chosen.options, *options])
        call.finish(outcome)
        self._tell(outcome, call)
        return outcome

    def _tell(self, outcome, call=None):
        name = outcome.a if outcome.a == outcome.b and outcome.a in PLACES else f'{outcome.a} x {outcome.b}'
        route = outcome.route if outcome.route == outcome.first_route else f'{outcome.first_route}, then {outcome.route}'
        text = f'{route} {outcome.family} after {outcome.message_ms:.0f} ms'
        if not outcome.is_right():
            text += f'; {outcome.expected} was to be had. {outcome.error} {" ".join(outcome.notes)}'
        self.report.judge(outcome.is_right(), name, text)
        if call is not None and self.chosen.verbose and not outcome.is_right():
            print(call.ping.out(), call.ping.err(), call.echo.out(), call.echo.err(), sep='\n')

    # --- relay-only

    def privacy(self, *names):
        names = names or list(KINDS)
        with self.world() as world:
            self._privacy(world, [(name, names[(at + 1) % len(names)]) for at, name in enumerate(names)])

    def _privacy(self, world, pairs):
        """Each kind calls, and each is called; who is relay-only: the caller, the called, both in turn."""
        world.start_relay()
        watched = Watched(world)
        self._canary(watched)
        found = []
        for pair in pairs:
            homes = [home(world, name) for name in pair]
            for who in ('a', 'b', 'ab'):
                names = [f'{name}, relay-only' if side in who else name for side, name in zip('ab', pair)]
                outcome = watched.call(*homes, Outcome(*names, 'relay'), who)
                self._tell(outcome)
                found.append({**outcome.as_dict(), 'a': pair[0], 'b': pair[1], 'who': who})
        self.report.found['privacy'] = found

    def _canary(self, watched):
        """Who is not relay-only is found out."""
        world = watched.world
        for kind in ('portrest', 'ipv6'):
            outcome = watched.call(home(world, kind), home(world, kind), Outcome(kind, kind, 'direct'), '')
            self.report.judge(outcome.error != '' and outcome.answered > 0, f'not relay-only, {kind} x {kind}', outcome.error)

    # --- how soon

    def times(self, repeat=None):
        repeat = repeat or self.chosen.repeat or 60
        for name, (shape, pairs, limit) in TIMES.items():
            with self.world(shape) as world:
                world.start_signaling()
                self._times(world, name, pairs, limit, max(1, repeat // len(pairs)))
        self.lossy(repeat)

    def lossy(self, repeat=None):
        repeat = repeat or self.chosen.repeat or 60
        name, pairs, limit = LOSSY
        with self.world() as world:
            losers = signals.lose(world, SIGNAL_LOSS)
            self._times(world, name, pairs, limit, max(1, repeat // len(pairs)))
            lost, passed = sum(loser.lost for loser in losers), sum(len(loser.lines) for loser in losers)
            print(f'{lost} of {lost + passed} signals were lost')

    def _times(self, world, name, pairs, limit, repeat):
        """One call at a time: they shall not wait for each other."""
        world.start_relay()
        taken, wrong = [], []
        for pair in pairs:
            homes = PLACES[pair][1](world) if isinstance(pair, str) else [home(world, kind) for kind in pair]
            for _ in range(repeat):
                outcome = Call(world, *homes, self.chosen.options, pings=3).finish(Outcome(str(pair), '', ''))
                if outcome.message_ms:
                    taken.append(outcome.message_ms)
                if outcome.error or not outcome.message_ms:
                    wrong.append(f'{pair}: {outcome.error} {" ".join(outcome.notes)}')
        found = {'limit': limit, 'calls': len(taken) + len(wrong), 'failed': len(wrong)}
        found.update({f'p{share}': percentile(taken, share / 100) for share in (50, 95, 100)} if taken else {})
        self.report.found.setdefault('times', {})[name] = found
        # The 95th of a hundred cannot be told from a few.
        judged = 'p95' if len(taken) >= 20 else 'p50'
        text = f'p50 {found.get("p50")}, p95 {found.get("p95")}, max {found.get("p100")} ms of {len(taken)} calls; limit of {judged} {limit}'
        self.report.judge(not wrong and found[judged] <= limit, name, '; '.join([text, *wrong]))

    def early(self):
        with self.served() as world:
            self._early(world, early.CASES)

    def _early(self, world, cases):
        found = []
        for *case, wanted in cases:
            seen = early.watch(world, *case)
            found.append({**seen.as_dict(), 'right': early.is_right(seen, wanted)})
            when = f', direct after {seen.opens} s' if seen.opens else f', direct until {seen.shuts} s' if seen.shuts else ''
            text = early.text_of(seen)
            if not found[-1]['right']:
                text += f'; wanted {wanted}, the peer had {seen.peer_routes}'
            self.report.judge(found[-1]['right'], f'{seen.a} x {seen.b}{when}', text)
        self.report.found['early'] = found

    # --- what happens meanwhile

    def events(self, *names):
        found = []
        for name, (a, b) in itertools.product(names or events.EVENTS, events.PAIRS):
            with self.world() as world:
                one = events.strike(world, (world.start_signaling(), world.start_relay()), a, b, name)
            found.append(one)
            text = f'{one["before"]}, then {one["after"]}, silent for {one["silent_ms"]} ms' if one['survived'] \
                else f'{one["before"]}, ended {one["ended_s"]} s after: {one["error"]}'
            self.report.judge(one['right'], f'{name}, {a} x {b}', text)
        self.report.found['events'] = found

    def survives(self, *names):
        survival.judge(self, names or survival.EVENTS, self.chosen.repeat or 20)

    # --- many

    def mesh(self, *sizes):
        mesh.judge(self, [int(size) for size in sizes] or MESHES)

    # --- lists of servers

    def turns(self, *names):
        if not names:
            turns.judge_start(self, self.chosen.repeat or 5)
            turns.judge_renewal(self)
            turns.judge_asking(self)
        turns.judge_losses(self, names or turns.LOSSES)

    def lasting(self, seconds=1500):
        turns.judge_lasting(self, int(seconds))

    # --- idleness

    def idle(self):
        with self.served() as world:
            with ThreadPoolExecutor(len(idle.CASES)) as pool:
                found = list(pool.map(lambda case: idle.watch(world, *case), idle.CASES))
        for (name, *_), counted in zip(idle.CASES, found):
            self.report.judge(not counted['error'], f'idle, {name}', counted['error'] or idle.text_of(counted))
        self.report.found['idle'] = {name: counted for (name, *_), counted in zip(idle.CASES, found)}

    # --- the cable

    def wire(self):
        with self.world('') as world:
            for check in cable.CHECKS:
                right, text = check(world)
                self.report.judge(right, 'wire', text)

    # --- several

    def sample(self):
        self.wire()
        with self.world() as world:
            self._matrix(world, list(KINDS), SAMPLE_PAIRS)
            self._places(world, SAMPLE_PLACES)
        with self.world() as world:
            self._privacy(world, SAMPLE_PRIVACY)
        with self.served(FAR_AWAY[0]) as world:
            for pair in FAR_AWAY[1]:
                self._pair(world, *(home(world, kind) for kind in pair), Outcome(*pair, 'relay'))
        with self.served() as world:
            self._early(world, [early.CASES[at] for at in SAMPLE_EARLY])
        turns.sample(self)
        mesh.judge(self, [SAMPLE_PEERS])
        self.times(6)

    def all(self):
        self.wire()
        self.matrix()
        self.privacy()
        self.times()
        self.early()
        self.idle()
