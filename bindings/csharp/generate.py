#!/usr/bin/env python3
"""Makes what of the C# binding repeats the headers: the enums with their manual, and the layouts of structs.

    bindings/csharp/generate.py            writes Kith/Enums.cs, Results.cs, Option.cs, Interop/Structs.cs
    bindings/csharp/generate.py --check    says whether they are stale

It reads abi/kith.json, the description of the public interface.
"""

import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
HEAD = '// Made by generate.py from abi/kith.json.\n'

# The enums: C prefix, C# name, flags, and what it is. A longer prefix comes before the one it begins with.
ENUMS = [
    ('KITH_MESSAGES_REASON_', 'SessionReason', False, 'Why a session was closed: the reason of its event.'),
    ('KITH_SIGNALING_', 'SignalingState', False, 'The state of a signaling service; it goes on trying after a failure.'),
    ('KITH_CERTIFICATE_', 'CertificateKind', False, 'What a certificate is for.'),
    ('KITH_HISTOGRAM_', 'Histogram', False, 'A histogram of <see cref="Statistics"/>.'),
    ('KITH_KEY_FORM_', 'KeyForm', False, 'The form of a public key\'s text.'),
    ('KITH_IDENTITY_', 'IdentityKind', False, 'The kind of an identity.'),
    ('KITH_SUBJECT_', 'LogSubject', False, 'What a line of log is about.'),
    ('KITH_REQUIRE_', 'Require', False, 'What has to prove a peer\'s identity before the application hears of it, and '
     'when we call: the value of <see cref="Option.RequireProof"/>.'),
    ('KITH_REASON_', 'Reason', False, 'Why a connection ended, as a number both sides see. Applications close with '
     '1000-1999 (normal) or 2000-2999 (something went wrong); from 3000 on it is the libraries that speak. A peer may '
     'send any number.'),
    ('KITH_CONFIG_', 'Option', False, 'The options. docs/config.md has their ranges and defaults, <see '
     'cref="OptionInfo"/> tells them to a program.'),
    ('KITH_STAGE_', 'Stage', False, 'Where a connection failed, or would if it failed now.'),
    ('KITH_DOUBT_', 'Doubt', False, 'What speaks against a certificate. Where proof is demanded it ends the connection.'),
    ('KITH_EVENT_', 'EventType', False, 'What happened. A newer library may send types that are not listed here.'),
    ('KITH_STATE_', 'ConnectionState', False, 'The life of a connection, from top to bottom; the last two are the '
     'closed states.'),
    ('KITH_ROUTE_', 'RouteKind', False, 'The kind of way that a connection\'s data goes.'),
    ('KITH_PROOF_', 'Proof', False, 'What proves that a peer is who it says.'),
    ('KITH_SHARE_', 'Share', True, 'Which of our addresses a peer may be told: the value of <see '
     'cref="Option.IceShare"/>.'),
    ('KITH_TYPE_', 'OptionType', False, 'The type of an option.'),
    ('KITH_LOCK_', 'OptionLock', False, 'When an option may be set.'),
    ('KITH_FORM_', 'CertificateForm', False, 'The form in which certificates and requests are written.'),
    ('KITH_SIDE_', 'Side', False, 'Whose statistics.'),
    ('KITH_SEND_', 'SendFlags', True, 'How a message is sent. No message ever arrives twice, damaged, in part, or in '
     'another lane; what two lanes carry has no order. docs/csharp.md has the table of what is promised.'),
    ('KITH_HIDE_', 'Hide', True, 'What a text about a connection leaves out.'),
    ('KITH_LOG_', 'LogLevel', False, 'How much is logged: everything up to a level.'),
    ('KITH_E_', 'Result', False, 'How a call ended: <see cref="Ok"/> or what went wrong.'),
]
# Where the headers say nothing of a number alone, or not what it is in C#.
OWN_WORDS = {
    'KITH_OK': 'It is done.',
    'KITH_TYPE_TEXT': 'The option\'s own type, read from text.',
    'KITH_TYPE_INT32': 'A whole number of 32 bits.',
    'KITH_TYPE_INT64': 'A whole number of 64 bits.',
    'KITH_TYPE_FLOAT': 'A real number, kept with the precision of a float.',
    'KITH_TYPE_STRING': 'A text.',
    'KITH_DOUBT_EXPIRED': 'It counts no longer.',
    'KITH_DOUBT_AUTHORITY_EXPIRED': 'An authority above it counts no longer.',
    'KITH_DOUBT_AUTHORITY_NOT_YET': 'An authority above it does not count yet.',
    'KITH_DOUBT_AUTHORITY_REVOKED': 'The key of an authority above it is on our list.',
    'KITH_DOUBT_MALFORMED': 'It cannot be read.',
    'KITH_IDENTITY_STEAM_ID': 'An account of Steam.',
    'KITH_IDENTITY_XBOX_PAIRWISE': 'An account of Xbox.',
    'KITH_IDENTITY_PSN': 'An account of PlayStation.',
    'KITH_IDENTITY_STRING': 'A text that means something to the application.',
}
ENDS = ('Result', 'Reason', 'SessionReason', 'Doubt', 'Stage')
# What enums are called that C# would not have as they are.
NAMES = {'KITH_CONFIG_IP_ALLOW_WITHOUT_AUTH': 'IPAllowWithoutAuth', 'KITH_OK': 'Ok',
         'KITH_CONFIG_IP_LOCAL_HOST_ALLOW_WITHOUT_AUTH': 'IPLocalHostAllowWithoutAuth'}
# What a manual says in words of C, said in words of C#.
WORDS = {
    'kith_connection_accept()': '<see cref="Connection.Accept"/>',
    'kith_connection_close()': '<see cref="Connection.Close"/>',
    'kith_connection_info()': '<see cref="Connection.Info"/>',
    'kith_endpoint_receive_signal()': 'its <see cref="Endpoint.ReceiveSignal"/>',
    'kith_endpoint_set_log_level()': '<see cref="Endpoint.SetLogLevel(LogSubject, LogLevel)"/>',
    'kith_key_save_public()': '<see cref="PublicKey.Save"/>',
    'kith_last_error()': 'the message of the exception',
    'kith_messages_accept()': '<see cref="Messages.Accept"/>',
    'kith_messages_close()': '<see cref="Messages.Close"/>',
    'kith_messages_send()': '<see cref="Messages.Send"/>',
    'struct kith_status': '<see cref="ConnectionStatus"/>',
    'messages_expired': '<see cref="ConnectionStatus.MessagesExpired"/>',
    ' (<kith/messages.h>)': '',
    ' of <kith/messages.h>': ' of <see cref="Messages"/>',
}
SCALARS = {'i8': 'byte', 'u8': 'byte', 'u16': 'ushort', 'i32': 'int', 'u32': 'uint', 'i64': 'long', 'u64': 'ulong',
           'f64': 'double', 'size': 'UIntPtr', 'handle': 'uint', 'callback': 'IntPtr', 'void': 'void'}


def camel(name):
    return ''.join(word[:1].upper() + word[1:].lower() for word in name.split('_'))


def enum_of(constant):
    """The (C# enum, C# value) of a constant, or None; the sizes of C's texts are none of an enum's."""
    if constant.endswith('_TEXT_MAX'):
        return None
    if constant == 'KITH_OK':
        return 'Result', 'Ok'
    for prefix, name, _, _ in ENUMS:
        if constant.startswith(prefix):
            return name, NAMES.get(constant, camel(constant[len(prefix):]))
    return None


def manual(text, names):
    """A manual of the headers as the inside of a <summary>."""
    marks = {}

    def keep(replacement):
        marks[f'\0{len(marks)}\0'] = replacement
        return f'\0{len(marks) - 1}\0'

    def constant(match):
        found = enum_of(match.group(0))
        known = found and match.group(0) in names
        return keep(f'<see cref="{found[0]}.{found[1]}"/>' if known else f'<c>{match.group(0)[5:]}</c>')

    for word, replacement in WORDS.items():
        if word in text:
            text = text.replace(word, keep(replacement))
    text = re.sub(r'KITH_(\w+)_\*', lambda match: keep(f'<see cref="{enum_of(match.group(0)[:-1])[0]}"/>'), text)
    text = re.sub(r'KITH_\w+', constant, text)
    text = re.sub(r'`(\w+)`', lambda match: keep(f'<c>{camel(match.group(1))}</c>'), text)
    assert 'kith_' not in text and '.h>' not in text, text
    text = text.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')
    for mark in marks:
        text = text.replace(mark, marks[mark])
    return re.sub(r'\s+', ' ', text)


def summary(text, indent):
    """Lines of a <summary>, at most 120 columns wide."""
    line = f'{indent}/// <summary>{text}</summary>\n'
    if len(line.expandtabs(4)) <= 121:
        return line
    lines, now = [], f'{indent}///'
    for word in f'<summary>{text}</summary>'.replace('<see cref', '<see\0cref').split(' '):
        word = word.replace('\0', ' ')
        if len(f'{now} {word}'.expandtabs(4)) > 120:
            lines.append(now)
            now = f'{indent}///'
        now += f' {word}'
    return '\n'.join(lines + [now]) + '\n'


def enum_text(enum, constants, names):
    prefix, name, flags, about = enum
    out = summary(about, '\t')
    out += '\t[Flags]\n' if flags else ''
    out += f'\tpublic enum {name}' + (' : uint' if name in ('SendFlags', 'Hide') else '') + '\n\t{\n'
    values = []
    for constant in sorted((c for c in constants if (enum_of(c['name']) or [''])[0] == name),
                           key=lambda c: (abs(c['value']), c['value'])):
        value = enum_of(constant['name'])[1]
        text = OWN_WORDS.get(constant['name']) or constant.get('manual') or f'{spoken(constant["name"], prefix)}.'
        values.append(summary(manual(text, names), '\t\t') + f'\t\t{value} = {constant["value"]},\n')
    return out + '\n'.join(values) + '\t}\n'


def spoken(constant, prefix):
    text = constant.removeprefix(prefix).replace('_', ' ').lower()
    return text[0].upper() + text[1:]


def enums_file(description, wanted, about):
    names = {c['name'] for c in description['constants']}
    texts = [enum_text(enum, description['constants'], names) for enum in sorted(ENUMS, key=lambda e: e[1]) if wanted(enum[1])]
    return f'{HEAD}{about}using System;\n\nnamespace Kith\n{{\n' + '\n'.join(texts) + '}\n'


def struct_name(name):
    return 'Native' + camel(name.removeprefix('kith_'))


def field_type(kind):
    if kind['kind'] == 'pointer':
        return field_type(kind['to']) + '*'
    return struct_name(kind['of']) if kind['kind'] == 'struct' else SCALARS[kind['kind']]


def struct_text(struct):
    out = f'\t/// <summary>struct {struct["name"]}</summary>\n\t[StructLayout(LayoutKind.Sequential)]\n'
    out += f'\tinternal unsafe struct {struct_name(struct["name"])}\n\t{{\n'
    for field in struct['fields']:
        kind = field['type']
        if kind['kind'] == 'array':
            out += f'\t\tpublic fixed {field_type(kind["to"])} {camel(field["name"])}[{kind["count"]}];\n'
        else:
            out += f'\t\tpublic {field_type(kind)} {camel(field["name"])};\n'
    return out + '\t}\n'


def structs_file(description):
    about = '// The structs of the C interface, field by field. tests/bindings/csharp checks sizes and offsets.\n'
    texts = [struct_text(struct) for struct in description['structs']]
    return (f'{HEAD}{about}using System;\nusing System.Runtime.InteropServices;\n\nnamespace Kith.Interop\n{{\n'
            '#pragma warning disable 649 // the library writes them\n' + '\n'.join(texts) + '}\n')


def main():
    with open(os.path.join(HERE, '../../abi/kith.json'), encoding='utf-8') as file:
        description = json.load(file)
    files = {
        'Kith/Enums.cs': enums_file(description, lambda name: name != 'Option' and name not in ENDS,
                                    '// The kinds and states of things, by number.\n'),
        'Kith/Results.cs': enums_file(description, lambda name: name in ENDS, '// How calls and connections end.\n'),
        'Kith/Option.cs': enums_file(description, lambda name: name == 'Option', '// The options, by number.\n'),
        'Kith/Interop/Structs.cs': structs_file(description),
    }
    stale = []
    for path, text in files.items():
        full = os.path.join(HERE, path)
        if '--check' in sys.argv:
            if not os.path.exists(full) or open(full, encoding='utf-8').read() != text:
                stale.append(path)
        else:
            with open(full, 'w', encoding='utf-8') as file:
                file.write(text)
    for path in stale:
        print(f'bindings/csharp/{path} is stale: bindings/csharp/generate.py makes it new')
    return 1 if stale else 0


sys.exit(main())
