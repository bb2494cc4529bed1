"""Serves the planner: makes what is missing, checks the medicine files, prints the address."""

import os
import secrets
import signal
import socket
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone
from waitress import create_server

from planner.formulary import validate_all
from planner.management.failing import PlainCommand, fail
from planner.models import Clinic
from planner.services import make_set_up_link
from planner.shelves import folder_now

MOST_BODY_BYTES = 6 * 1024 * 1024  # more than any page takes, so that a file too large is refused by its page, in words


# Folders of the clone that git keeps: what is put there could be committed, or cleared away.
KEPT_BY_GIT = (".ci", ".git", "planner", "static", "templates", "tests")


class Command(PlainCommand):  # without system checks: they load every page, which a broken medicine file stops
    help = "Serve the planner on http://localhost:8000."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=_port, default=8000, help="the port to listen on, 1 to 65535")
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on; 0.0.0.0 for all")

    def handle(self, *, host: str, port: int, **options: Any) -> None:
        os.umask(0o077)
        signal.signal(signal.SIGTERM, _as_interrupt)
        try:
            self.serve(listen(host, port), port)
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")

    def serve(self, listening: socket.socket, port: int) -> None:
        require_sound_medicines()
        self.tell_of_faults()
        require_own_folder(settings.DATA)
        make_folder(settings.DATA)
        keep_secret_key()
        prepare_database()
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        self.greet(settings.PUBLIC_URL or f"http://localhost:{port}")
        run(listening)

    def tell_of_faults(self) -> None:
        """Those in the data folder stop nothing: their files are passed over until they are mended."""
        for words in folder_now().faults:
            self.stderr.write(f"A medicine file in {settings.MEDICINE_FOLDER} is passed over. {words}")

    def greet(self, address: str) -> None:
        today = timezone.localdate()
        day = f"{today:%A} {today.day} {today:%B %Y}"
        self.stdout.write(f"The planner is at {address} (today is {day}, {settings.TIME_ZONE}).")
        if not Clinic.is_set_up():
            link = address + reverse("setup", args=[make_set_up_link()])
            self.stdout.write(f"Set up the clinic here, once, within 24 hours:\n  {link}")
        self.stdout.write("Stop it with Ctrl-C.")


def listen(host: str, port: int) -> socket.socket:
    """A socket on this address. Exits with one line where that cannot be."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family)
        if os.name != "nt":  # on Windows this would let two servers share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError as error:
        stop(f"Port {port} on {host} cannot be used: {error.strerror}. Choose another with --port.")
    return listening


def require_sound_medicines() -> None:
    if faults := validate_all():
        more = f" ({len(faults) - 1} more)" if len(faults) > 1 else ""
        stop(f"A medicine file is at fault: {faults[0]}{more}")


def require_own_folder(folder: Path) -> None:
    kept = [settings.ROOT / name for name in KEPT_BY_GIT]
    if folder == settings.ROOT or any(folder.is_relative_to(one) for one in kept):
        stop(f"PLANNER_DATA is {folder}, which holds the program itself. Give a folder of its own.")


def make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        trial = folder / f"trial-{os.getpid()}"
        trial.touch()
        trial.unlink()
    except OSError as error:
        stop(f"The folder {folder} cannot be written: {error.strerror}. Give another in PLANNER_DATA.")


def keep_secret_key() -> None:
    """Uses PLANNER_SECRET_KEY or the kept key; makes one, readable by this user alone, where there is none."""
    if settings.HAS_SECRET_KEY:
        return
    key = secrets.token_urlsafe(50)
    try:
        kept = os.open(settings.SECRET_KEY_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        stop(f"No secret key can be read in {settings.SECRET_KEY_FILE}. Take it away, and a new one is made.")
    except OSError as error:
        stop(f"The secret key {settings.SECRET_KEY_FILE} cannot be made: {error.strerror}.")
    with os.fdopen(kept, "w") as file:
        file.write(key)
    settings.SECRET_KEY = key


def prepare_database() -> None:
    try:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    except DatabaseError as error:
        stop(f"The database cannot be used: {' '.join(str(error).split())}")


def run(listening: socket.socket) -> None:
    """Serves until Ctrl-C or SIGTERM, which end in KeyboardInterrupt."""
    server = create_server(
        get_wsgi_application(),
        sockets=[listening],
        ident=None,
        threads=8,
        max_request_body_size=MOST_BODY_BYTES,
        url_scheme="https" if settings.HTTPS else "http",
        **_proxy(),
    )
    server.run()
    raise KeyboardInterrupt


def _proxy() -> dict[str, Any]:
    """The client's address, for counting failed sign-ins, comes from the proxy that the operator named."""
    if not settings.TRUSTED_PROXY:
        return {"clear_untrusted_proxy_headers": True}
    return {
        "trusted_proxy": settings.TRUSTED_PROXY,
        "trusted_proxy_headers": {"x-forwarded-for"},
        "clear_untrusted_proxy_headers": True,
    }


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535:
        return int(text)
    raise ArgumentTypeError("give a whole number from 1 to 65535")


def stop(message: str) -> NoReturn:
    """One line on standard error, exit code 1."""
    fail(message, code=1)


def _as_interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
