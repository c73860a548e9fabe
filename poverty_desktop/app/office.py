"""An open workspace and the services on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from poverty_desktop.domain.reference import Reference
    from poverty_desktop.domain.texts import Texts
    from poverty_desktop.protocol.laptop import StorageCall
    from poverty_desktop.services.blind_keying import BlindKeying
    from poverty_desktop.services.choosing_receivers import ChoosingReceivers
    from poverty_desktop.services.double_entry import DoubleEntries
    from poverty_desktop.services.double_sampling import Sampling
    from poverty_desktop.services.keeping import Keeping
    from poverty_desktop.services.overview import Overview
    from poverty_desktop.services.ports import Clock
    from poverty_desktop.services.record_places import Places
    from poverty_desktop.services.registering import Registering
    from poverty_desktop.services.released_forms import WorkspaceForms
    from poverty_desktop.services.releasing import Releasing
    from poverty_desktop.services.reporting import Reporting
    from poverty_desktop.services.rescoring_rounds import Rescoring
    from poverty_desktop.services.reviewing import Reviewing
    from poverty_desktop.services.scanned_codes import ScannedCodes
    from poverty_desktop.services.support_drafts import SupportDrafts
    from poverty_desktop.services.supporting import Supporting
    from poverty_desktop.services.survey_papers import SurveyPapers
    from poverty_desktop.services.survey_words import SurveyWords
    from poverty_desktop.services.syncing import Syncing
    from poverty_desktop.storage.workspace import Workspace


class Office:
    """An open workspace and the services on it. Built on the storage lane; the services are called there only."""

    def __init__(self, workspace: Workspace, clock: Clock, reference: Reference) -> None:
        self.workspace, self.clock, self.reference = workspace, clock, reference
        self.practice = workspace.practice
        self.officer_name = workspace.officer.name
        self.commune_code = str(workspace.settings.get("commune_code", ""))

    @cached_property
    def keeping(self) -> Keeping:
        from poverty_desktop.services.keeping import Keeping

        return Keeping(self.workspace, self.workspace.settings, self.clock)

    @cached_property
    def registering(self) -> Registering:
        from poverty_desktop.services.registering import Registering

        at = self.workspace
        return Registering(at.records, at.drafts, at.lists, at.settings, self.clock)

    @cached_property
    def reporting(self) -> Reporting:
        from poverty_desktop.services.reporting import Reporting

        at = self.workspace
        return Reporting(at.records, at.lists, at.settings, self.clock, self.reference)

    @cached_property
    def released_forms(self) -> WorkspaceForms:
        from poverty_desktop.services.released_forms import WorkspaceForms
        from poverty_desktop.system.released_forms import ShippedForms

        return WorkspaceForms(self.workspace.records, ShippedForms(), self.practice)

    @cached_property
    def releasing(self) -> Releasing:
        from poverty_desktop.services.releasing import Releasing
        from poverty_desktop.system.released_forms import ShippedForms

        at = self.workspace
        standards = [one.id for one in self.reference.standards]
        return Releasing(at.records, at.settings, self.clock, ShippedForms(), standards, self.practice)

    @cached_property
    def reviewing(self) -> Reviewing:
        from poverty_desktop.services.reviewing import Reviewing

        at, forms = self.workspace, self.released_forms
        return Reviewing(at.records, at.drafts, at.lists, at.settings, self.clock, self.reference, forms)

    @cached_property
    def scanned_codes(self) -> ScannedCodes:
        from poverty_desktop.services.scanned_codes import ScannedCodes

        return ScannedCodes(self.workspace.records, self.workspace.settings, self.reviewing.current_round)

    @cached_property
    def rescoring(self) -> Rescoring:
        from poverty_desktop.services.rescoring_rounds import Rescoring

        at = self.workspace
        return Rescoring(at.records, at.lists, self.clock, self.reference, self.released_forms)

    @cached_property
    def survey_papers(self) -> SurveyPapers:
        from poverty_desktop.services.survey_papers import SurveyPapers

        return SurveyPapers(self.workspace.lists, self.reviewing.reading, self.reviewing.current_round)

    @cached_property
    def sampling(self) -> Sampling:
        from poverty_desktop.services.double_sampling import Sampling
        from poverty_desktop.storage.writers import WriterQueries

        at = self.workspace
        return Sampling(at.records, at.drafts, at.lists, at.settings, WriterQueries(at.database), self.reviewing.reading)

    @cached_property
    def double_entries(self) -> DoubleEntries:
        from poverty_desktop.services.double_entry import DoubleEntries

        return DoubleEntries(self.workspace.records, self.workspace.settings, self.clock, self.reviewing.reading)

    @cached_property
    def blind_keying(self) -> BlindKeying:
        from poverty_desktop.services.blind_keying import BlindKeying

        at, forms = self.workspace, self.released_forms
        blind = BlindKeying(at.records, at.drafts, at.lists, at.settings, self.clock, self.reference, forms)
        blind.sampling = self.sampling
        return blind

    @cached_property
    def places(self) -> Places:
        from poverty_desktop.storage.record_places import RecordPlaces

        return RecordPlaces(self.workspace.database)

    @cached_property
    def supporting(self) -> Supporting:
        from poverty_desktop.services.supporting import Supporting

        at = self.workspace
        return Supporting(at.records, at.lists, self.clock, self.reference, at.settings)

    @cached_property
    def receivers(self) -> ChoosingReceivers:
        from poverty_desktop.services.choosing_receivers import ChoosingReceivers

        return ChoosingReceivers(self.workspace.records, self.workspace.lists, self.reference, self.supporting)

    @cached_property
    def support_drafts(self) -> SupportDrafts:
        from poverty_desktop.services.support_drafts import SupportDrafts

        return SupportDrafts(self.workspace.settings, self.clock)

    def note_papers(self, facts: Mapping[str, str | int]) -> None:
        """Papers of surveys were printed: into the access log. On the storage lane."""
        self.workspace.access_log.note(self.workspace.officer.id, "printed_surveys", **facts)

    def note_print(self, facts: Mapping[str, str | int]) -> None:
        """A signature list was printed: into the access log. On the storage lane."""
        self.workspace.access_log.note(self.workspace.officer.id, "printed_signature_list", **facts)

    def synchronised(self, texts: Callable[[], Texts], call: StorageCall) -> Syncing:
        """The exchange with the province, over a connection of its own."""
        from poverty_desktop.services.attending import Attending
        from poverty_desktop.services.sync_conflicts import Settling
        from poverty_desktop.services.sync_values import ValueWords
        from poverty_desktop.services.syncing import Syncing
        from poverty_desktop.storage.sync_store import SqliteSyncStore
        from poverty_desktop.sync.province_link import PARTS_FOLDER, HttpProvinceLink

        at, officer = self.workspace, self.workspace.officer
        store, words = SqliteSyncStore(at.database), ValueWords(self.reference, at.records, texts)
        names = {officer.id: officer.name}
        settling = Settling(at.records, texts, lambda: officer.id, words, names.get, lambda: self.survey_words, words.choices)
        attending = Attending(at.custody, at.records, at.drafts, settling.wording, lambda: officer.id)
        link = HttpProvinceLink(parts=at.folder / PARTS_FOLDER)
        return Syncing(link, store, at.settings, settling, attending, self.clock, call)

    @cached_property
    def survey_words(self) -> SurveyWords:
        from poverty_desktop.services.survey_words import SurveyWords

        at = self.workspace
        return SurveyWords(at.records, self.reviewing.reading.definition, lambda: str(at.settings.get("language", "vi")))

    @cached_property
    def overview(self) -> Overview:
        from poverty_desktop.services.overview import Overview

        return Overview(self.workspace.records, self.workspace.lists, self.clock)
