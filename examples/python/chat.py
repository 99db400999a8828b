"""A chat: `chat.py serve 0.0.0.0:5000` tells everybody what each one says; `chat.py join 127.0.0.1:5000 NAME` talks there,
a line of standard input at a time."""

import asyncio
import sys

import kith


async def serve(where):
    guests = set()

    async def attend(guest):
        guests.add(guest)
        try:
            async for message in guest:
                for other in guests:
                    other.send(bytes(message))
        except ConnectionError:
            pass  # it went without a word
        finally:
            guests.discard(guest)

    async with kith.Endpoint() as endpoint:
        listener = endpoint.listen(where)
        print('listening on', listener.address, flush=True)
        tasks = set()
        async for guest in listener:
            task = asyncio.create_task(attend(guest))
            tasks.add(task)
            task.add_done_callback(tasks.discard)


async def join(where, name):
    async def show(connection):
        async for message in connection:
            print(bytes(message).decode(), flush=True)

    async with kith.Endpoint() as endpoint, endpoint.connect(where) as connection:
        shown = asyncio.create_task(show(connection))
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            await connection.sent(f'{name}: {line.strip()}'.encode())
        await asyncio.sleep(0.5)
        shown.cancel()


asyncio.run({'serve': serve, 'join': join}[sys.argv[1]](*sys.argv[2:]))
