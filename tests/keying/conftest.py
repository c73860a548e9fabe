"""A form with a repeat within a repeat, and the window that tries a form out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from PySide6.QtWidgets import QApplication

from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import FormDefinition
from poverty_desktop.gui.try_window import TryWindow
from tests.gui.windows import in_front
from tests.review.conftest import commune as commune
from tests.review.conftest import qapp as qapp
from tests.review.conftest import texts as texts
from tests.review.keyboard_office import office as office

Opened = Callable[[str], TryWindow]

BINDS = """
<bind nodeset="/data/info/owner" type="string" required="true()"/>
<bind nodeset="/data/info/has_loans" type="select1"/>
<bind nodeset="/data/info/why" type="string" relevant="/data/info/has_loans = 'yes'"/>
<bind nodeset="/data/info/where" type="string" relevant="/data/info/has_loans = 'yes'"/>
<bind nodeset="/data/info/goods" type="select" constraint="not(selected(., 'none')) or count-selected(.) = 1"/>
<bind nodeset="/data/loans/loan/amount" type="int"/>
<bind nodeset="/data/total" type="int" calculate="sum(/data/loans/loan/amount)"/>
"""
BODY = """
<group ref="/data/info"><label>A. Chủ hộ</label>
  <input ref="/data/info/owner"><label>A1. Tên chủ hộ</label></input>
  <select1 ref="/data/info/has_loans"><label>A2. Có vay vốn không?</label>
    <item><label>Có</label><value>yes</value></item><item><label>Không</label><value>no</value></item></select1>
  <input ref="/data/info/why"><label>A3. Vay để làm gì?</label></input>
  <input ref="/data/info/where"><label>A4. Vay ở đâu?</label></input>
  <select ref="/data/info/goods"><label>A5. Tài sản</label>
    <item><label>Tivi</label><value>tv</value></item><item><label>Xe máy</label><value>bike</value></item>
    <item><label>Không có gì</label><value>none</value></item></select>
  <input ref="/data/info/story" appearance="multiline"><label>A6. Ghi thêm</label></input>
</group>
<group ref="/data/loans"><label>B. Khoản vay</label>
  <group ref="/data/loans/loan"><label>Khoản vay</label><repeat nodeset="/data/loans/loan">
    <input ref="/data/loans/loan/bank"><label>B1. Ngân hàng</label></input>
    <input ref="/data/loans/loan/amount"><label>B2. Số tiền</label></input>
    <group ref="/data/loans/loan/payment"><label>Lần trả</label><repeat nodeset="/data/loans/loan/payment">
      <input ref="/data/loans/loan/payment/day"><label>B3. Ngày trả</label></input>
    </repeat></group>
  </repeat></group>
</group>
"""
INSTANCE = (
    "<info><owner/><has_loans/><why/><where/><goods/><story/></info>"
    "<loans><loan><bank/><amount/><payment><day/></payment></loan></loans><total/>"
)


def xml_of(instance: str = INSTANCE, binds: str = BINDS, body: str = BODY) -> bytes:
    xml = (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>Vay vốn</h:title>'
        f'<model><instance><data id="loans" version="1">{instance}</data></instance>{binds}</model></h:head>'
        f"<h:body>{body}</h:body></h:html>"
    )
    return xml.encode()


def form_of(instance: str = INSTANCE, binds: str = BINDS, body: str = BODY) -> FormDefinition:
    return FormDefinition.parse(xml_of(instance, binds, body))


@pytest.fixture
def window(qtbot, qapp: QApplication, texts: Texts) -> Iterator[TryWindow]:
    window = TryWindow(form_of(), texts, today=date(2026, 11, 23), file="vay.xml")
    in_front(qtbot, window)
    window.begin()
    yield window
    window.close()
