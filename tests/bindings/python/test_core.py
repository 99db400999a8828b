"""The Python binding as its users see it: asyncio and plain, messages, errors, the end of things."""

import asyncio
import gc
import logging
import os
import re
import subprocess
import sys
import threading
import time
import unittest

import kith
from kith import Endpoint, Send


def connected(endpoint, **options):
    first, second = kith.pair(endpoint, endpoint, **options)
    first.wait(5)
    second.wait(5)
    return first, second


class Values(unittest.TestCase):
    def test_every_constant(self):
        enums = {'STATE_': kith.State, 'ROUTE_': kith.Route, 'REASON_': kith.Reason, 'EVENT_': kith.EventType,
                 'SEND_': kith.Send, 'IDENTITY_': kith.IdentityKind, 'LOG_': kith.LogLevel, 'SUBJECT_': kith.Subject,
                 'SIGNALING_': kith.SignalingState, 'PROOF_': kith.Proof, 'SIDE_': kith.Side, 'HISTOGRAM_': kith.Histogram,
                 'DOUBT_': kith.Doubt, 'CERTIFICATE_': kith.CertificateKind, 'FORM_': kith.Form, 'KEY_FORM_': kith.KeyForm,
                 'STAGE_': kith.Stage, 'TYPE_': kith.OptionType, 'LOCK_': kith.Lock, 'REQUIRE_': kith.Require,
                 'SHARE_': kith.Share}
        for name, number in kith.constants().items():
            prefix = next((prefix for prefix in enums if name.startswith(prefix)), None)
            if prefix and not name.endswith('_MAX') and name != 'SUBJECT_ALL' or name == 'REASON_APP_MAX':
                self.assertEqual(enums[prefix][name[len(prefix):]], number, name)
            elif name == 'OK' or name.startswith('E_'):
                self.assertEqual(kith.Result[name], number)

    def test_a_number_of_a_newer_library(self):
        self.assertEqual((kith.State(99), kith.State(99).name), (99, 'UNKNOWN'))

    def test_identities(self):
        alice = kith.Identity('str:alice')
        self.assertEqual((alice, alice.kind), ('str:alice', kith.IdentityKind.STRING))
        self.assertEqual(bytes(kith.Identity.from_bytes(b'\1\2')), b'\1\2')
        with self.assertRaises(ValueError):
            kith.Identity('nonsense')

    def test_addresses(self):
        address = kith.Address.parse('[fe80::1]:7')
        self.assertEqual((str(address), address.port, str(address.ip)), ('[fe80::1]:7', 7, 'fe80::1'))
        self.assertEqual(str(kith.Address.parse('1.2.3.4:5').ip), '1.2.3.4')

    def test_errors_fit_the_built_in_ones(self):
        for result, kind in ((-5, BlockingIOError), (-6, ConnectionError), (-10, TimeoutError), (-1, ValueError),
                             (-9, ConnectionError), (-13, OSError), (-15, LookupError)):
            self.assertIsInstance(kith.error_of(result), kind)
            self.assertIsInstance(kith.error_of(result), kith.KithError)


class Plain(unittest.TestCase):
    def setUp(self):
        self.endpoint = Endpoint()
        self.addCleanup(self.endpoint.close)

    def test_both_ways(self):
        with Endpoint('str:bob') as bob:
            listener = bob.listen('127.0.0.1:0')
            call = self.endpoint.connect(listener.address)
            answer = listener.accept().wait(5)
            call.wait(5)
            call.send(b'hello')
            self.assertEqual(bytes(answer.receive().wait(5)), b'hello')
            self.assertEqual(call.peer, 'str:bob')
            answer.close(1007, 'that was it')
            end = call.ended().wait(5)
            self.assertEqual((end.reason, end.text, end.stage), (1007, 'that was it', kith.Stage.CLOSED))
            with self.assertRaises(ConnectionError) as caught:
                call.receive().wait(5)
            self.assertEqual(caught.exception.reason, 1007)

    def test_any_buffer_goes_in(self):
        first, second = connected(self.endpoint)
        import array
        for data in (b'a\0b', bytearray(b'xyz'), memoryview(b'0123456789')[2:5], array.array('H', [1, 2]), b'', kith.Message(b'm'),
                     kith.Message(bytearray(b'w'), copy=False)):
            first.send(data)
            self.assertEqual(bytes(second.receive().wait(5)), bytes(data))
        with self.assertRaises(TypeError):
            first.send('text')
        with self.assertRaises(BufferError):
            first.send(memoryview(b'0123')[::2])

    def test_a_view_outlives_everything(self):
        first, second = connected(self.endpoint)
        first.send(b'still here')
        view = memoryview(second.receive().wait(5))
        self.endpoint.close()
        del first, second
        gc.collect()
        self.assertEqual((view.tobytes(), view.readonly), (b'still here', True))

    def test_a_message_is_sent_once(self):
        first, second = connected(self.endpoint)
        message = kith.Message(b'once')
        first.send(message)
        with self.assertRaises(ValueError):
            first.send(message)
        self.assertEqual(bytes(message), b'once')

    def test_a_wrapped_buffer_is_given_back(self):
        first, second = connected(self.endpoint)
        data = bytearray(b'lent')
        message = kith.Message(data, copy=False)
        with self.assertRaises(BufferError):
            data.append(1)
        first.send(message)
        second.receive().wait(5)
        del message
        end = time.monotonic() + 5
        while time.monotonic() < end:
            kith.Message(b'', copy=False)
            try:
                data.append(1)
                return
            except BufferError:
                self.endpoint.step(0.05)
        self.fail('the buffer was kept')

    def test_a_time_to_live_tells_the_number(self):
        first, second = connected(self.endpoint)
        self.assertEqual([first.send(b'1'), first.send(b'2', ttl=5)], [1, 2])
        self.assertEqual([second.receive().wait(5).number for _ in range(2)], [1, 2])

    def test_batches(self):
        first, second = connected(self.endpoint)
        self.assertEqual(first.send_batch([b'%d' % i for i in range(200)]), 200)
        got = []
        while len(got) < 200:
            got += second.messages().wait(5)
        self.assertEqual([bytes(message) for message in got], [b'%d' % i for i in range(200)])
        self.assertEqual(second.receive_batch(), [])

    def test_no_number_is_cut(self):
        first, _ = connected(self.endpoint)
        for call in (lambda: Endpoint(app_id=2**32 + 1), lambda: Endpoint(app_id=-1), lambda: first.set_lanes([0, 2**32]),
                     lambda: first.set_lanes([0, 1], [1, 65537]), lambda: first.send(b'x', lane=2**32),
                     lambda: setattr(first, 'user_data', 2**63)):
            with self.assertRaises(OverflowError):
                call()

    def test_other_threads_run_while_much_is_sent(self):
        first, second = connected(self.endpoint, configs=({'SendBufferSize': 64 << 20}, None))
        much, done, turns = [bytes(512 << 10)] * 64, threading.Event(), []

        def take_turns():
            while not done.is_set():
                turns.append(time.monotonic())
                time.sleep(0.0001)
        # So no thread is made to let others run: it has to.
        interval = sys.getswitchinterval()
        sys.setswitchinterval(60)
        try:
            other = threading.Thread(target=take_turns)
            other.start()
            time.sleep(0.05)
            begin = time.monotonic()
            sent = first.send_batch(much)
            end = time.monotonic()
        finally:
            sys.setswitchinterval(interval)
            done.set()
            other.join()
        self.assertEqual(sent, 64)
        self.assertTrue([turn for turn in turns if begin < turn < end])
        got = 0
        while got < 64:
            got += len(second.messages().wait(5))

    def test_no_room(self):
        nobody = self.endpoint.connect('str:nobody', config={'SendBufferSize': 5000})
        with self.assertRaises(kith.InvalidError):
            kith.Identity('nobody')
        with self.assertRaisesRegex(BlockingIOError, '^(?!.*nobody)'):
            for _ in range(5):
                nobody.send(bytes(1000))

    def test_what_arrived_before_the_end_can_be_read(self):
        first, second = connected(self.endpoint)
        first.send(b'last words')
        first.close(linger=-1)
        second.ended().wait(5)
        self.endpoint.step(0.1)
        self.assertEqual([bytes(message) for message in second], [b'last words'])

    def test_the_end_is_known_before_its_event_is_taken(self):
        first, second = connected(self.endpoint)
        first.send(b'last words')
        first.close(linger=-1)
        while second.info().state != kith.State.CLOSED_BY_PEER:
            time.sleep(0.001)
        self.assertEqual([bytes(message) for message in second], [b'last words'])

    def test_what_arrived_for_a_group_before_the_end(self):
        with self.endpoint.group() as group:
            first, second = connected(self.endpoint, groups=(None, group))
            first.send(b'last words')
            first.close(linger=-1)
            second.ended().wait(5)
            self.assertEqual(bytes(group.receive().wait(5)), b'last words')

    def test_waiting_has_an_end(self):
        _, second = connected(self.endpoint)
        begin = time.monotonic()
        with self.assertRaises(TimeoutError):
            second.receive().wait(0.2)
        self.assertTrue(0.19 < time.monotonic() - begin < 2)

    def test_a_callbacks_exception_comes_from_the_pump(self):
        def fail(event):
            raise KeyError(event.type.name)
        self.endpoint.on_event = fail
        self.endpoint.connect(self.endpoint.listen('127.0.0.1:0').address)
        with self.assertRaises(KeyError):
            for _ in range(20):
                self.endpoint.step(0.5)

    def test_two_threads_wait(self):
        first, second = connected(self.endpoint)
        third, fourth = connected(self.endpoint)
        got = []
        threads = [threading.Thread(target=lambda end=end: got.append(bytes(end.receive().wait(5)))) for end in (second, fourth)]
        for thread in threads:
            thread.start()
        time.sleep(0.2)
        third.send(b'to the fourth')
        time.sleep(0.2)
        first.send(b'to the second')
        for thread in threads:
            thread.join(5)
        self.assertEqual(got, [b'to the fourth', b'to the second'])

    def test_logging(self):
        with self.assertLogs('kith', logging.DEBUG) as logs, Endpoint('str:talker', log_level=kith.LogLevel.INFO) as endpoint:
            endpoint.step(0.5)
        self.assertTrue(any('str:talker' in line for line in logs.output))

    def test_closed_objects(self):
        first, _ = connected(self.endpoint)
        first.close()
        first.close()
        with self.assertRaises(kith.HandleError):
            first.send(b'')
        self.endpoint.close()
        self.endpoint.close()
        with self.assertRaises(kith.HandleError):
            self.endpoint.identity  # pylint: disable=pointless-statement


class Asyncio(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.server, self.client = Endpoint('str:server'), Endpoint()
        self.listener = self.server.listen('127.0.0.1:0')

    async def asyncTearDown(self):
        self.client.close()
        self.server.close()

    async def serve(self):
        async for connection in self.listener:
            async for message in connection:
                await connection.sent(bytes(message).upper())

    async def test_echo(self):
        task = asyncio.ensure_future(self.serve())
        async with self.client.connect(self.listener.address) as connection:
            for i in range(20):
                await connection.sent(b'hello %d' % i)
                self.assertEqual(bytes(await connection.receive()), b'HELLO %d' % i)
        task.cancel()

    async def test_a_failure_is_an_exception(self):
        async def refuse():
            (await self.listener.request()).close(1010, 'no room')
        task = asyncio.ensure_future(refuse())
        with self.assertRaises(ConnectionError) as caught:
            await self.client.connect(self.listener.address)
        self.assertEqual((caught.exception.reason, caught.exception.stage), (1010, kith.Stage.REFUSED))
        await task

    async def test_timeout_loses_nothing(self):
        call = self.client.connect(self.listener.address)
        answer = await self.listener.accept()
        await call
        with self.assertRaises(asyncio.TimeoutError):
            await asyncio.wait_for(answer.receive(), 0.1)
        call.send(b'later')
        self.assertEqual(bytes(await asyncio.wait_for(answer.receive(), 5)), b'later')

    async def test_cancelling_connect_closes(self):
        call = self.client.connect(self.listener.address)
        task = asyncio.ensure_future(call.connected())
        await asyncio.sleep(0.05)
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task
        self.assertTrue(call.closed)

    async def test_closing_ends_the_waiting(self):
        call = self.client.connect(self.listener.address)
        await self.listener.accept()
        await call
        waiting = asyncio.ensure_future(call.receive())
        await asyncio.sleep(0.05)
        self.client.close()
        with self.assertRaises(kith.KithError):
            await asyncio.wait_for(waiting, 5)

    async def test_a_callbacks_exception_goes_to_the_loop(self):
        seen = []
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: seen.append(context['exception']))

        def fail(event):
            raise KeyError(event.type.name)
        self.server.on_event = fail
        self.client.connect(self.listener.address)
        await asyncio.wait([asyncio.ensure_future(self.listener.accept())], timeout=1)
        self.assertIsInstance(seen[0], KeyError)


class WithoutReaders(unittest.TestCase):
    def test_by_the_wake_function(self):
        class Loop(asyncio.SelectorEventLoop):
            def add_reader(self, *_):
                raise NotImplementedError
        loop = Loop()
        self.addCleanup(loop.close)

        async def talk():
            with Endpoint() as endpoint:
                first, second = kith.pair(endpoint, endpoint, network=True)
                await first
                for i in range(10):
                    asyncio.get_running_loop().call_later(0.01, first.send, b'%d' % i, Send.RELIABLE | Send.NO_NAGLE)
                    self.assertEqual(bytes(await asyncio.wait_for(second.receive(), 5)), b'%d' % i)
        loop.run_until_complete(talk())


class Ends(unittest.TestCase):
    """Garbage, fork, and the end of the process."""

    def test_garbage_in_any_order(self):
        for order in ((0, 1, 2), (2, 1, 0), (1, 2, 0)):
            endpoint = Endpoint()
            things = [endpoint, *connected(endpoint)]
            del endpoint
            for i in order:
                things[i] = None
                gc.collect()
        before = threading.active_count()
        self.assertEqual(threading.active_count(), before)

    def test_an_endpoint_nobody_has_is_destroyed(self):
        endpoint = Endpoint()
        number = endpoint.fileno()
        os.fstat(number)
        del endpoint
        gc.collect()
        with self.assertRaises(OSError):
            os.fstat(number)

    def run_python(self, program):
        done = subprocess.run([sys.executable, '-c', program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30)
        self.assertEqual((done.returncode, done.stdout), (0, b'done\n'))

    def test_exit_with_live_connections(self):
        self.run_python('import kith\ne = kith.Endpoint(log_level=kith.LogLevel.DEBUG)\na, b = kith.pair(e, e, network=True)\n'
                        'a.wait(5)\na.send_batch([b"x" * 1000] * 100)\nprint("done")')

    def test_exit_while_asyncio_waits(self):
        self.run_python('import asyncio, kith\nasync def main():\n e = kith.Endpoint()\n a, b = kith.pair(e, e)\n'
                        ' t = asyncio.ensure_future(b.receive())\n await asyncio.sleep(0.1)\n'
                        'asyncio.run(main())\nprint("done")')

    def test_fork(self):
        with Endpoint(log_level=kith.LogLevel.DEBUG) as endpoint:
            first, second = connected(endpoint)
            first.send(b'before')
            message = second.receive().wait(5)
            read, write = os.pipe()
            child = os.fork()
            if child == 0:
                words = []
                for call in (lambda: endpoint.identity, lambda: first.send(b''), lambda: second.receive_batch(), endpoint.step):
                    try:
                        call()
                        words.append('none')
                    except kith.HandleError:
                        words.append('stale')
                words.append(bytes(message).decode())
                with Endpoint() as mine:
                    a, b = connected(mine)
                    a.send(b'mine')
                    words.append(bytes(b.receive().wait(5)).decode())
                del endpoint, first, second
                gc.collect()
                os.write(write, ' '.join(words).encode())
                os._exit(0)
            os.close(write)
            self.assertEqual(os.read(read, 100), b'stale stale stale stale before mine')
            os.close(read)
            self.assertEqual(os.waitpid(child, 0)[1], 0)
            first.send(b'after')
            self.assertEqual(bytes(second.receive().wait(5)), b'after')


class Docs(unittest.TestCase):
    def test_everything_public_has_a_docstring(self):
        for name in kith.__all__:
            thing = getattr(kith, name)
            if not isinstance(thing, kith.Config):
                self.assertTrue(thing.__doc__, name)
            for member, value in vars(thing).items() if isinstance(thing, type) else ():
                if not re.match('_', member) and (callable(value) or isinstance(value, property)):
                    self.assertTrue(value.__doc__, f'{name}.{member}')


if __name__ == '__main__':
    unittest.main()
