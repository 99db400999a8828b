"""run.py FOLDER: the unittests in a folder, and as the last line how many passed, failed and were skipped."""

import sys
import unittest

found = unittest.defaultTestLoader.discover(sys.argv[1])
result = unittest.TextTestRunner(verbosity=2).run(found)
failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
for test, why in result.skipped:
    print(f'skipped {test}: {why}')
print(f'{result.testsRun - failed - len(result.skipped)} passed, {failed} failed, {len(result.skipped)} skipped')
sys.exit(1 if failed else 0)
