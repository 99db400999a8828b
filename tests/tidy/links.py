#!/usr/bin/env python3
"""Checks that relative links in Markdown pages lead somewhere, headings included."""

import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def pages():
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if not name.startswith(('.', 'build'))]
        for name in names:
            if name.endswith('.md'):
                yield os.path.join(folder, name)


def headings(path):
    """The anchors of a page's headings, as forges make them."""
    with open(path, encoding='utf-8') as file:
        lines = re.sub(r'```.*?```', '', file.read(), flags=re.S).split('\n')
    titles = [line.lstrip('#').strip() for line in lines if re.match(r'#+ ', line)]
    return {re.sub(r'[^\w\- ]', '', title.lower()).replace(' ', '-') for title in titles}


def main():
    good = bad = 0
    for page in sorted(pages()):
        with open(page, encoding='utf-8') as file:
            text = re.sub(r'```.*?```|`[^`\n]*`', '', file.read(), flags=re.S)
        for link in re.findall(r'\]\(([^)\s]+)\)', text):
            if re.match(r'\w+:', link):
                continue
            path, _, anchor = link.partition('#')
            target = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
            found = os.path.exists(target) and (not anchor or not target.endswith('.md') or anchor in headings(target))
            good += found
            bad += not found
            if not found:
                print(f'{os.path.relpath(page, ROOT)}: {link} leads nowhere')
    print(f'{good} passed, {bad} failed, 0 skipped')
    return bad != 0


if __name__ == '__main__':
    sys.exit(main())
