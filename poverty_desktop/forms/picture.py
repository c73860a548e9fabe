"""The pictures of a session's questions that screens show, kept until what they show changes."""

from __future__ import annotations

from poverty_desktop.forms.checking import type_fault
from poverty_desktop.forms.computing import Changes, Computing
from poverty_desktop.forms.definition import FormDefinition, Question, Words
from poverty_desktop.forms.focus import Focus
from poverty_desktop.forms.nodes import Node, Value, number_text, text_of, truth_of
from poverty_desktop.forms.offering import Choices, Offering
from poverty_desktop.forms.pages import Pages
from poverty_desktop.forms.state import FormProblem, QuestionState, SectionState
from poverty_desktop.forms.tree import AnswerTree

NEVER_MISSING = frozenset({"hidden", "calculate", "note"})  # nobody can answer them


class Painter:
    """Makes question and section states from the tree."""

    def __init__(self, definition: FormDefinition, tree: AnswerTree, computing: Computing, language: str) -> None:
        self._definition = definition
        self._plan = definition.plan
        self._language = language
        self._show(tree, computing)

    def _show(self, tree: AnswerTree, computing: Computing) -> None:
        self._tree = tree
        self._computing = computing
        self._questions: dict[str, QuestionState] = {}
        self._offering = Offering(self._definition, computing, self._language, self.words)
        self._pages = Pages(self._definition, tree, computing, self.words)
        self._order: tuple[int, list[tuple[Node, Question]]] = (-1, [])

    # --- keeping up ------------------------------------------------------------------------------------------------

    def repaint(self, changes: Changes) -> frozenset[str]:
        """Drop pictures that no longer hold; returns the keys that really look different now."""
        self._pages.forget(changes.values)
        for key in changes.pages:
            self._pages.drop(key)
        different = set(changes.values)
        for key in changes.values | changes.shown:
            old = self._questions.pop(key, None)
            if key in changes.shown and key not in different and self._looks_different(key, old):
                different.add(key)
        return frozenset(different)

    def go_to(self, tree: AnswerTree, computing: Computing, values: set[str]) -> frozenset[str]:
        """The session went to another moment, where the nodes of `values` are different: anything may look different there."""
        questions = self._questions
        self._show(tree, computing)
        self._questions = questions
        return self.repaint(Changes(values, {*questions} & tree.nodes.keys()))

    def _looks_different(self, key: str, old: QuestionState | None) -> bool:
        node = self._tree.nodes.get(key)
        if node is None:
            return True
        if not isinstance(self._tree.item(node), Question):  # the title of a group holds answers
            self._pages.drop(key)
            self._pages.drop(node.parent.key if node.parent else "")
            return True
        if old is None:
            return node.relevant
        return self.question(node) != old

    # --- questions -------------------------------------------------------------------------------------------------

    def questions(self) -> list[tuple[Node, Question]]:
        """All question nodes in paper order."""
        if self._order[0] != self._tree.version:
            self._order = (self._tree.version, list(self._tree.questions()))
        return self._order[1]

    def question(self, node: Node) -> QuestionState:
        if node.key not in self._questions:
            self._questions[node.key] = self._paint(node)
        return self._questions[node.key]

    def problems(self) -> list[FormProblem]:
        found = []
        for node, item in self.questions():
            state = self._questions.get(node.key) or self.question(node)
            if state.missing:
                message = self.words(node, item.required_message)
                found.append(FormProblem(node.key, "required", message, "red", "forms.required"))
            if state.problem:
                found.append(state.problem)
        return found

    def _paint(self, node: Node) -> QuestionState:
        item = self._tree.item(node)
        assert isinstance(item, Question)
        choices = self._offering.choices(node, item)
        required = self._holds(node, item.required, "required")
        return QuestionState(
            key=node.key,
            path=item.path,
            kind=item.kind,
            label=self.words(node, item.label),
            hint=self.words(node, item.hint),
            guidance=self.words(node, item.guidance),
            appearance=item.appearance,
            choices=choices or (),
            relevant=node.relevant,
            required=required,
            readonly=bool(item.calculate) or self._holds(node, item.readonly, "readonly"),
            value=node.raw,
            missing=required and node.relevant and not node.raw.strip() and item.kind not in NEVER_MISSING,
            problem=self._problem(node, item, choices),
            range=item.range,
            max_pixels=item.max_pixels,
            accept=item.accept,
            media={form: self.words(node, words) for form, words in item.media.items()},
        )

    def _problem(self, node: Node, item: Question, choices: Choices | None) -> FormProblem | None:
        if not node.relevant or not node.raw or item.calculate:
            return None
        names = None if choices is None else {value for value, _ in choices}
        fault = type_fault(item.kind, node.raw, names, item.range)
        if fault:
            return FormProblem(node.key, "type", "", "red", *fault)
        if item.constraint and not self._holds(node, item.constraint, "constraint"):
            return FormProblem(node.key, "constraint", self.words(node, item.constraint_message), item.tone)
        return None

    def _holds(self, node: Node, expression: str | None, aspect: str) -> bool:
        text = (expression or "").strip()
        if text in ("", "false()", "true()"):
            return text == "true()"
        unit = self._plan.units[node.path, aspect]
        return truth_of(self._computing.evaluate(unit, node))

    def words(self, node: Node, words: Words) -> str:
        parts = words.choose(self._language)
        return "".join(self._output(node, part) if place % 2 else part for place, part in enumerate(parts))

    def _output(self, node: Node, expression: str) -> str:
        value: Value = self._plan.compiled(expression)(Focus(node, node, self._computing.around))
        return number_text(value) if isinstance(value, float) and not isinstance(value, bool) else text_of(value)

    # --- sections --------------------------------------------------------------------------------------------------

    def sections(self) -> tuple[SectionState, ...]:
        return self._pages.sections()

    def may_add(self, place: str) -> bool:
        """Whether the form lets a person add an instance there now."""
        parent, repeat = self._tree.place(place)
        return repeat.may_add and self._pages.applies(repeat, parent)
