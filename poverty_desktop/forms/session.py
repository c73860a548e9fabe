"""A questionnaire being filled in: what applies, what is wrong, what follows. Knows no screen and no file.

Answers are text in XForms lexical form: integers "12", decimals with a point "6.5", dates "2026-11-22", select-many names
separated by one blank. Keys are relative paths with repeat instance keys: "house/floor_area", "roster/<member id>/schooling".
Answers of questions that are not relevant are kept but do not count: expressions see them as empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from poverty_desktop.forms.computing import Computing, Surroundings
from poverty_desktop.forms.definition import FormDefinition, Group, Question
from poverty_desktop.forms.focus import Focus
from poverty_desktop.forms.nodes import Node, text_of
from poverty_desktop.forms.picture import Painter
from poverty_desktop.forms.state import FormProblem, QuestionState, SectionState
from poverty_desktop.forms.tree import AnswerTree


@dataclass(frozen=True)
class Snapshot:
    """All answers and instances of a moment; only its own form's sessions can restore it."""

    answers: Mapping[str, str]
    repeat_keys: Mapping[str, Sequence[str]]


class FormSession:
    """One set of answers on one form.

    `answers` may hold any keys of the form (computed ones are ignored and computed anew). The instances of a repeat are those of
    `repeat_keys["roster"]`, in that order (for a nested repeat the key of its place: "roster/<id>/loan"); answers of others (a
    person who left) are kept aside: they count nowhere and stay in `answers()`. Where the caller names no instances, those of
    `answers` exist. A key in `answers`, even with an empty value, keeps the form's default out. Raises KnownProblem
    "forms.unknown_question" (question, form) for a key that the form does not have.

    `now` is what now() gives (midnight of `today` without it); `seed` makes random() and randomize() repeatable; `metadata`
    answers deviceid, username, phonenumber, email, simserial, subscriberid; `files` are external lists (csv, xml, geojson) by
    file name.
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
        self.today, self.now, self.seed = today, now or datetime.combine(today, time()), seed
        self.metadata, self.files = dict(metadata or {}), dict(files or {})
        self.definition = definition
        self.language = language
        self._tree = AnswerTree(definition)
        self._tree.grow(answers, repeat_keys or {})
        around = Surroundings(definition.plan, self._tree.document, self.now, language)
        self.computing = Computing(around)
        self._tree.fill(answers)
        for node, question in self._tree.questions():
            if node.key not in answers:
                self._default(node, question)
            node.text = node.raw
        self.computing.everything()
        self._painter = Painter(definition, self._tree, self.computing, language)

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
        return self._painter.repaint(self.computing.changed([node]))

    def value(self, key: str) -> str:
        """The stored or computed text, "" when empty."""
        return self._tree.question_node(key).raw

    def question(self, key: str) -> QuestionState:
        return self._painter.question(self._tree.question_node(key))

    def sections(self) -> tuple[SectionState, ...]:
        """All sections in paper order, with what applies now. Sections that never show anything are left out."""
        return self._painter.sections()

    def problems(self) -> list[FormProblem]:
        """Everything wrong among the relevant questions, in paper order; red stops finishing, amber asks for a reason."""
        found = []
        for node, _ in self._tree.questions():
            state = self._painter.question(node)
            if state.missing:
                found.append(self._painter.required(node))
            if state.problem:
                found.append(state.problem)
        return found

    def missing(self) -> list[str]:
        """Keys of relevant required questions without an answer, in paper order."""
        return [node.key for node, _ in self._tree.questions() if self._painter.question(node).missing]

    def answers(self) -> dict[str, str]:
        """The answers a person gave, relevant or not, in paper order (what a draft stores).

        Empty ones are left out, except where the form has a default that was emptied on purpose.
        """
        asked = ((node, question) for node, question in self._tree.questions() if not question.calculate)
        return {node.key: node.raw for node, question in asked if node.raw or question.default} | self._tree.aside

    def calculated(self) -> dict[str, str]:
        """The computed values that are relevant and not empty, by key."""
        return {node.key: node.text for node, question in self._tree.questions() if question.calculate and node.text}

    def relevant(self, key: str) -> bool:
        """Whether a question or group applies now."""
        return self._tree.nodes[key].relevant

    def instances(self, repeat: str) -> tuple[str, ...]:
        """The instance keys of a repeat, in order: instances("roster")."""
        parent, group = self._repeat(repeat)
        return tuple(node.instance for node in parent.by_name.get(group.name, ()))

    def add(self, repeat: str, instance: str) -> frozenset[str]:
        """Append an instance (its key is the caller's: a member id). Returns the changed keys, the new ones included."""
        parent, group = self._repeat(repeat)
        if instance in self.instances(repeat):
            return frozenset()
        node = self._tree.sprout(group, parent, instance)
        for inner, question in self._tree.questions(node):
            self._default(inner, question)
        changes = self.computing.changed(node.walk())
        return self._restructure(node.path) | changes.values

    def remove(self, repeat: str, instance: str) -> frozenset[str]:
        """Drop an instance and its answers. Returns the changed keys, the dropped ones included."""
        parent, group = self._repeat(repeat)
        node = next(node for node in parent.by_name.get(group.name, ()) if node.instance == instance)
        gone = self._tree.prune(node)
        return self._restructure(node.path) | self._painter.forget(gone)

    def snapshot(self) -> Snapshot:
        """This moment, for `restore`: undo of anything, and what-if."""
        repeats = {key: self.instances(key) for key in self._repeat_places()}
        return Snapshot(self.answers(), repeats)

    def restore(self, snapshot: Snapshot) -> frozenset[str]:
        """Go back to a moment of this session, exactly. Returns the keys that may look different now."""
        before = set(self._tree.nodes)
        fresh = self._anew(snapshot)
        self._tree, self.computing, self._painter = fresh._tree, fresh.computing, fresh._painter
        return frozenset((before | set(self._tree.nodes)) - {""})

    def fork(self) -> FormSession:
        """An independent session with the same answers (what-if)."""
        return self._anew(self.snapshot())

    def _anew(self, snapshot: Snapshot) -> FormSession:
        return FormSession(
            self.definition,
            snapshot.answers,
            today=self.today,
            language=self.language,
            repeat_keys=snapshot.repeat_keys,
            now=self.now,
            seed=self.seed,
            metadata=self.metadata,
            files=self.files,
        )

    def _repeat_places(self) -> list[str]:
        """The keys of all repeats, without an instance: "roster", "roster/<id>/loan"."""
        found = []
        for node in self._tree.root.walk():
            for path, item in self.definition.plan.items.items():
                if isinstance(item, Group) and item.repeat and path[:-1] == node.path:
                    found.append(f"{node.key}/{item.name}".lstrip("/"))
        return found

    def question_keys(self) -> list[str]:
        """All question keys in paper order, hidden and computed ones included."""
        return [node.key for node, _ in self._tree.questions()]

    def places(self) -> list[str]:
        """The keys of all questions, groups and repeat instances, in paper order."""
        return [node.key for node in self._tree.root.walk() if node.key]

    def key_of(self, path: str) -> str:
        """The key of a path with positions: "/data/roster[2]/age" is "roster/<second id>/age". KeyError if there is none."""
        node = self._tree.document
        for step in path.strip("/").split("/"):
            name, _, place = step.rstrip("]").partition("[")
            brothers = node.by_name.get(name, [])
            if not 1 <= int(place or 1) <= len(brothers):
                raise KeyError(path)
            node = brothers[int(place or 1) - 1]
        return node.key

    def path_of(self, key: str) -> str:
        """The path with positions of a key, for messages and `forms evaluate`: "/data/roster[2]/age"."""
        node: Node | None = self._tree.nodes[key]
        steps = []
        while node and node.path:
            brothers = node.parent.by_name[node.name] if node.parent else [node]
            steps.append(f"{node.name}[{brothers.index(node) + 1}]" if node.instance else node.name)
            node = node.parent
        return "/" + "/".join(reversed(steps))

    def _question(self, node: Node) -> Question:
        item = self._tree.item(node)
        assert isinstance(item, Question)
        return item

    def _default(self, node: Node, question: Question) -> None:
        if question.default and not question.calculate:
            run = self.definition.plan.compiled(question.default)
            node.raw = text_of(run(Focus(node, node, self.computing.around)))

    def _repeat(self, repeat: str) -> tuple[Node, Group]:
        """The node above a repeat and the repeat itself, from its key without an instance."""
        above, _, name = repeat.rpartition("/")
        parent = self._tree.nodes[above]
        group = self.definition.plan.items[(*parent.path, name)]
        if not isinstance(group, Group) or not group.repeat:
            raise KeyError(repeat)
        return parent, group

    def _restructure(self, path: tuple[str, ...]) -> frozenset[str]:
        """An instance came or went: run anew what stands in the repeat and all that reads anything in it."""
        depth = len(path)
        plan = self.definition.plan
        inside = {unit for unit in plan.order if unit.path[:depth] == path}
        readers = (units for read, units in plan.readers.items() if read[:depth] == path)
        reading = {unit for units in readers for unit, _ in units if unit.drives}
        return self._painter.repaint_all(self.computing.settle_units(inside | reading, self._tree.document))
