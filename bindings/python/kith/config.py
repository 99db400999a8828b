"""Options, as a mapping from their names."""

from dataclasses import dataclass
from typing import Iterator, List, Mapping, MutableMapping, Optional, Tuple, Union

from . import _kith
from .enums import Lock, OptionType
from .errors import NotFoundError

Value = Union[int, float, str]


@dataclass(frozen=True)
class Option:
    """What is known of an option."""

    id: int
    type: OptionType
    lock: Lock
    name: str
    #: The range; of a string the range of its length in bytes.
    min: float
    max: float
    default: Value
    #: What it does.
    text: str


def describe(option: Union[str, int]) -> Option:
    """What is known of the option of this name or number."""
    number = option if isinstance(option, int) else _kith.config_find(option)
    if not number:
        raise NotFoundError(f'there is no option {option}')
    number, kind, lock, name, low, high, integer, real, string, text = _kith.config_describe(number)
    default: Value = string if kind == OptionType.STRING else real if kind == OptionType.FLOAT else integer
    return Option(number, OptionType(kind), Lock(lock), name, low, high, default, text)


def options() -> List[Option]:
    """Every option there is."""
    return [describe(number) for number in range(1, _kith.config_count() + 1)]


def text_of(value: Value) -> str:
    """A value as the library reads it."""
    return str(int(value)) if isinstance(value, int) else str(value)


def pairs_of(config: Optional[Mapping[str, Value]]) -> Tuple[Tuple[str, str], ...]:
    """A mapping as the extension module takes it."""
    return tuple((name, text_of(value)) for name, value in (config or {}).items())


class Config(MutableMapping[str, Value]):
    """The options of the library (handle 0), an endpoint, listener or connection: config['SendRateMax'] = 100_000.

    What is not set for an object is what counts for the one above it; del forgets what was set.
    """

    def __init__(self, handle: int = 0) -> None:
        self._handle = handle

    def __getitem__(self, name: str) -> Value:
        option = _find(name)
        value: Value
        if option.type == OptionType.FLOAT:
            value = _kith.config_get_real(self._handle, option.id)
        elif option.type == OptionType.STRING:
            value = _kith.config_get_text(self._handle, option.id)
        else:
            value = _kith.config_get_int(self._handle, option.id)
        return value

    def __setitem__(self, name: str, value: Value) -> None:
        if isinstance(value, str):
            _kith.config_set_by_name(self._handle, name, value)
            return
        option = _find(name)
        if option.type == OptionType.FLOAT:
            _kith.config_set_real(self._handle, option.id, value)
        elif option.type == OptionType.STRING:
            _kith.config_set_text(self._handle, option.id, str(value))
        else:
            _kith.config_set_int(self._handle, option.id, int(value))

    def __delitem__(self, name: str) -> None:
        _kith.config_reset(self._handle, _find(name).id)

    def text(self, name: str) -> str:
        """The value of an option as text."""
        value: str = _kith.config_get_text(self._handle, _find(name).id)
        return value

    def __iter__(self) -> Iterator[str]:
        return (option.name for option in options())

    def __len__(self) -> int:
        count: int = _kith.config_count()
        return count


class _NoSuchOption(NotFoundError, KeyError):
    def __str__(self) -> str:
        return str(self.args[0])


def _find(name: str) -> Option:
    number = _kith.config_find(name)
    if not number:
        raise _NoSuchOption(f'there is no option {name}')
    return describe(number)
