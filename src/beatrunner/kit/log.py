"""Structured logs: one event with named values per line, coloured or JSON.

No line shows a secret: values under names of secrets are masked, and so is, wherever it stands
(also in the words of an exception), what has the shape of one. That is the second line of defence;
the first is not to log them.
"""

from __future__ import annotations

import logging
import re
import sys

import structlog

from beatrunner.kit.settings import LogFormat

_MASK = "…"
#: Fields that are shown as `…`, whatever they hold.
_SECRET_NAMES = frozenset(
    {"password", "secret", "seed", "token", "access_token", "refresh_token", "ticket"}
    | {"cookie", "authorization", "credential", "totp", "recovery_code", "pairing_code"}
)
_SHAPES = re.compile(
    r"(?P<before>\bbearer\s+|\bbeatrunner_refresh=|\bbrt_|[?&]secret=)[^\s\"'\\;,&]+"
    r"|(?P<address>://[^\s:/@]+:)[^\s@]+(?=@)"
    # A token of three encoded parts, and one of 52 bytes (`accounts.tokens`).
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]*|(?<![\w-])[\w-]{70}(?![\w-])",
    re.IGNORECASE,
)


def mask_shapes(text: str) -> str:
    """The text without what looks like a token, a cookie or a password in an address."""
    return _SHAPES.sub(lambda found: (found["before"] or found["address"] or "") + _MASK, text)


def _mask_names(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    for name in event.keys() & _SECRET_NAMES:
        event[name] = _MASK
    return event


class _MaskingFormatter(structlog.stdlib.ProcessorFormatter):
    def format(self, record: logging.LogRecord) -> str:
        return mask_shapes(super().format(record))


def configure_logs(log_format: LogFormat, level: str) -> None:
    """Send structlog and the standard library's records through one pipeline to stderr.

    Tracebacks go without the values of variables: a password may be among them.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        _mask_names,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if log_format is LogFormat.JSON:
        ending: list[structlog.typing.Processor] = [
            structlog.processors.ExceptionRenderer(
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
            ),
            structlog.processors.JSONRenderer(),
        ]
    else:
        ending = [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _MaskingFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("aiosqlite", "asyncio", "httpx2", "python_multipart", "uvicorn.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # At DEBUG they tell every message of a socket, of which the first has a token.
    for indiscreet in ("uvicorn.error", "websockets"):
        logging.getLogger(indiscreet).setLevel(logging.INFO)


def logger(name: str) -> structlog.stdlib.BoundLogger:
    made: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return made
