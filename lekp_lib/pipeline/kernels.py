"""The kernels of one run: how they are reached, and how all of them are stopped."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_event_loop

__all__ = ["Fleet", "event_loop", "fleet"]

# A socket name longer than about 100 bytes is refused by the system (104 on macOS).
_LONGEST_SOCKET_FOLDER = 85

# One thread per kernel: the runs themselves already fill the cores.
_ENVIRONMENT = {
    "MPLBACKEND": "agg",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PYTHONUTF8": "1",
}


class Fleet:
    """
    The kernels that run now.

    Kernels talk over sockets in a private folder where the system has them: no port can
    be taken by another process and nobody else on the machine can listen. On Windows and
    where the temporary folder has a very long name they use local ports instead.
    """

    def __init__(self, sockets: Path | None) -> None:
        self._sockets = sockets
        self._numbers = count()
        self._running: set[AsyncKernelManager] = set()
        self._lock = threading.Lock()
        self._is_stopping = False
        self.manager_class = self._make_manager_class()

    @property
    def is_stopping(self) -> bool:
        """Whether the run was told to stop."""
        return self._is_stopping

    def stop(self) -> None:
        """End every kernel at once and let no new one start."""
        self._is_stopping = True
        with self._lock:
            running = list(self._running)
        for manager in running:
            process = getattr(manager.provisioner, "process", None)
            if process is not None:
                process.kill()

    def _make_manager_class(self) -> type[AsyncKernelManager]:
        # papermill makes its own kernel manager from a class, so what a manager must
        # know about this fleet is bound to a class of its own.
        owner = self

        class FleetKernelManager(AsyncKernelManager):
            def __init__(self, **settings: Any) -> None:
                super().__init__(**settings)
                if owner._sockets is not None:
                    self.transport = "ipc"
                    self.ip = str(owner._sockets / str(next(owner._numbers)))

            async def _async_pre_start_kernel(
                self, **given: Any
            ) -> tuple[list[str], dict[str, Any]]:
                if owner.is_stopping:
                    msg = "Kernel died: the run was stopped."
                    raise RuntimeError(msg)
                given["env"] = {**os.environ, **_ENVIRONMENT}
                given["stdout"] = given["stderr"] = subprocess.DEVNULL
                with owner._lock:
                    owner._running.add(self)
                return await super()._async_pre_start_kernel(**given)

            async def _async_cleanup_resources(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002
                with owner._lock:
                    owner._running.discard(self)
                await super()._async_cleanup_resources(restart=restart)

            # The parent binds this name to its own coroutine, past the one above.
            cleanup_resources = _async_cleanup_resources

        return FleetKernelManager


@contextmanager
def fleet() -> Iterator[Fleet]:
    """
    Give a fleet of kernels and clear up after it.

    Yields
    ------
    Fleet
        Its ``manager_class`` is what papermill starts kernels with.
    """
    sockets = _socket_folder()
    kernels = Fleet(sockets)
    try:
        yield kernels
    finally:
        kernels.stop()
        if sockets is not None:
            shutil.rmtree(sockets, ignore_errors=True)


@contextmanager
def event_loop() -> Iterator[None]:
    """Close the event loop that a run in this thread leaves open."""
    try:
        yield
    finally:
        loop = ensure_event_loop()  # the one of this thread
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
        asyncio.set_event_loop(None)


def _socket_folder() -> Path | None:
    if os.name != "posix":
        return None
    # mkdtemp makes a folder that only this user may enter.
    folder = Path(tempfile.mkdtemp(prefix="lekp-")).resolve()
    if len(os.fsencode(folder)) <= _LONGEST_SOCKET_FOLDER:
        return folder
    folder.rmdir()
    return None
