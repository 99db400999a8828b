"""Every source is built, every test is run: files that no CMakeLists.txt names are forgotten ones."""

import os
import re


def _words(path):
    with open(path, encoding='utf-8') as file:
        return re.findall(r'[\w./-]+', re.sub(r'#[^\n]*', '', file.read()))


def forgotten(root, paths):
    named = set()
    fuzzed = set()
    for folder, _, files in os.walk(os.path.join(root, 'src')):
        if 'CMakeLists.txt' in files:
            words = _words(os.path.join(folder, 'CMakeLists.txt'))
            relative = os.path.relpath(folder, root)
            named |= {os.path.normpath(os.path.join(relative, word)) for word in words}
            named |= {word for word in words if word.startswith('test_')}
            fuzzed |= {words[i + 1] for i, word in enumerate(words[:-1]) if word == 'kith_fuzz_target'}
    tests_list = os.path.join(root, 'tests/fuzz/CMakeLists.txt')
    if os.path.exists(tests_list):
        fuzzed |= set(_words(tests_list))
    for path in paths:
        base = os.path.basename(path)
        if path.startswith('src/') and path.endswith('.c') and path not in named:
            yield path, '', 1, 'is built by no CMakeLists.txt'
        if path.startswith('tests/unit/') and base.startswith('test_') and base not in named:
            yield path, '', 1, 'is run by no kith_unit_test'
        reader = re.match(r'tests/fuzz/fuzz_(\w+)\.c$', path)
        if reader and reader.group(1) not in fuzzed:
            yield path, '', 1, 'is built by no kith_fuzz_target'
