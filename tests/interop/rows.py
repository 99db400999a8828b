"""The rows of the test plan and the cases that belong to them; the cases_*.py register here."""


class Case:
    def __init__(self, row, name, function, words, waits):
        self.row = row
        self.name = name
        self.function = function
        self.words = words
        self.waits = waits

    def run(self, bench):
        return self.function(bench, *self.words)


cases = []


def case(row, *roles, waits=False):
    """Registers a function as a case of the row: once for each of `roles`, which it gets as its second
    argument, or once. `waits`: it mostly waits, and may run beside others; a number: for so many seconds."""
    def register(function):
        name = function.__name__
        for role in roles:
            cases.append(Case(row, f'{row:02} {name} ({describe(role)})', function, [role], waits))
        if not roles:
            cases.append(Case(row, f'{row:02} {name}', function, [], waits))
        return function
    return register


def describe(role):
    return f'{role} calls' if isinstance(role, str) else f'{role[0]} calls, {role[1]} {role[2]}'


def four(does):
    """Roles in which either kind calls, and either kind does what the case is about."""
    return [(caller, other, does) for caller in BOTH for other in BOTH]


# Who calls; the other kind of peer listens.
BOTH = ('kith', 'gns')
