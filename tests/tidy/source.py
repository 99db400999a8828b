"""One source file as the rules see it: its lines, its text without comments and strings, its functions."""

import os
import re

TAB = 4


class Function:
    def __init__(self, name, static, parameters, first_line, body):
        self.name = name
        self.static = static
        self.parameters = parameters
        self.first_line = first_line
        self.body = body  # the lines between the braces, comments and strings blanked


def _blank(match):
    text = match.group(0)
    if text.startswith('/'):
        return re.sub(r'[^\n]', ' ', text)
    return text[0] + re.sub(r'[^\n]', ' ', text[1:-1]) + text[-1]


def without_comments(text):
    """The text with comments, strings and characters blanked, every line where it was."""
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', _blank, text, flags=re.S)


def _count_parameters(text):
    text = text.strip()
    if text in ('', 'void'):
        return 0
    depth = 0
    count = 1
    for character in text:
        depth += character in '(['
        depth -= character in ')]'
        count += character == ',' and depth == 0
    return count


def _functions(code_lines):
    """Functions as our style writes them: both braces alone in the first column."""
    found = []
    index = 0
    while index < len(code_lines):
        if code_lines[index].rstrip() != '{':
            index += 1
            continue
        start = index
        while start > 0 and code_lines[start - 1].strip() and not re.match(r'[}#]|.*[;}]\s*$', code_lines[start - 1]):
            start -= 1
        signature = ' '.join(code_lines[start:index])
        end = index
        while end < len(code_lines) and code_lines[end].rstrip() != '}':
            end += 1
        match = re.search(r'(\w+)\s*\((.*)\)\s*$', signature, flags=re.S)
        name = re.search(r'(\w+)\s*\(', signature)
        if match and name:
            inner = signature[signature.index('(', name.start()) + 1:signature.rindex(')')]
            found.append(Function(name.group(1), re.search(r'\bstatic\b', signature) is not None,
                                  _count_parameters(inner), start + 1, code_lines[index + 1:end]))
        index = end + 1
    return found


class Source:
    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.lines = text.split('\n')
        if self.lines and self.lines[-1] == '':
            self.lines.pop()
        self.code = without_comments(text)
        self.code_lines = self.code.split('\n')
        self.functions = _functions(self.code_lines) if path.endswith('.c') else []
        self.base = os.path.basename(path)
        self.stem = os.path.splitext(self.base)[0]
        self.folder = os.path.dirname(path)
        self.includes = re.findall(r'^#include\s+(["<][^">]+[">])', text, flags=re.M)

    def is_test(self):
        return self.path.startswith('tests/')

    def is_core(self):
        return self.path.startswith('src/core/')
