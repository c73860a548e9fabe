"""ODK XForms specification, "XPath Functions", String Functions."""

from __future__ import annotations

import base64
import hashlib
import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poverty_desktop.forms.functions_text import ALGORITHMS
from poverty_desktop.forms.xpath import BrokenExpression
from tests.forms.standing import Around, hidden, run, text

PLAIN = st.text(st.characters(exclude_characters="'\"", exclude_categories=("Cs", "Cc")), max_size=20)


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("string(1.50)", "1.5"),
        ("string(-0)", "0"),
        ("string(1 div 0)", "Infinity"),
        ("string(-1 div 0)", "-Infinity"),
        ("string(number(''))", "NaN"),
        ("string(.557586)", "0.557586"),
        ("string(0.0000001)", "0.0000001"),
        ("string(1230000000000000000000)", "1230000000000000000000"),
        ("string(0.1 + 0.2)", "0.30000000000000004"),
        ("string(0.1 * 3 * 10)", "3"),
        ("string(true())", "true"),
        ("string(/data/nobody)", ""),
        ("string(/data/roster/age)", "30"),
    ],
)
def test_string(expression: str, result: str) -> None:
    """fn:string, as XPath 1.0, 4.2: no exponents, no needless point; of many nodes the first."""
    assert text(expression) == result


def test_string_without_an_argument_is_the_text_of_the_node() -> None:
    """fn:string: XPath 1.0 lets the argument out."""
    around = Around()
    assert text("string()", around, around.data.by_name["a"][0]) == "5"
    assert text("count(/data/*[string() = '5'])", around) == "1"


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("concat()", ""),
        ("concat('a')", "a"),
        ("concat('ab', 'cde', '', 'fgh', 1, false(), 'i')", "abcdefgh1falsei"),
        ("concat(/data/roster/age, '!')", "308!"),
        ("join('-', /data/roster/age)", "30--8"),
        ("join('-', /data/roster/age[. != ''])", "30-8"),
        ("join(', ', 'a', 'b', /data/roster/loan/amount)", "a, b, 10, 20, 7"),
        ("join(', ')", ""),
        ("join(', ', /data/nobody)", ""),
    ],
)
def test_concat_and_join(expression: str, result: str) -> None:
    """fn:concat, fn:join: one argument will do, and all nodes of a node-set are taken."""
    assert text(expression) == result


def test_hidden_answers_are_not_joined() -> None:
    """Binds, `relevant`: what is not relevant is not in the form."""
    around = Around()
    with hidden(around.member(2).children[0]):
        assert text("join('-', /data/roster/age)", around) == "30-8"


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("substr('hello', 0)", "hello"),
        ("substr('hello', 1, 4)", "ell"),
        ("substr('hello', -2)", "lo"),
        ("substr('hello', 0, -1)", "hell"),
        ("substr('hello', -9, 2)", "he"),
        ("substr('hello', 3, 1)", ""),
        ("substr('hello', 1.9, 4.9)", "ell"),
        ("substr('hello', number(''))", ""),
        ("substr('hello', 0, 1 div 0)", "hello"),
        ("substr('', 0, 3)", ""),
        ("substr('Đắk Nông', 0, 3)", "Đắk"),
        ("substring('12345', 1.5, 2.6)", "234"),
        ("substring('12345', 0 div 0, 3)", ""),
        ("substring('12345', -42, 1 div 0)", "12345"),
        ("substring('12345', 2)", "2345"),
    ],
)
def test_substr_and_substring(expression: str, result: str) -> None:
    """fn:substr counts from 0 and leaves the end out; substring is that of XPath 1.0, 4.2, with its own examples."""
    assert text(expression) == result


@given(value=PLAIN, start=st.integers(-25, 25), end=st.integers(-25, 25))
def test_substr_is_a_slice(value: str, start: int, end: int) -> None:
    """fn:substr: for all places a Python slice."""
    assert text(f"substr('{value}', {start}, {end})") == value[start:end]


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("substring-before('hello', 'l')", "he"),
        ("substring-before('hello', 'q')", ""),
        ("substring-before('hello', '')", ""),
        ("substring-before('', 'q')", ""),
        ("substring-after('hello', 'l')", "lo"),
        ("substring-after('hello', 'q')", ""),
        ("substring-after('hello', '')", "hello"),
        ("substring-after('', '')", ""),
        ("translate('hello', 'lo', 'LO')", "heLLO"),
        ("translate('hello world', 'hello', '')", " wrd"),
        ("translate('hello wor,ld', ' ,', ', ')", "hello,wor ld"),
        ("translate('hello', '', 'L')", "hello"),
        ("translate('aa', 'aa', 'xy')", "xx"),
        ("string-length('Đinh')", "4"),
        ("string-length(../b)", "0"),
        ("string-length(12.0)", "2"),
        ("normalize-space('  a \t\n  b ')", "a b"),
        ("normalize-space('a\u00a0 b')", "a\u00a0 b"),
        ("normalize-space('')", ""),
        ("contains('abc', 'b')", "true"),
        ("contains('abc', 'bcd')", "false"),
        ("contains('abc', '')", "true"),
        ("contains('', 'a')", "false"),
        ("starts-with('', '')", "true"),
        ("starts-with('abc', 'b')", "false"),
        ("ends-with('abc', 'bc')", "true"),
        ("ends-with('', '')", "true"),
        ("ends-with('', 'a')", "false"),
    ],
)
def test_tests_and_parts_of_text(expression: str, result: str) -> None:
    """fn:substring-before … fn:ends-with: as XPath 1.0, 4.2, and XPath 3.0 for ends-with, with empty arguments."""
    assert text(expression) == result


def test_string_length_without_an_argument_is_that_of_the_node() -> None:
    """fn:string-length: the specification requires an argument, Collect does not."""
    around = Around()
    assert text("string-length()", around, around.data.by_name["many"][0]) == "5"


@given(value=PLAIN, old=st.text("abcđê", max_size=5), new=st.text("xyz", max_size=5))
def test_translate_changes_each_letter_by_itself(value: str, old: str, new: str) -> None:
    """fn:translate: letter by letter, the first of equal ones counts, those without a partner go."""
    expected = "".join(new[old.index(one) : old.index(one) + 1] if one in old else one for one in value)
    assert text(f"translate('{value}', '{old}', '{new}')") == expected


@given(value=PLAIN, mark=st.text("ab-", min_size=1, max_size=2))
def test_before_and_after_make_the_whole_again(value: str, mark: str) -> None:
    """fn:substring-before, fn:substring-after."""
    before, after = (text(f"substring-{side}('{value}', '{mark}')") for side in ("before", "after"))
    assert f"{before}{mark}{after}" == value if mark in value else before == after == ""


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("regex('12345', '[0-9]+')", "true"),
        ("regex('x12345', '[0-9]+')", "false"),
        ("regex('', '[0-9]*')", "true"),
        ("regex('', '.+')", "false"),
        (r"regex('Đinh Thị Hồng', '[\p{L} ]+')", "true"),
        (r"regex('Đinh 2', '[\p{L} ]+')", "false"),
        (r"regex('Đinh', '\p{Lu}\p{Ll}+')", "true"),
        (r"regex('Dinh-2', '\p{Alpha}+\p{Punct}\p{Digit}')", "true"),
        (r"regex('Đ', '\p{Alpha}')", "false"),
        (r"regex('Đ2', '\p{IsAlphabetic}(?=2)\d')", "true"),
        (r"regex('p{L}', '\\p\{L\}')", "false"),
        ("regex('[a', '[[a-z]+')", "true"),
        (r"regex('12-3', '\P{L}+')", "true"),
        (r"regex('0987654321', '^0\d{9}$')", "true"),
        ("regex('a', concat('[', ''))", "false"),
    ],
)
def test_regex(expression: str, result: str) -> None:
    """fn:regex: the whole value, as in Collect; a pattern that comes out wrong while filling in matches nothing."""
    assert text(expression) == result


def test_a_pattern_that_is_written_wrong_is_refused_when_the_form_is_read() -> None:
    """fn:regex."""
    with pytest.raises(BrokenExpression, match="not a regular expression"):
        run("regex(., '[0-9')")


def test_uuid_is_a_random_uuid_of_version_4() -> None:
    """fn:uuid: RFC 4122 without an argument, so many characters with one."""
    assert uuid.UUID(text("uuid()")).version == 4
    assert re.fullmatch("[0-9A-Z]{12}", text("uuid(12)"))
    assert [text(f"uuid({length})") for length in ("0", "-3", "''")] == ["", "", ""]
    assert text("uuid()", Around(seed=2)) != text("uuid()", Around(seed=3))
    assert text("uuid()", Around(seed=2)) == text("uuid()", Around(seed=2))


@given(value=PLAIN, algorithm=st.sampled_from(sorted(ALGORITHMS)))
def test_digest_is_that_of_the_library(value: str, algorithm: str) -> None:
    """fn:digest: the five algorithms of XForms 1.1, 7.8.3, over UTF-8; base64 where no encoding is told."""
    found = hashlib.new(ALGORITHMS[algorithm], value.encode()).digest()
    assert text(f"digest('{value}', '{algorithm}', 'hex')") == found.hex()
    assert text(f"digest('{value}', '{algorithm}')") == base64.b64encode(found).decode()


def test_digest_knows_no_other_algorithm() -> None:
    """fn:digest: refused when it is written out, empty when it comes out of an answer."""
    for wrong in ("digest('a', 'MD4')", "digest('a', 'MD5', 'octal')"):
        with pytest.raises(BrokenExpression, match="is not one of"):
            run(wrong)
    assert text("digest('a', ../text)") == ""


@given(value=PLAIN)
def test_base64_decode_reads_what_was_encoded(value: str) -> None:
    """fn:base64-decode: UTF-8, line ends and missing padding forgiven."""
    packed = base64.b64encode(value.encode()).decode()
    assert text(f"base64-decode('{packed}')") == text(f"base64-decode('{packed.rstrip('=')}')") == value
    assert text("base64-decode('not *base64*')") == ""


def test_pulldata_takes_one_value_of_a_list() -> None:
    """fn:pulldata: instance(…)/root/item[query_element = query]/desired_element, empty where there is none."""
    assert text("pulldata('list', 'points', 'name', 'y')") == "20"
    assert text("pulldata('list', 'points', 'name', 'z')") == ""
    assert text("pulldata('none', 'points', 'name', 'y')") == ""
    assert text("pulldata('list', 'nothing', 'name', 'y')") == ""
