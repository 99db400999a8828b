"""peer.py NAME OTHER...: one of several that call each other, in Python: README.md has what each does."""

import asyncio
import os
import sys

import kith

MESSAGES, STEP, PORT, REASON = 50, 1500, 1, 1001


def content(number):
    return bytes((i * 31 + i // 256 * 17 + number) % 256 for i in range(number * STEP))


async def call(endpoint, other):
    connection = await endpoint.connect(f'str:{other}', port=PORT)
    for number in range(MESSAGES):
        await connection.sent(content(number))
    for number in range(MESSAGES):
        if bytes(await connection.receive()) != content(number):
            raise ValueError('an echo is not what was sent')
    connection.close(REASON)


async def echo(connection):
    async for message in connection:
        await connection.sent(message)
    end = await connection.ended()
    if end is None or end.reason != REASON:
        raise ValueError(f'a connection ended: {end}')


async def serve(listener, count):
    await asyncio.gather(*[echo(await listener.accept()) for _ in range(count)])


async def main(name, others):
    async with kith.Endpoint(f'str:{name}', config={'TimeoutInitial': 30000}) as endpoint:
        endpoint.open_signaling(os.environ['KITH_TEST_SIGNALING'])
        calls = [call(endpoint, other) for other in others]
        await asyncio.wait_for(asyncio.gather(serve(endpoint.listen(PORT), len(others)), *calls), 60)
    print(f'{name}: {len(others)} called, {len(others)} served')


asyncio.run(main(sys.argv[1], sys.argv[2:]))
