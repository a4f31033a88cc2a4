"""Exact counts that processes share, in Redis or Valkey.

One script looks at all policies of a request and counts it under all of them or under none, so
two processes never let the same last one through. Its times are the server's own.

When the server does not answer within `patience_s`, `take` says None at once, and for
`_REST_S` from then on without asking: the caller's own counts decide. Then one request asks again,
and the others do not wait for what becomes of it.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Sequence

from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

from beatrunner.kit.log import logger
from beatrunner.limits.policy import Ask, Use, Verdict

log = logger(__name__)

_PREFIX = "beatrunner:limits:"
_CONNECTIONS = 4
_REST_S = 1.0

# KEYS: a list of times for each policy, oldest first. ARGV: quota and window of each.
# Answers how many are left and when the oldest leaves, for each; counted if none had been 0.
_SCRIPT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local left, oldest, is_full = {}, {}, false
for i, key in ipairs(KEYS) do
  local window = ARGV[2 * i] * 1000000
  local first = redis.call('LINDEX', key, 0)
  while first and tonumber(first) <= now - window do
    redis.call('LPOP', key)
    first = redis.call('LINDEX', key, 0)
  end
  left[i] = ARGV[2 * i - 1] - redis.call('LLEN', key)
  oldest[i] = first and tonumber(first) or now
  is_full = is_full or left[i] <= 0
end
local answer = {is_full and 0 or 1}
for i, key in ipairs(KEYS) do
  if not is_full then
    -- Its clock may have been set back; the list stays in order.
    local last = tonumber(redis.call('LINDEX', key, -1) or 0)
    redis.call('RPUSH', key, string.format('%.0f', math.max(now, last)))
    redis.call('PEXPIRE', key, ARGV[2 * i] * 1000)
    left[i] = left[i] - 1
  end
  answer[#answer + 1] = math.max(left[i], 0)
  answer[#answer + 1] = math.ceil((oldest[i] - now) / 1000) + ARGV[2 * i] * 1000
end
return answer
"""


class SharedCounts:
    """Close it when done. It opens no connection before the first request."""

    def __init__(
        self,
        address: str,
        *,
        patience_s: float,
        ticks_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ticks_s = ticks_s
        self._patience_s = patience_s
        # A crowd waits for these rather than connecting all at once.
        self._redis = Redis.from_pool(
            BlockingConnectionPool.from_url(
                address,
                max_connections=_CONNECTIONS,
                timeout=None,
                socket_connect_timeout=patience_s,
                socket_timeout=patience_s,
            )
        )
        self._script = self._redis.register_script(_SCRIPT)
        self._rests_until_s = 0.0

    async def take(self, asks: Sequence[Ask]) -> Verdict | None:
        """None when the server is not in reach."""
        if self._ticks_s() < self._rests_until_s:
            return None
        was_away = self._rests_until_s > 0
        if was_away:
            self._rests_until_s = math.inf
        try:
            async with asyncio.timeout(self._patience_s):
                numbers = await self._script(
                    [_PREFIX + ask.key for ask in asks],
                    [n for ask in asks for n in (ask.policy.quota, ask.policy.window_s)],
                )
        except (RedisError, OSError) as error:
            if self._rests_until_s == 0:
                log.warning("limits.redis_away", error=repr(error))
            self._rests_until_s = self._ticks_s() + _REST_S
            return None
        except BaseException:
            # Nobody knows what a request that was broken off would have been answered.
            self._rests_until_s = self._ticks_s()
            raise
        if was_away:
            log.info("limits.redis_back")
        self._rests_until_s = 0.0
        was_taken, *rest = numbers
        uses = [
            Use(ask.policy, int(left), left_ms / 1000)
            for ask, left, left_ms in zip(asks, rest[::2], rest[1::2], strict=True)
        ]
        return Verdict(uses, [] if was_taken else [use for use in uses if use.remaining == 0])

    async def close(self) -> None:
        await self._redis.aclose()
