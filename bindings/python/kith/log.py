"""The library's log goes to Python's: the loggers kith.endpoint, kith.connection, kith.ice and so on."""

import logging
from typing import Callable, List

from .enums import LogLevel, Subject

#: A function that gets lines instead: of what subject, how important, and the text.
LogFunction = Callable[[Subject, LogLevel, str], object]

_LEVELS = {LogLevel.ERROR: logging.ERROR, LogLevel.WARNING: logging.WARNING, LogLevel.INFO: logging.INFO}
_loggers: List[logging.Logger] = [logging.getLogger(f'kith.{subject.name.lower()}') for subject in Subject]
logging.getLogger('kith').addHandler(logging.NullHandler())


def write(subject: Subject, level: LogLevel, text: str) -> None:
    """Hands a line to the logger of its subject."""
    logger = _loggers[subject] if subject < len(_loggers) else logging.getLogger('kith')
    logger.log(_LEVELS.get(level, logging.DEBUG), '%s', text)
