"""Everybody with everybody: how long it takes until all are connected, and what it costs to stay so."""

import os
import subprocess
import time

from homes import home
from world import SIGNAL_NAME, SIGNAL_PORT

EACH = 10           # endpoints of a process
IDLE_SECONDS = 10
SETTLE_SECONDS = 5  # ICE goes on checking pairs
LIMITS = {'cpu_percent': 10, 'kib': 60}  # of a thousand connections of a process, idle; of each connection


class Member:
    """A process with some of the endpoints, at an address of its own."""

    def __init__(self, world, peers, first, count):
        program = os.path.join(os.path.dirname(world.wire_program), 'mesh')
        box = home(world, 'public').peer
        self.connections = count * (peers - 1)
        self.process = world.start(box, f'mesh{first}', program, f'tcp://{SIGNAL_NAME}:{SIGNAL_PORT}', peers, first, count,
                                   stdin=subprocess.PIPE)

    def tell(self, word):
        self.process.process.stdin.write(f'{word}\n'.encode('ascii'))
        self.process.process.stdin.flush()

    def cpu_seconds(self):
        with open(f'/proc/{self.process.pid}/stat', encoding='ascii') as file:
            words = file.read().rsplit(')', 1)[1].split()
        return (int(words[11]) + int(words[12])) / os.sysconf('SC_CLK_TCK')

    def kib(self):
        """That are its own."""
        with open(f'/proc/{self.process.pid}/status', encoding='ascii') as file:
            return next(int(line.split()[1]) for line in file if line.startswith('RssAnon:'))

    def descriptors(self):
        return len(os.listdir(f'/proc/{self.process.pid}/fd'))

    def threads(self):
        return len(os.listdir(f'/proc/{self.process.pid}/task'))


def _all(members, word, pattern, patience):
    """Tells all, and returns what each answered."""
    for member in members:
        member.tell(word)
    return [member.process.wait_for(pattern, patience) for member in members]


def _watch_idle(members):
    """The share of a core that the busiest of them needs for a thousand connections, in percent."""
    before = [member.cpu_seconds() for member in members]
    time.sleep(IDLE_SECONDS)
    return max((member.cpu_seconds() - was) / IDLE_SECONDS * 100 * 1000 / member.connections
               for member, was in zip(members, before))


def run(world, peers, patience):
    """A full mesh of so many peers, and what came of it."""
    world.start_signaling()
    begin = time.monotonic()
    members = [Member(world, peers, first, min(EACH, peers - first)) for first in range(0, peers, EACH)]
    for member in members:
        member.process.wait_for('^ready', patience)
    found = {'peers': peers, 'connections': peers * (peers - 1) // 2, 'processes': len(members),
             'ready_ms': round((time.monotonic() - begin) * 1000)}
    bare = [(member.kib(), member.descriptors()) for member in members]
    cpu = sum(member.cpu_seconds() for member in members)
    answers = _all(members, 'go', r'^connected (\d+) (\d+)', patience)
    found['connected_ms'] = max(int(answer[1]) for answer in answers)
    found['failed'] = sum(int(answer[2]) for answer in answers)
    found['cpu_ms_each'] = round((sum(member.cpu_seconds() for member in members) - cpu) * 1000 / found['connections'], 2)
    time.sleep(SETTLE_SECONDS)
    ends = sum(member.connections for member in members)
    found['kib_each'] = round(sum(member.kib() - was for member, (was, _) in zip(members, bare)) / ends, 1)
    found['descriptors_each'] = round(sum(member.descriptors() - was for member, (_, was) in zip(members, bare)) / ends, 2)
    found['mib'] = sum(member.kib() for member in members) // 1024
    found['descriptors'] = sum(member.descriptors() for member in members)
    found['threads'] = sum(member.threads() for member in members)
    found['idle_percent'] = round(_watch_idle(members), 2)
    answers = _all(members, 'say', r'^heard (\d+)', patience)
    found['heard_ms'] = max(int(answer[1]) for answer in answers)
    for member in members:
        member.tell('end')
    for member in members:
        member.process.ends(patience)
    return found


def text_of(found):
    return (f'{found["connections"]} connections, all within {found["connected_ms"]} ms, {found["cpu_ms_each"]} ms of CPU each, {found["failed"]} '
            f'calls again; {found["kib_each"]} KiB and {found["descriptors_each"]} descriptors for each end, {found["mib"]} MiB and '
            f'{found["descriptors"]} descriptors in all; idle, 1,000 ends need {found["idle_percent"]} % of a core; all said and heard in '
            f'{found["heard_ms"]} ms')


def _judge_one(study, peers):
    patience = 60 + peers * peers / 40
    with study.world('') as world:
        found = run(world, peers, patience)
    right = found['failed'] == 0 and found['idle_percent'] <= LIMITS['cpu_percent'] and (
        found['kib_each'] <= LIMITS['kib'] or found['connections'] < 1000)  # of few, what is made once weighs too much
    study.report.judge(right, f'{peers} peers, everybody with everybody', text_of(found))
    return found


def judge(study, sizes):
    study.report.found['mesh'] = [_judge_one(study, peers) for peers in sizes]
