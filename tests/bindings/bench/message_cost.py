"""message_cost.py MESSAGES: what a message costs in Python, by the protocol of README.md."""

import sys
import time

import kith

BATCH, SIZE, WARM_UP = 64, 1024, 100


def resident_kib():
    with open('/proc/self/status', encoding='ascii') as file:
        return next(int(line.split()[1]) for line in file if line.startswith('VmRSS:'))


def run(endpoint, first, second, batches):
    batch = [bytes(SIZE)] * BATCH
    for _ in range(batches):
        if first.send_batch(batch) != BATCH:
            raise BufferError('there is no room')
        done = 0
        while done < BATCH:
            messages = second.receive_batch(BATCH)
            for message in messages:
                if len(message) != SIZE:
                    raise ValueError('a message has another size')
            done += len(messages)
            if not messages:
                endpoint.step(None)


def main(messages):
    batches = (messages + BATCH - 1) // BATCH
    with kith.Endpoint() as endpoint:
        first, second = kith.pair(endpoint, endpoint)
        run(endpoint, first, second, WARM_UP)
        before, began = resident_kib(), time.process_time_ns()
        run(endpoint, first, second, batches)
        print(batches * BATCH, time.process_time_ns() - began, before, resident_kib())


main(int(sys.argv[1]))
