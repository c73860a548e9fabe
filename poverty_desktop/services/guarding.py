"""Creating and opening a workspace: the folder is fit, nobody else has it open, the password is right. And closing it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from poverty_desktop.domain.problems import KnownProblem

LEAST_PASSWORD = 8


class Closable(Protocol):
    def close(self) -> None: ...


class Releasable(Protocol):
    def release(self) -> None: ...


W = TypeVar("W", bound=Closable)
R = TypeVar("R")


class Guarded(Generic[W]):
    """An open workspace with the lock that keeps others out; closed in reverse order."""

    def __init__(self, workspace: W, lock: Releasable) -> None:
        self.workspace = workspace
        self._lock = lock

    def close(self) -> None:
        try:
            self.workspace.close()
        finally:
            self._lock.release()


class Guarding:
    """`refuse_unfit_folder` raises for cloud and network folders; `take_lock` raises when another program has the folder."""

    def __init__(self, refuse_unfit_folder: Callable[[Path], None], take_lock: Callable[[Path], Releasable]) -> None:
        self._refuse_unfit_folder = refuse_unfit_folder
        self._take_lock = take_lock

    def create(self, folder: Path, password: str, make: Callable[[Path], W]) -> Guarded[W]:
        """A new workspace by `make(folder)`. Raises `KnownProblem`: workspace.weak_password, .cloud_folder, .network_folder,
        .no_access, .already_open, and what `make` raises."""
        if len(password) < LEAST_PASSWORD:
            raise KnownProblem("workspace.weak_password", least=LEAST_PASSWORD)
        return self._under_lock(folder, make)

    def open(self, folder: Path, open_it: Callable[[Path], W]) -> Guarded[W]:
        """An existing workspace by `open_it(folder)`. A folder that is not there is not made."""
        if not folder.is_dir():
            raise KnownProblem("workspace.missing", folder=str(folder))
        return self._under_lock(folder, open_it)

    def restore(self, folder: Path, put_back: Callable[[Path], R]) -> R:
        """A copy becomes the workspace in `folder` by `put_back(folder)`, while nobody has it open."""
        self._refuse_unfit_folder(folder)
        lock = self._locked(folder)
        try:
            return put_back(folder)
        finally:
            lock.release()

    def _under_lock(self, folder: Path, opening: Callable[[Path], W]) -> Guarded[W]:
        self._refuse_unfit_folder(folder)
        lock = self._locked(folder)
        try:
            return Guarded(opening(folder), lock)
        except BaseException:
            lock.release()
            raise

    def _locked(self, folder: Path) -> Releasable:
        try:
            return self._take_lock(folder)
        except OSError as error:
            raise KnownProblem("workspace.no_access", folder=str(folder)) from error
