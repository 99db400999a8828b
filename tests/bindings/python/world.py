"""What a scenario has made, and waiting in it: on a loop of asyncio, or by steps of every endpoint."""

import asyncio
import os
import shutil
import tempfile
import time

import kith

PATIENCE = 10.0


class Failure(Exception):
    """What was seen is not what must be seen."""


class Carrier:
    """Carries signals of an endpoint to the one of the scenario that they are for."""

    def __init__(self, world, name, endpoint, lose_every, double):
        self.world, self.name, self.endpoint = world, name, endpoint
        self.lose_every, self.times = lose_every, 2 if double else 1
        self.carried, self.signaling = 0, None

    def send(self, peer, data):
        self.carried += 1
        if self.lose_every and self.carried % self.lose_every == 0:
            return
        for endpoint in self.world.endpoints:
            if not endpoint.closed and endpoint.identity == peer:
                carrier = next((c for c in self.world.carriers if c.endpoint is endpoint and c.signaling), None)
                for _ in range(self.times):
                    if carrier:
                        carrier.signaling.receive(data)
                    else:
                        endpoint.receive_signal(data)


class World:
    """The objects of one scenario by their names."""

    def __init__(self, by_asyncio):
        self.by_asyncio = by_asyncio
        self.objects, self.endpoints, self.carriers = {}, [], []
        self.events, self.lines, self.tasks = {}, {}, []
        self.folder = tempfile.mkdtemp()

    def add(self, name, thing):
        self.objects[name] = thing
        return thing

    def __getitem__(self, name):
        return self.objects[name.decode() if isinstance(name, bytes) else name]

    def name_of(self, thing):
        """The name of an object, or of a handle."""
        if thing is None or thing == 0 and not hasattr(thing, 'handle'):
            return 'none'
        for name, known in self.objects.items():
            if known is thing or isinstance(thing, int) and getattr(known, 'handle', None) == thing:
                return name
        return 'unknown'

    def add_endpoint(self, name, endpoint):
        self.add(name, endpoint)
        self.endpoints.append(endpoint)
        seen = self.events[endpoint] = []
        self.lines[endpoint] = []

        def take(event):
            seen.append(event)
            if event.type == kith.EventType.SIGNAL:
                for carrier in self.carriers:
                    if carrier.endpoint is endpoint and not carrier.signaling:
                        carrier.send(event.peer, event.data)

        async def follow(stream):
            async for event in stream:
                take(event)
        if self.by_asyncio:
            self.tasks.append(asyncio.ensure_future(follow(endpoint.events())))
        else:
            endpoint.on_event = take

    async def take_events(self, seconds):
        """Takes events for a while."""
        if self.by_asyncio:
            await asyncio.sleep(seconds)
            return
        end = time.monotonic() + seconds
        living = [endpoint for endpoint in self.endpoints if not endpoint.closed]
        for endpoint in living:
            endpoint.step(0)
        while time.monotonic() < end and living:
            for endpoint in living:
                endpoint.step(min(0.001, seconds))

    async def until(self, look, what):
        """Waits until `look` returns something, and returns that."""
        end = time.monotonic() + PATIENCE
        while True:
            found = look()
            if found:
                return found
            if time.monotonic() > end:
                raise Failure(what() if callable(what) else what)
            await self.take_events(0.001)

    async def close(self):
        for endpoint in self.endpoints:
            endpoint.close()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        shutil.rmtree(self.folder)

    # --- values

    def identity(self, text):
        text = text.decode('utf-8', 'surrogateescape')
        if not text.startswith('@'):
            return text
        thing = self[text[1:]]
        return thing.identity

    def key(self, name):
        """The public key of a key."""
        thing = self[name.lstrip(b'@')]
        return thing.public if isinstance(thing, kith.PrivateKey) else thing

    def certificates(self, names):
        if names == b'none':
            return None
        found = [self[name] for name in names.split(b',')]
        return b'\n'.join(found)

    def path(self, name):
        return os.path.join(self.folder, name.decode())


def number(text, prefix=''):
    """A number, or the constant of that name."""
    text = text.decode() if isinstance(text, bytes) else text
    try:
        return int(text)
    except ValueError:
        return kith.constants()[prefix + text]


def mode(keys):
    names = {'reliable': kith.Send.RELIABLE, 'unreliable': kith.Send.UNRELIABLE, 'sequenced': kith.Send.SEQUENCED,
             'reliable_sequenced': kith.Send.RELIABLE | kith.Send.SEQUENCED}
    made = names[keys.get('mode', b'reliable').decode()]
    for key, flag in (('no_nagle', kith.Send.NO_NAGLE), ('no_delay', kith.Send.NO_DELAY), ('restart', kith.Send.AUTO_RESTART)):
        if int(keys.get(key, 0)):
            made |= flag
    return made


def config_of(keys, prefix=''):
    begin = prefix + 'config.'
    return {key[len(begin):]: value.decode() for key, value in keys.items() if key.startswith(begin)}


PREFIXES = {'state': 'STATE_', 'old_state': 'STATE_', 'route': 'ROUTE_', 'stage': 'STAGE_', 'proof': 'PROOF_', 'doubt': 'DOUBT_',
            'side': 'SIDE_', 'kind': 'CERTIFICATE_', 'reason': 'REASON_', 'type': 'EVENT_', 'result': ''}


def same(world, field, seen, text):
    """Whether what was seen is what stands in the file."""
    if field in ('connection', 'listener', 'poll_group', 'signaling', 'endpoint'):
        return world.name_of(seen) == text.decode()
    if isinstance(seen, float):
        return seen == float(text)
    if isinstance(seen, bytes):
        return seen == bytes(world.key(text))
    if isinstance(seen, kith.Identity):
        return seen.same(world.identity(text))
    if isinstance(seen, kith.Address):
        return seen == (world[text[1:]].address if text[:1] == b'@' else kith.Address.parse(text.decode()))
    if isinstance(seen, str):
        return seen.encode('utf-8', 'surrogateescape') == text
    if text[:1] == b'@':
        return seen == world.key(text).id
    return seen is not None and int(seen) == number(text, PREFIXES.get(field, ''))


def check_fact(world, field, seen, keys):
    """What is wrong with a value; None: nothing."""
    for key, text in keys.items():
        good = {'is': lambda: same(world, field, seen, text), 'not': lambda: not same(world, field, seen, text),
                'min': lambda: seen >= float(text), 'max': lambda: seen <= float(text),
                'contains': lambda: text.decode() in seen, 'lacks': lambda: text.decode() not in seen}.get(key)
        if good and not good():
            return f'{field} is {seen!r}'
    return None
