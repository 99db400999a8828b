"""Verbs: states, messages, sessions, events, logs, facts."""

import asyncio

import kith

from scenario_file import content
from verbs_objects import expect
from world import PATIENCE, Failure, check_fact, mode, number, same


class Traffic:
    """Functions of a world and a step: see tests/bindings/README.md."""

    # --- connections

    async def find(self, w, endpoint, kind, keys, fits=lambda event: True):
        """The oldest event like that which no step has had."""
        lists = [w.events[endpoint]] if endpoint else list(w.events.values())

        def look():
            for seen in lists:
                for event in seen:
                    if event.type == kind and fits(event) and all(
                            same(w, key, getattr(event, key), value) if (kind, key) != (kith.EventType.SIGNALING_STATE, 'state')
                            else event.state.name.encode() == value for key, value in keys.items()):
                        seen.remove(event)
                        return event
            return None
        return await w.until(look, lambda: f'no such event: {[str(event)[:400] for seen in lists for event in seen]}')

    async def incoming(self, w, s):
        keys = {key: value for key, value in s.keys.items() if key in ('listener', 'peer', 'user_data')}
        event = await self.find(w, w[s.keys['on']], kith.EventType.STATE, keys,
                                lambda event: event.state == kith.State.CONNECTING and event.listener)
        w.add(s.args[0].decode(), event.connection)

    async def accept(self, w, s):
        w[s.args[0]].accept()

    async def close(self, w, s):
        k = s.keys
        w[s.args[0]].close(int(k.get('reason', 0)), k['text'].decode() if 'text' in k else None, int(k.get('linger_us', 0)) / 1e6)

    async def state(self, w, s):
        connection, wanted = w[s.args[0]], kith.State[s.args[1].decode()]
        await w.until(lambda: connection.info().state == wanted, lambda: f'it is {connection.info()}')

    async def ended(self, w, s):
        connection = w[s.args[0]]
        await w.until(lambda: connection.end, 'it has not ended')
        for key, value in s.keys.items():
            expect(same(w, key, getattr(connection.end, key), value), connection.end)

    async def set_user_data(self, w, s):
        w[s.args[0]].user_data = int(s.args[1])

    async def user_data(self, w, s):
        expect(w[s.args[0]].user_data == int(s.args[1]), w[s.args[0]].user_data)

    async def set_name(self, w, s):
        w[s.args[0]].name = s.args[1].decode()

    async def lanes(self, w, s):
        lists = [[int(part) for part in s.keys[key].split(b',')] if key in s.keys else None for key in ('priorities', 'weights')]
        w[s.args[0]].set_lanes(lists[0] or [0] * int(s.args[1]), lists[1])

    async def flush(self, w, s):
        w[s.args[0]].flush()

    # --- messages

    def outgoing(self, s, data):
        by = s.keys.get('by', b'copy')
        if by == b'copy':
            return data
        message = kith.Message(bytearray(data), copy=by == b'message')
        message.mode, message.lane, message.ttl_us = mode(s.keys), int(s.keys.get('lane', 0)), int(s.keys.get('ttl_us', 0))
        return message

    def ttl(self, s):
        return int(s.keys['ttl_us']) / 1e6 if 'ttl_us' in s.keys else None

    async def send(self, w, s):
        sent = w[s.args[0]].send(self.outgoing(s, content(s, 1)), mode(s.keys), int(s.keys.get('lane', 0)), self.ttl(s))
        expect('number' not in s.keys or sent == int(s.keys['number']), sent)

    async def send_batch(self, w, s):
        count = int(s.keys['count'])
        batch = [self.outgoing(s, content(s, 1, i)) for i in range(count)]
        sent = w[s.args[0]].send_batch(batch, mode(s.keys), int(s.keys.get('lane', 0)), self.ttl(s))
        expect(sent == int(s.keys.get('sent', count)), sent)

    async def arrived(self, w, thing, pending):
        """What a Pending gives, in either style."""
        if w.by_asyncio:
            return await asyncio.wait_for(pending, PATIENCE)
        return (await w.until(lambda: thing.receive_batch(1), 'nothing has come'))[0]

    def check_message(self, w, s, message, data):
        expect(bytes(message) == data and memoryview(message) == data, bytes(message)[:60])
        if 'mode' in s.keys:
            expect(message.mode == mode({'mode': s.keys['mode']}), message.mode)
        for key in ('lane', 'number', 'user_data', 'channel'):
            expect(key not in s.keys or getattr(message, key) == int(s.keys[key]), (key, getattr(message, key)))
        expect('from' not in s.keys or message.connection is w[s.keys['from']], message.connection)
        expect('peer' not in s.keys or message.peer == w.identity(s.keys['peer']), message.peer)

    async def receive(self, w, s):
        thing = w[s.args[0]]
        message = await self.arrived(w, thing, thing.receive())
        self.check_message(w, s, message, content(s, 1))
        if 'keep' in s.keys:
            w.add(s.keys['keep'].decode(), message)

    async def receive_batch(self, w, s):
        thing, count, most, got = w[s.args[0]], int(s.keys['count']), int(s.keys.get('max', 64)), []
        while len(got) < count:
            got += await w.until(lambda: thing.receive_batch(min(most, count - len(got))), lambda: f'{len(got)} have come')
        expect(len(got) == count, len(got))
        for i, message in enumerate(got):
            self.check_message(w, s, message, content(s, 1, i))

    async def nothing(self, w, s):
        await w.take_events(int(s.keys.get('for_us', 0)) / 1e6)
        got = w[s.args[0]].receive_batch(1)
        expect(not got, [bytes(message) for message in got])

    async def message(self, w, s):
        self.check_message(w, s, w[s.args[0]], content(s, 1))

    async def release(self, w, s):
        del w.objects[s.args[0].decode()]

    async def group(self, w, s):
        w.add(s.args[0].decode(), w[s.keys['on']].group())

    async def join(self, w, s):
        w[s.args[0]].join(None if s.args[1] == b'none' else w[s.args[1]])

    async def destroy_group(self, w, s):
        w[s.args[0]].close()

    async def wait_group(self, w, s):
        w[s.args[0]].wait(int(s.keys.get('for_us', PATIENCE * 1e6)) / 1e6)

    # --- messages to an identity

    def peer(self, w, s):
        return w.identity(s.keys['peer'])

    async def send_to(self, w, s):
        w[s.args[0]].sessions.send(self.peer(w, s), content(s, 1), int(s.keys.get('channel', 0)), mode(s.keys))

    async def receive_from(self, w, s):
        sessions, channel = w[s.args[0]].sessions, int(s.keys.get('channel', 0))
        if w.by_asyncio:
            message = await asyncio.wait_for(sessions.receive(channel), PATIENCE)
        else:
            message = (await w.until(lambda: sessions.receive_batch(channel, 1), 'nothing has come'))[0]
        self.check_message(w, s, message, content(s, 1))

    async def nothing_on(self, w, s):
        await w.take_events(int(s.keys.get('for_us', 0)) / 1e6)
        expect(not w[s.args[0]].sessions.receive_batch(int(s.keys.get('channel', 0))), 'something came')

    async def accept_session(self, w, s):
        w[s.args[0]].sessions.accept(self.peer(w, s))

    async def close_session(self, w, s):
        w[s.args[0]].sessions.close(self.peer(w, s), int(s.keys.get('linger_us', 0)) / 1e6)

    async def close_channel(self, w, s):
        w[s.args[0]].sessions.close_channel(self.peer(w, s), int(s.keys['channel']))

    async def flush_session(self, w, s):
        w[s.args[0]].sessions.flush(self.peer(w, s))

    # --- events and the log

    async def event(self, w, s):
        await self.find(w, w[s.args[0]], kith.EventType[s.args[1].decode()], s.keys)

    async def no_event(self, w, s):
        await w.take_events(int(s.keys.get('for_us', 0)) / 1e6)
        keys = {key: value for key, value in s.keys.items() if key != 'for_us'}
        for event in w.events[w[s.args[0]]]:
            if event.type.name.encode() == s.args[1] and all(same(w, key, getattr(event, key), value) for key, value in keys.items()):
                raise Failure(f'there is {event}')

    async def wait(self, w, s):
        w[s.args[0]].wait(int(s.keys.get('for_us', PATIENCE * 1e6)) / 1e6)

    async def pause(self, w, s):
        await w.take_events(int(s.keys['for_us']) / 1e6)

    async def descriptor(self, w, s):
        expect(w[s.args[0]].fileno() >= 0, 'negative')

    async def log(self, w, s):
        lines = w.lines[w[s.args[0]]]
        w[s.args[0]].set_log(kith.LogLevel[s.keys['level'].decode()], lambda *line: lines.append(line))

    async def log_level(self, w, s):
        name = s.keys['subject'].decode()
        w[s.args[0]].set_log_level(None if name == 'ALL' else kith.Subject[name], kith.LogLevel[s.keys['level'].decode()])

    async def logged(self, w, s):
        wanted = {key: value.decode() for key, value in s.keys.items()}

        def look():
            return any(wanted.get('subject', subject.name) == subject.name and wanted.get('level', level.name) == level.name and
                       wanted.get('contains', '') in text for subject, level, text in w.lines[w[s.args[0]]])
        await w.until(look, 'no such line')

    # --- facts

    async def fact(self, w, s, ask, field, once=False):
        name, _, index = field.decode().rstrip(']').partition('[')
        wrong = None

        def look():
            nonlocal wrong
            seen = getattr(ask(), name)
            wrong = check_fact(w, name, seen[int(index)] if index else seen, s.keys)
            return not wrong
        if s.fails:
            look()
        else:
            await w.until(look, lambda: wrong)

    async def info(self, w, s):
        await self.fact(w, s, w[s.args[0]].info, s.args[1])

    async def status(self, w, s):
        await self.fact(w, s, w[s.args[0]].status, s.args[1])

    async def security(self, w, s):
        await self.fact(w, s, w[s.args[0]].security, s.args[1])

    async def diagnosis(self, w, s):
        await self.fact(w, s, w[s.args[0]].diagnosis, s.args[1])

    async def lane_status(self, w, s):
        await self.fact(w, s, lambda: w[s.args[0]].lane_status(int(s.args[1])), s.args[2])

    async def statistics(self, w, s):
        await self.fact(w, s, lambda: w[s.args[0]].statistics(kith.Side[s.args[1].decode()]), s.args[2])

    async def session_info(self, w, s):
        await self.fact(w, s, lambda: w[s.args[0]].sessions.info(self.peer(w, s)), s.args[1])

    async def session_status(self, w, s):
        await self.fact(w, s, lambda: w[s.args[0]].sessions.status(self.peer(w, s)), s.args[1])

    async def session_security(self, w, s):
        await self.fact(w, s, lambda: w[s.args[0]].sessions.security(self.peer(w, s)), s.args[1])

    async def session_diagnosis(self, w, s):
        await self.fact(w, s, lambda: w[s.args[0]].sessions.diagnosis(self.peer(w, s)), s.args[1])

    async def text_of(self, w, s, ask):
        wrong = None

        def look():
            nonlocal wrong
            wrong = check_fact(w, 'the text', ask('hide' in s.keys), s.keys)
            return not wrong
        await w.until(look, lambda: wrong)

    async def route(self, w, s):
        await self.text_of(w, s, w[s.args[0]].route)

    async def report(self, w, s):
        await self.text_of(w, s, w[s.args[0]].report)
