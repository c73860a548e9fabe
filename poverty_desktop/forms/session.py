"""A questionnaire being filled in: what applies, what is wrong, what follows. Knows no screen and no file.

Answers are text in XForms lexical form: integers "12", decimals with a point "6.5", dates "2026-11-22", select-many names
separated by one blank. Keys are relative paths with repeat instance keys: "house/floor_area", "roster/<member id>/schooling".
Answers of questions that are not relevant are kept but do not count: expressions see them as empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from random import Random

from poverty_desktop.forms.beginning import Beginning
from poverty_desktop.forms.computing import Changes, Computing
from poverty_desktop.forms.definition import FormDefinition, Group, Question
from poverty_desktop.forms.entities import Entity, read_entities
from poverty_desktop.forms.finding import key_of, path_of
from poverty_desktop.forms.lists import external_lists
from poverty_desktop.forms.nodes import Node
from poverty_desktop.forms.picture import Painter
from poverty_desktop.forms.snapshots import Snapshot, copy_of, differing
from poverty_desktop.forms.state import FormProblem, QuestionState, SectionState
from poverty_desktop.forms.surroundings import Surroundings
from poverty_desktop.forms.tree import AnswerTree, place_of

__all__ = ["FormSession", "Snapshot"]


class FormSession:
    """One set of answers on one form.

    `answers` may hold any keys of the form (computed ones are ignored and computed anew, unless they are computed `once`). The
    instances of a repeat are those of `repeat_keys["roster"]`, in that order (for a nested repeat the key of its place:
    "roster/<id>/loan"); answers of others (a person who left) are kept aside: they count nowhere and stay in `answers()`. Where
    the caller names no instances, those of `answers` exist; a counted repeat has as many as its count says, and the answers of
    those beyond are kept aside too. A key in `answers`, even with an empty value, keeps the form's default out. Raises
    KnownProblem "forms.unknown_question" (question, form) for a key that the form does not have.

    `now` is what now() gives (midnight of `today` without it); `seed` makes random() and randomize() repeatable; `metadata`
    answers deviceid, username, phonenumber, email, simserial, subscriberid; `files` are external lists (csv, xml, geojson) by
    file name, those of the definition where they are None.
    """

    def __init__(
        self,
        definition: FormDefinition,
        answers: Mapping[str, str | None],
        *,
        today: date,
        language: str = "vi",
        repeat_keys: Mapping[str, Sequence[str]] | None = None,
        now: datetime | None = None,
        seed: int | None = None,
        metadata: Mapping[str, str] | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> None:
        self.definition = definition
        self.language = language
        plan = definition.plan
        self._tree = AnswerTree(definition)
        self._tree.grow(answers, repeat_keys or {})
        around = Surroundings(
            plan=plan,
            document=self._tree.document,
            moment=now or datetime.combine(today, time()),
            language=language,
            instances={**plan.instances, **(definition.lists if files is None else external_lists(definition.external, files))},
            random=Random(seed),
            properties=dict(metadata or {}),
        )
        self._assemble(self._tree, around)
        self._beginning.whole()

    def _assemble(self, tree: AnswerTree, around: Surroundings) -> None:
        self._tree = tree
        self.computing = Computing(around, tree)
        self._painter = Painter(self.definition, tree, self.computing, self.language)
        self._beginning = Beginning(tree, self.computing)

    # --- answering -------------------------------------------------------------------------------------------------

    def set(self, key: str, text: str | None) -> frozenset[str]:
        """Store one answer (None or "" empties it) and recompute what depends on it.

        Returns the keys whose value, relevance, requirement, read-only mark, words or problem changed, `key` included when
        its text changed; groups are told by their own key. Anything may be stored: what is wrong shows in
        `question(key).problem`, never as an exception. KeyError for an unknown key.
        """
        node = self._tree.question_node(key)
        if node.raw == (text or "") or self._question(node).calculate:
            return frozenset()
        node.raw = text or ""
        return self._after(self.computing.changed([node]), [node])

    def _after(self, changes: Changes, sources: Iterable[Node] = ()) -> frozenset[str]:
        """What follows from an edit besides computations: defaults of new instances, actions."""
        found = self._beginning.newborn(changes)
        return self._painter.repaint(self._beginning.act(found, sources))

    def add(self, repeat: str, instance: str) -> frozenset[str]:
        """Append an instance (its key is the caller's: a member id). Returns the changed keys, the new ones included.

        A counted repeat has as many instances as its count says: nothing happens.
        """
        parent, group = self._tree.place(repeat)
        if group.count is not None or instance in self.instances(repeat):
            return frozenset()
        return self._after(self.computing.came(self._tree.sprout(group, parent, instance)))

    def remove(self, repeat: str, instance: str) -> frozenset[str]:
        """Drop an instance and its answers. Returns the changed keys, the dropped ones included: whoever may want them back takes
        a `snapshot` first. ValueError when there is no such instance."""
        parent, group = self._tree.place(repeat)
        if group.count is not None:
            return frozenset()
        node = next((node for node in parent.by_name.get(group.name, ()) if node.instance == instance), None)
        if node is None:
            raise ValueError(f"no instance {instance!r} in {repeat}")
        gone = self._tree.prune(node)
        changes = self.computing.went(parent, node.path)
        changes.values.update(gone)
        return self._after(changes)

    # --- asking ----------------------------------------------------------------------------------------------------

    def value(self, key: str) -> str:
        """The stored or computed text, "" when empty."""
        return self._tree.question_node(key).raw

    def question(self, key: str) -> QuestionState:
        return self._painter.question(self._tree.question_node(key))

    def label(self, key: str) -> str:
        """The words of a question, a group or an instance of a repeat, with the answers in them."""
        node = self._tree.nodes[key]
        item = self._tree.item(node)
        return self._painter.words(node, item.label) if item else ""

    def sections(self) -> tuple[SectionState, ...]:
        """All sections in paper order, with what applies now. Sections that never show anything are left out."""
        return self._painter.sections()

    def problems(self) -> list[FormProblem]:
        """Everything wrong among the relevant questions, in paper order; red stops finishing, amber asks for a reason."""
        return self._painter.problems()

    def missing(self) -> list[str]:
        """Keys of relevant required questions without an answer, in paper order."""
        return [problem.key for problem in self._painter.problems() if problem.kind == "required"]

    def answers(self) -> dict[str, str]:
        """The answers a person gave, relevant or not, in paper order (what a draft stores), with what is computed only once.

        Empty ones are left out, except where the form has a default that was emptied on purpose. An instance of a repeat without
        any answer is told by its own key with "+", unless the caller named the instances; one that a count took away which asks
        its own instances, by its own key with "-". Instances come back in the order of these keys; those whose keys are all
        numbers, in the order of the numbers.
        """
        return self._tree.stored_below(self._tree.root) | self._tree.aside

    def calculated(self) -> dict[str, str]:
        """The computed values that are relevant and not empty, by key."""
        return {node.key: node.text for node, question in self._painter.questions() if question.calculate and node.text}

    def relevant(self, key: str) -> bool:
        """Whether a question or group applies now."""
        return self._tree.nodes[key].relevant

    def instances(self, repeat: str) -> tuple[str, ...]:
        """The instance keys of a repeat, in order: instances("roster")."""
        parent, group = self._tree.place(repeat)
        return tuple(node.instance for node in parent.by_name.get(group.name, ()))

    def may_add(self, repeat: str) -> bool:
        """Whether a person may add an instance there now. KeyError when there is no such repeat."""
        return self._painter.may_add(repeat)

    @property
    def marks_lines(self) -> bool:
        """Whether `answers()` may tell of instances by their own keys."""
        return self._tree.marks_lines

    def is_line(self, key: str) -> bool:
        """Whether a key of `answers()` is that of an instance or a repeat, not of an answer."""
        plan = self.definition.plan
        return isinstance(plan.items.get(plan.split(key)[0]), Group)

    def repeats(self) -> list[str]:
        """The keys of all repeats, without an instance, also of empty ones: "roster", "roster/<id>/loan"."""
        return [place_of(group, parent) for parent, group in self._tree.places()]

    def question_keys(self) -> list[str]:
        """All question keys in paper order, hidden and computed ones included."""
        return [node.key for node, _ in self._painter.questions()]

    def places(self) -> list[str]:
        """The keys of all questions, groups and repeat instances, in paper order."""
        items = self._tree.plan.items
        return [node.key for node in self._tree.root.walk() if node.key and not items[node.path].meta]

    def key_of(self, path: str) -> str:
        """The key of a path with positions: "/data/roster[2]/age" is "roster/<second id>/age". KeyError if there is none."""
        return key_of(self._tree, path)

    def path_of(self, key: str) -> str:
        """The path with positions of a key, for messages and `forms evaluate`: "/data/roster[2]/age"."""
        return path_of(self._tree, key)

    # --- the record itself -----------------------------------------------------------------------------------------

    def instance_id(self) -> str:
        """meta/instanceID: "uuid:…", "" when the form has none."""
        return self._meta("instanceID")

    def instance_name(self) -> str:
        """meta/instanceName: how the form names a record, "" when it does not."""
        return self._meta("instanceName")

    def _meta(self, name: str) -> str:
        node = self._tree.nodes.get(f"meta/{name}")
        return node.text if node else ""

    def entities(self) -> list[Entity]:
        """The entities that this record would create or update now (ODK entities specification)."""
        return read_entities(self._tree)

    # --- moments ---------------------------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """This moment, for `restore`: undo of anything, and what-if."""
        return Snapshot(copy_of(self._tree), self.computing.around.beside(self._tree.document))

    def restore(self, snapshot: Snapshot) -> frozenset[str]:
        """Go back to a moment of this session, exactly; nothing is computed. Returns the keys that look different now."""
        before, tree = self._tree, copy_of(snapshot.tree)
        around = snapshot.around.beside(tree.document)
        evaluations = self.computing.evaluations
        self._tree = tree
        self.computing = Computing(around, tree)
        self.computing.evaluations = evaluations
        self._beginning = Beginning(tree, self.computing)
        return self._painter.go_to(tree, self.computing, differing(before, tree))

    def fork(self) -> FormSession:
        """An independent session with the same answers (what-if)."""
        twin = object.__new__(FormSession)
        twin.definition, twin.language = self.definition, self.language
        moment = self.snapshot()
        twin._assemble(moment.tree, moment.around.beside(moment.tree.document))
        return twin

    def _question(self, node: Node) -> Question:
        item = self._tree.item(node)
        assert isinstance(item, Question)
        return item
