"""The grammar of expressions: XPath 1.0 with the functions of the ODK XForms specification, parsed by elementpath.

Only the syntax tree is elementpath's; `compiled.py` turns it into Python functions with the semantics of XForms, and
`references.py` reads from it what an expression depends on.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from elementpath import ElementPathError
from elementpath.tdop import Parser
from elementpath.xpath1 import XPath1Parser

from poverty_desktop.forms.functions import ARITIES

_NAME = r"[^\W\d][\w.-]*"
_LITERAL = r"""'[^']*'|"[^"]*\""""
_PREFIXED = re.compile(rf"({_LITERAL})|(?<![\w.-])(?:(jr):(choice-name|itext)(?=\s*\()|{_NAME}:(?!:)(?={_NAME}))")


class BrokenExpression(Exception):
    """An expression that cannot be read. `expression` is its text, `reason` what the parser says (English)."""

    def __init__(self, expression: str, reason: str) -> None:
        super().__init__(expression, reason)
        self.expression = expression
        self.reason = reason


class XFormsParser(XPath1Parser):
    """XPath 1.0 with the functions of XForms. Paths may start with a function: instance('x')/root/item."""

    def parse(self, source: str) -> Any:
        """The syntax tree, without elementpath's trial evaluation."""
        if self.tokenizer is None:
            self.tokenizer = self.create_tokenizer(self.symbol_table)
        return Parser.parse(self, source)


def _register_functions() -> None:
    for name, arity in ARITIES.items():
        XFormsParser.symbol_table.pop(name, None)
        XFormsParser.function(name, nargs=arity[0] if arity[0] == arity[1] else arity)


def _register_comparisons() -> None:
    """XPath 1.0, 3.4: comparisons may follow each other, and order binds closer than equality."""
    for symbols, power in ((("=", "!="), 28), (("<", "<=", ">", ">="), 30)):
        for symbol in symbols:
            XFormsParser.symbol_table.pop(symbol, None)
            XFormsParser.infix(symbol, bp=power)


@XFormsParser.method("/", bp=75)
@XFormsParser.method("//", bp=75)
def led(self: Any, left: Any) -> Any:
    """A step after anything that may be a list of nodes; the core grammar refuses a function on the left."""
    if self.parser.next_token.label not in self.parser.PATH_STEP_LABELS:
        self.parser.expected_next(*self.parser.PATH_STEP_SYMBOLS)
    self[:] = left, self.parser.expression(75)
    return self


_register_functions()
_register_comparisons()


def _plain(found: re.Match[str]) -> str:
    """Literals stay; jr:choice-name becomes one name; the prefix of any other name goes (the tree knows local names)."""
    return found[1] or (f"jr-{found[3]}" if found[2] else "")


@lru_cache(maxsize=64)
def parse_expression(expression: str) -> Any:
    """The syntax tree of an expression; nobody changes it. Raises BrokenExpression.

    The last ones are kept: each is asked for what it reads, and then compiled.
    """
    source = _PREFIXED.sub(_plain, expression.strip())
    try:
        return XFormsParser(strict=True).parse(source)
    except RecursionError as error:
        raise BrokenExpression(expression, "the expression is nested too deeply") from error
    except (ElementPathError, SyntaxError, ValueError, TypeError, KeyError, ArithmeticError) as error:
        raise BrokenExpression(expression, str(error)) from error
