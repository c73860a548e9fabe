"""A form of 600 questions in four levels of groups, made for measuring: choices, numbers and text, a third of them asked only
after certain answers, and sums on every level.
"""

from __future__ import annotations

from collections.abc import Iterator

SECTIONS, PARTS, GROUPS, BLOCKS = 5, 5, 4, 2  # on four levels, one within the other
QUESTIONS = 3  # in each block
TOTAL = SECTIONS * PARTS * GROUPS * BLOCKS * QUESTIONS
_NAMES = [("s", SECTIONS, "Phần"), ("p", PARTS, "Mục"), ("g", GROUPS, "Nhóm"), ("b", BLOCKS, "Khối")]
_CHOICES = "".join(f"<item><label>Lựa chọn {n}</label><value>c{n}</value></item>" for n in range(1, 5))


def large_form() -> bytes:
    """XForm XML."""
    instance = "".join(_instance(0, section) for section in _branches(0))
    binds = "".join(_binds())
    body = "".join(_body(0, section, "/data") for section in _branches(0))
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head>'
        "<h:title>Biểu mẫu lớn để đo</h:title><model><instance>"
        f'<data id="large" version="1">{instance}<total/></data></instance>{binds}</model></h:head>'
        f"<h:body>{body}</h:body></h:html>"
    ).encode()


def _branches(level: int) -> list[str]:
    letter, count, _ = _NAMES[level]
    return [f"{letter}{number}" for number in range(1, count + 1)]


def _instance(level: int, name: str) -> str:
    inner = "<q1/><q2/><q3/>" if level == 3 else "".join(_instance(level + 1, one) for one in _branches(level + 1))
    return f"<{name}>{inner}{'<sum/>' if level < 3 else ''}</{name}>"


def _blocks(level: int = 0, above: str = "/data") -> Iterator[str]:
    for name in _branches(level):
        yield from (f"{above}/{name}",) if level == 3 else _blocks(level + 1, f"{above}/{name}")


def _binds() -> Iterator[str]:
    sums: dict[str, list[str]] = {}
    for block in _blocks():
        yield f'<bind nodeset="{block}/q1" type="select1" required="true()"/>'
        yield f'<bind nodeset="{block}/q2" type="int" constraint=". &gt;= 0 and . &lt; 1000"/>'
        yield f'<bind nodeset="{block}/q3" type="string" relevant="{block}/q1 = \'c2\' or {block}/q2 &gt; 50"/>'
        group = block.rsplit("/", 1)[0]
        sums.setdefault(group, []).append(f"coalesce({block}/q2, 0)")
        part = group.rsplit("/", 1)[0]
        if f"{group}/sum" not in sums.setdefault(part, []):
            sums[part].append(f"{group}/sum")
            section = part.rsplit("/", 1)[0]
            if f"{part}/sum" not in sums.setdefault(section, []):
                sums[section].append(f"{part}/sum")
    sums["/data"] = [f"/data/{section}/sum" for section in _branches(0)]
    for above, parts in sums.items():
        name = "total" if above == "/data" else "sum"
        yield f'<bind nodeset="{above}/{name}" type="int" calculate="{" + ".join(parts)}"/>'


def _body(level: int, name: str, above: str) -> str:
    path, words = f"{above}/{name}", f"{_NAMES[level][2]} {name[1:]}"
    if level < 3:
        inner = "".join(_body(level + 1, one, path) for one in _branches(level + 1))
    else:
        inner = (
            f'<select1 ref="{path}/q1"><label>Hộ thuộc trường hợp nào?</label>{_CHOICES}</select1>'
            f'<input ref="{path}/q2"><label>Số lượng (con, cây, công)</label><hint>Ghi 0 nếu không có</hint></input>'
            f'<input ref="{path}/q3"><label>Ghi rõ</label></input>'
        )
    return f'<group ref="{path}"><label>{words}</label>{inner}</group>'
