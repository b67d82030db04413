"""The settings as they stand in the environment, `.env` and the settings file, or one sentence on what is wrong there.

What pydantic and the file's parser raise ends here: nothing above has to know them. A value is shown as it was
written, unless it is a key or may hold one (a whole section written as one value).
"""

from __future__ import annotations

from collections.abc import Iterator
from json import JSONDecodeError
from pathlib import Path
from tomllib import TOMLDecodeError
from typing import Any, get_args

import pydantic_settings
from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_settings import DotEnvSettingsSource, EnvSettingsSource

from assistant.errors import SettingsError
from assistant.settings import Settings

PREFIX = str(Settings.model_config["env_prefix"])
DELIMITER = str(Settings.model_config["env_nested_delimiter"])
ENVIRONMENT_FILE = str(Settings.model_config["env_file"])
SETTINGS_FILE = str(Settings.model_config["toml_file"])
MOST_SHOWN = 80


def load_settings() -> Settings:
    """The settings of this process. Raises SettingsError, naming the variable or file, the value and the remedy."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(_unusable(error)) from None
    except pydantic_settings.SettingsError as error:
        raise SettingsError(_no_json(error)) from None
    except TOMLDecodeError as error:
        raise SettingsError(f"{SETTINGS_FILE} is not TOML ({error}): correct that place.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{_not_utf8()} is not UTF-8 text: save it as UTF-8.") from None
    except OSError as error:
        raise SettingsError(
            f"{error.filename} cannot be read ({error.strerror}): check its permissions, or move it away."
        ) from None


def _unusable(error: ValidationError) -> str:
    first = error.errors()[0]
    path = tuple(str(part) for part in first["loc"])
    value = "set to a value (not shown)" if _may_be_secret(path) else _shown(first["input"])
    return f"{_place(path)} is {value}, which cannot be used ({first['msg']}): correct or remove it."


def _no_json(error: pydantic_settings.SettingsError) -> str:
    cause = error.__cause__
    written = cause.doc if isinstance(cause, JSONDecodeError) else None
    for where, variables in _variables():
        for name, value in variables.items():
            if value == written and name.startswith(PREFIX.lower()):
                path = tuple(name.removeprefix(PREFIX.lower()).split(DELIMITER))
                said = "not JSON" if _may_be_secret(path) else f"{_shown(value)}, which is not JSON"
                return f'{name.upper()} in {where} is {said}: write a list as ["one", "two"].'
    return f"The settings cannot be read ({error}): correct the variable, or remove it."


def _place(path: tuple[str, ...]) -> str:
    """Where the setting at `path`, or what it is part of, was written."""
    for where, variables in _variables():
        for length in range(len(path), 0, -1):
            name = PREFIX + DELIMITER.join(path[:length])
            if name.lower() in variables:
                return f"{name.upper()} in {where}"
    return f"{'.'.join(path)} in {SETTINGS_FILE}"


def _variables() -> Iterator[tuple[str, dict[str, str | None]]]:
    """The variables by their names in lower case, of the environment and then of its file."""
    yield "the environment", dict(EnvSettingsSource(Settings).env_vars)
    yield ENVIRONMENT_FILE, dict(DotEnvSettingsSource(Settings).env_vars)


def _may_be_secret(path: tuple[str, ...]) -> bool:
    """Whether a key is at `path`, or a section that may hold one."""
    kind: Any = Settings
    for part in path:
        field = kind.model_fields.get(part) if _is_section(kind) else None
        if field is None:
            break
        kind = field.annotation
    return _is_section(kind) or SecretStr in (kind, *get_args(kind))


def _is_section(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def _not_utf8() -> str:
    """The first settings file that is not UTF-8."""
    for name in (ENVIRONMENT_FILE, SETTINGS_FILE):
        try:
            Path(name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            return name
        except OSError:
            continue
    return SETTINGS_FILE
