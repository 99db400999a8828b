#!/usr/bin/env python3
"""Prints docs/kith.1, made of what the command says of itself: man_page.py BUILD/kith"""

import re
import subprocess
import sys

OPTION = re.compile(r'^  (?:(-\w),|   ) --([\w-]+)(?: (\S+))? +(.*)$')
# An option of as many commands is told once, for all of them.
SHARED_BY = 6

HEAD = r'''.\" Made by tests/docs/man_page.py of what `kith --help` says; change src/cli/options_table.c, not this page.
.TH KITH 1 2026-11-26 "kith" "User Commands"
.nh
.ad l
.SH NAME
kith \- connect two programs that know each other's identity, or address
.SH SYNOPSIS
.B kith
.I COMMAND
.RI [ ARGUMENT ]...
.RI [ OPTION ]...
.br
.B kith
.RI [ COMMAND ]
.B \-\-help
.br
.B kith \-\-version
.SH DESCRIPTION
Connects two programs that know each other's identity, wherever they are, and carries messages between them:
encrypted, directly through NATs where that works, and through a relay where nothing else does.
.PP
.I TARGET
is
.BI udp: HOST : PORT
(an address; IPv6 in brackets) or an identity:
.BI str: NAME\fR,
.BI key: HEX
and others, which needs
.BR \-\-signaling .
.PP
An option's value may follow as the next word or after
.RB \(dq = \(dq;
.B \-\-
ends the options.
'''

TAIL = r'''.SH EXIT STATUS
.TP
.B 0
All went well.
.TP
.B 1
It failed; standard error says why, and at which stage a call failed.
.TP
.B 2
Wrong usage; standard error names the option or argument, and standard output has nothing.
.SH EXAMPLES
A signaling server, a peer that echoes, and another one that measures:
.PP
.nf
.RS
kith signald \-\-listen '[::]:10000'
kith echo \-\-identity str:bob \-\-signaling tcp://SERVER:10000
kith ping str:bob \-\-identity str:alice \-\-signaling tcp://SERVER:10000
.RE
.fi
.PP
What of the network works here:
.PP
.nf
.RS
kith doctor \-\-stun STUNSERVER:3478 \-\-signaling tcp://SERVER:10000
.RE
.fi
.SH SEE ALSO
The pages
.IR cli.md ,
.IR identity.md ,
.IR transfer.md
and
.I troubleshooting.md
in the folder
.I docs
of the source.
'''


def escaped(text):
    text = text.replace('\\', '\\e').replace('-', '\\-').replace("'", '\\(aq').replace('"', '\\(dq')
    return '\\&' + text if text.startswith('.') else text


def ask(program, *words):
    return subprocess.run([program, *words, '--help'], check=True, capture_output=True, text=True).stdout


def read_commands(program):
    """(name, summary, arguments, text, options) of each, as `kith COMMAND --help` has them."""
    for name, summary in re.findall(r'^  (\w+(?: \w+)?)  +(\S.*)$', ask(program), flags=re.M):
        usage, *rest = ask(program, *name.split()).split('\n\n')
        text = '\n\n'.join(rest[:-1])
        options = tuple(OPTION.match(line).groups() for line in rest[-1].splitlines())
        yield name, summary, usage.removeprefix(f'usage: kith {name}').strip(), text, options


def print_text(text):
    for number, paragraph in enumerate(text.split('\n\n')):
        if number > 0:
            print('.PP')
        # What is laid out in columns stays so.
        columns = re.search(r'\w: {2,}', paragraph) is not None or '\n  ' in paragraph
        print('.nf\n' if columns else '', end='')
        print('\n'.join(escaped(line) for line in paragraph.splitlines()))
        print('.fi\n' if columns else '', end='')


def print_option(option, owners=''):
    letter, name, value, text = option
    print('.TP')
    spelled = ', '.join(f'\\fB{escaped(word)}\\fR' for word in (letter, f'--{name}') if word)
    print(spelled + (f' \\fI{escaped(value)}\\fR' if value else ''))
    print(escaped(text[0].upper() + text[1:]) + '.')
    if owners:
        print(f'Of {owners}.')


def print_command(command, shared):
    name, summary, arguments, text, options = command
    print(f'.SS kith {escaped(name)} {escaped(arguments)}')
    print(escaped(summary[0].upper() + summary[1:]) + ('' if summary.endswith('?') else '.'))
    print('.PP')
    print_text(text)
    for option in options:
        if option not in shared:
            print_option(option)


def main():
    commands = list(read_commands(sys.argv[1]))
    owners = {}
    for name, _, _, _, options in commands:
        for option in options:
            owners.setdefault(option, []).append(name)
    shared = [option for option, names in owners.items() if len(names) >= SHARED_BY]
    print(HEAD, end='')
    print('.SH COMMANDS')
    for command in commands:
        print_command(command, shared)
    print('.SH OPTIONS OF MANY COMMANDS')
    for option in shared:
        every = len(owners[option]) == len(commands)
        print_option(option, 'all commands' if every else ', '.join(owners[option]))
    print(TAIL, end='')
    return 0


if __name__ == '__main__':
    sys.exit(main())
