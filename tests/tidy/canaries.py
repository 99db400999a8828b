"""For every rule a source it must refuse and one it must accept: a rule that cannot fail is none."""

from source import Source

HEAD = '/* x: owns nothing. */\n'
LONG = 'void x_f(void)\n{\n' + '\tcall();\n' * 71 + '}\n'

# rule -> ([refused sources], [accepted sources]); a source is (path, text).
CANARIES = {
    'file_length': ([('src/engine/x.c', '\n' * 601)], [('src/engine/x.c', '\n' * 600), ('tests/x.c', '\n' * 900)]),
    'function_length': ([('src/engine/x.c', LONG)], [('src/engine/x.c', LONG.replace('\tcall();\n', '', 1))]),
    'parameters': ([('src/engine/x.c', 'void x_f(int a, int b, int c, int d, int e,\n         int f, int g)\n{\n}\n')],
                   [('src/engine/x.c', 'void x_f(int a, int b, int c, int d, int e, void (*f)(int, int))\n{\n}\n')]),
    'nesting': ([('src/engine/x.c', 'void x_f(void)\n{\n\t\t\t\t\t\tcall();\n}\n')],
                [('src/engine/x.c', 'void x_f(void)\n{\n\t\t\t\t\tcall();\n}\n')]),
    'project_includes': ([('src/engine/x.c', '#include "a.h"\n' * 11)], [('src/engine/x.c', '#include "a.h"\n' * 10)]),
    'line_width': ([('src/engine/x.c', '\t' + 'a' * 117 + '\n')], [('src/engine/x.c', '\t' + 'a' * 116 + '\n')]),
    'white_space': ([('src/engine/x.c', 'int a; \n'), ('src/engine/x.c', '{\n    call();\n')],
                    [('src/engine/x.c', '{\n\tcall(a,\n\t     b);\n')]),
    'preprocessor': ([('src/engine/x.c', '#ifdef LINUX\n')],
                     [('src/engine/x.h', '#ifndef X_H\n#define X_H\n#ifdef __cplusplus\n'),
                      ('src/transport/udp_options.c', '#ifdef UDP_GRO\n')]),
    'raw_memory': ([('src/engine/x.c', '\tmemcpy(a, b, 3);\n')], [('src/engine/x.c', '\t/* memcpy(a, b, 3) */\n')]),
    'ambient': ([('src/core/wire/x.c', '\tg_print("x");\n'), ('src/core/wire/x.c', '\treturn time(NULL);\n')],
                [('src/core/wire/x.c', '\trtt_time(rtt);\n'), ('src/engine/x.c', '\tg_print("x");\n')]),
    'allocation': ([('src/core/wire/x.c', '\treturn malloc(5);\n')],
                   [('src/core/wire/x.c', '\talloc_free(x);\n'), ('src/core/base/alloc.c', '\tfree(x);\n')]),
    'room_order': ([('src/core/wire/x.c', '#include "core/conn/conn.h"\n'), ('src/core/conn/x.c', '#include <stdio.h>\n'),
                    ('src/core/direct/x.c', '#include "core/rendezvous/rendezvous.h"\n'),
                    ('src/core/core.c', '#include "engine/engine.h"\n'),
                    ('src/transport/x.c', '#include "core/conn/conn.h"\n'),
                    ('src/signaling/tcp/x.c', '#include "core/types/identity.h"\n')],
                   [('src/core/conn/x.c', '#include "core/wire/wire.h"\n#include <stdint.h>\n'),
                    ('src/engine/x.c', '#include "core/core.h"\n#include <glib.h>\n'),
                    ('src/transport/x.c', '#include "core/types/address.h"\n')]),
    'internal_headers': ([('src/core/endpoint/x.c', '#include "core/conn/conn_internal.h"\n')],
                         [('src/core/conn/x.c', '#include "core/conn/conn_internal.h"\n')]),
    'unique_names': ([('src/engine/x.c', ''), ('src/api/x.c', '')], [('src/engine/x.c', ''), ('src/engine/y.c', '')]),
    'prefixes': ([('src/engine/clock.c', 'void now(void)\n{\n}\n'), ('src/engine/clock.c', 'void kith_now(void)\n{\n}\n')],
                 [('src/engine/clock.c', 'void clock_now(void)\n{\n}\n\nstatic void now(void)\n{\n}\n'),
                  ('src/api/api_stats.c', 'int kith_stats(void)\n{\n}\n')]),
    'opening_comment': ([('src/engine/x.h', '#ifndef X_H\n'), ('src/engine/x.h', '/* x: owns\n' + ' *\n' * 8 + ' */\n')],
                        [('src/engine/x.h', HEAD)]),
    'left_behind': ([('src/engine/x.c', '/* TODO: later */\n')], [('src/engine/x.c', '/* TODO(#12): later */\n')]),
}


def check(rule):
    """What is wrong with the rule itself, or None."""
    if rule.__name__ not in CANARIES:
        return 'has no canary'
    refused, accepted = CANARIES[rule.__name__]
    together = rule.__name__ == 'unique_names'
    for group in ([refused] if together else [[one] for one in refused]):
        if not list(rule([Source(path, text) for path, text in group])):
            return f'does not see what is wrong in {group!r:.120}'
    for problem in rule([Source(path, text) for path, text in accepted]) if together else \
            [found for path, text in accepted for found in rule([Source(path, text)])]:
        return f'refuses something right: {problem}'
    return None
