"""How a laptop becomes a device of a province: the first time, and again (sync.md 3.19)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace

from poverty_desktop.domain.problems import KnownProblem
from poverty_desktop.domain.server_addresses import is_open_road
from poverty_desktop.protocol.codes import names_key, secret_of
from poverty_desktop.protocol.laptop import Enrolled, StorageCall, SyncStore
from poverty_desktop.protocol.link import ProvinceLink
from poverty_desktop.protocol.messages import EnrolRequest, EnrolResponse, StreamGrant, enrolment_text
from poverty_desktop.protocol.signatures import Signer
from poverty_desktop.services.ports import OWN_CODE_WANTED, Settings
from poverty_desktop.services.sync_conflicts import Settling

_KEY_IN_SETTINGS = "sync.enrolment_key"
PLAIN_HTTP = "sync.plain_http"
"""Setting of a practice workspace: somebody said in so many words that its province is reached by plain http."""


def refuse_open_road(server: str, settings: Settings) -> None:
    """Plain http goes no further than this machine, but for practice where somebody said so. Raises `KnownProblem`
    sync.plain_http."""
    allowed = bool(settings.get("practice", False)) and bool(settings.get(PLAIN_HTTP, False))
    if is_open_road(server) and not allowed:
        raise KnownProblem("sync.plain_http", address=server)


class Enrolling:
    """Waits for the network, and reaches the file only through `call`."""

    def __init__(
        self,
        link: ProvinceLink,
        store: SyncStore,
        settings: Settings,
        settling: Settling,
        call: StorageCall,
        nonce: Callable[[], str],
        new_incarnation: Callable[[], str],
    ) -> None:
        self._link, self._store, self._settings, self._settling = link, store, settings, settling
        self._call, self._nonce, self._new_incarnation = call, nonce, new_incarnation

    def enrol(self, url: str, code: str) -> Enrolled:
        """Connect this laptop to the province at `url` with a one-time code. What was saved before is kept and will be sent.

        Asked again after a lost answer, the same code succeeds: the key was kept before it was sent. A laptop that is enrolled
        becomes another device of the same province (a copy of another laptop; one that a restored province does not know), and
        what waits goes on waiting. Raises `KnownProblem` sync.already_enrolled (with another province), wrong_address,
        plain_http, not_our_server, practice_mismatch, other_province, code_refused, other_commune, cut.
        """
        before = self._call(self._store.enrolled)
        server = url.strip() or (before.server if before else "")
        self._call(lambda: refuse_open_road(server, self._settings))
        signer = Signer(self._call(self._enrolment_key))
        try:
            key = self._province_key(server, code)
            if before is not None and key != before.province_key:
                raise KnownProblem("sync.already_enrolled", server=before.server)
            answer = self._link.enrol(server, key, _request(secret_of(code), signer, before, self._nonce()))
        except KnownProblem as problem:
            if problem.code != "sync.no_link":
                raise
            raise KnownProblem("sync.wrong_address", address=server) from problem
        enrolled = self._call(lambda: self._enrolled(server, key, signer, answer))
        if before is not None:
            return self._enrolled_again(before, enrolled)
        epoch = next(grant.epoch for grant in answer.streams if grant.sid == enrolled.stream)
        self._call(lambda: self._adopt(enrolled, epoch))
        return enrolled

    def _enrolled_again(self, before: Enrolled, enrolled: Enrolled) -> Enrolled:
        """In a new incarnation: of a copy nobody knows yet where its numbers and those of the original part."""
        if enrolled.stream != before.stream:
            raise KnownProblem("sync.already_enrolled", server=before.server)
        again = replace(enrolled, incarnation=self._new_incarnation())
        self._call(lambda: self._store.adopt_again(again))
        for key in (_KEY_IN_SETTINGS, OWN_CODE_WANTED):
            self._call(lambda key=key: self._settings.put(key, None))  # type: ignore[misc]
        return again

    def _province_key(self, server: str, code: str) -> bytes:
        """The key that signs at this address: it must be the one the code names, before anything of ours goes there. A practice
        laptop goes no further with a real server, nor the reverse."""
        answer = self._link.time(server, None, self._nonce())
        if answer.practice != bool(self._call(lambda: self._settings.get("practice", False))):
            raise KnownProblem("sync.practice_mismatch")
        key = bytes.fromhex(answer.key)
        if not names_key(code, key):
            raise KnownProblem("sync.other_province")
        return key

    def _enrolment_key(self) -> bytes:
        kept = self._settings.get(_KEY_IN_SETTINGS)
        if kept is None:
            kept = Signer.new().private.hex()
            self._settings.put(_KEY_IN_SETTINGS, kept)
        return bytes.fromhex(str(kept))

    def _enrolled(self, server: str, key: bytes, signer: Signer, answer: EnrolResponse) -> Enrolled:
        """Who we are now. The commune of the code must be the commune of the data; several streams are step S3."""
        practice = bool(self._settings.get("practice", False))
        if answer.practice != practice or key.hex() not in answer.keys:
            raise KnownProblem("sync.practice_mismatch" if answer.practice != practice else "sync.not_our_server")
        grant = self._grant_of_our_commune(answer.streams)
        return Enrolled(
            server=server,
            device=answer.device,
            incarnation=self._store.incarnation(),
            stream=grant.sid,
            commune_code=grant.commune_code,
            practice=practice,
            province_key=key,
            private_key=signer.private,
        )

    def _grant_of_our_commune(self, grants: list[StreamGrant]) -> StreamGrant:
        ours = self._settings.get("commune_code")
        communes = [grant for grant in grants if grant.kind == "commune"]
        fitting = [grant for grant in communes if ours is None or grant.commune_code == ours]
        if not fitting:
            raise KnownProblem("sync.other_commune", ours=ours, theirs=", ".join(grant.commune_code for grant in communes))
        return fitting[0]

    def _adopt(self, enrolled: Enrolled, epoch: int) -> None:
        self._store.adopt(enrolled, epoch)
        self._settings.put(_KEY_IN_SETTINGS, None)
        self._settling.introduce(str(self._settings.get("officer_name", "") or ""))


def _request(code: str, signer: Signer, before: Enrolled | None, nonce: str) -> EnrolRequest:
    """What is exchanged for a device; one that was enrolled before proves which device it was."""
    public = signer.public.hex()
    if before is None:
        return EnrolRequest(code=code, public_key=public, nonce=nonce)
    proof = Signer(before.private_key).sign(enrolment_text(code, public, before.device))
    return EnrolRequest(
        code=code, public_key=public, nonce=nonce, before=before.device, proof=base64.b64encode(proof).decode()
    )
