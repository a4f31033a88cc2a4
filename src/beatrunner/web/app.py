"""Puts routes, objects, guards and pages together into one application.

From the outside in: `Envelope` (id, log, metrics, headers, the answer to a crash), `Guard` (Host
and Origin), `Limits` (how often), gzip, then FastAPI with the slices' routes; what no route claims
is a page.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from importlib.metadata import version

from fastapi import APIRouter, FastAPI
from starlette.middleware.gzip import GZipMiddleware

from beatrunner.kit.home_network import HomeNetwork
from beatrunner.kit.http import provide
from beatrunner.kit.settings import Settings
from beatrunner.limits.gate import Gate
from beatrunner.web import operations
from beatrunner.web.envelope import Envelope
from beatrunner.web.guard import Guard
from beatrunner.web.limits import Limits
from beatrunner.web.pages import Pages
from beatrunner.web.problems import PROBLEM_RESPONSES, install_problem_handlers

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(
    routers: Sequence[APIRouter],
    provided: Sequence[object],
    settings: Settings,
    *,
    lifespan: Lifespan | None = None,
    pages: Pages | None = None,
    home: HomeNetwork | None = None,
    gate: Gate | None = None,
) -> FastAPI:
    """`provided` holds what the routes ask for by type; `settings` is provided as well.

    With `home` the application is for the home network: under those names, and without metrics,
    which are the business of whoever runs it. Without `gate` nothing is counted.
    """
    app = FastAPI(
        title="BeatRunner",
        version=version("beatrunner"),
        openapi_url="/v1/openapi.json",
        # Their pages load scripts from elsewhere, which neither works offline nor is wanted.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses=PROBLEM_RESPONSES,
        lifespan=lifespan,
    )
    provide(app, (*provided, settings))
    own = [operations.router] if home else [operations.router, operations.metrics_router]
    for router in (*routers, *own):
        app.include_router(router)
    app.router.default = pages or Pages()
    install_problem_handlers(app)
    # The last one added is the outermost.
    # The lowest level is three times as fast as the usual one, for a sixth more to send.
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=1)
    if gate is not None:
        app.add_middleware(Limits, gate=gate)
    app.add_middleware(Guard, settings=settings, home=home)
    # At home another server of the same name may well know no https.
    app.add_middleware(Envelope, is_https_alone=settings.secure_cookies and home is None)
    return app


def tune_process() -> None:
    """Once per server process: fewer and shorter pauses of the garbage collector.

    Its defaults stop a process with many live objects for hundreds of milliseconds.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
