"""A form with every kind of question and every appearance that matters on a desktop, on the real form screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QApplication, QWidget
from pyxform.xls2xform import convert

from poverty_desktop.domain.texts import Texts
from poverty_desktop.forms import FormDefinition
from poverty_desktop.gui.presenters.survey_trying import TryPresenter
from poverty_desktop.gui.screens.survey_screen import SurveyScreen
from poverty_desktop.gui.shell import Shell
from tests.gui.fakes import DictMemory, RecordingFrame
from tests.gui.keyboard import press, type_text

VILLAGES = 1000

SURVEY = """
| survey | | | | | | | | |
| | type | name | label | hint | appearance | parameters | constraint | required | repeat_count |
| | begin_group | typed | 1. Nhập bằng phím | | | | | | |
| | text | name | Họ và tên người trả lời | Ghi đúng như giấy tờ | | | | yes | |
| | text | story | Hoàn cảnh của hộ | | multiline | | | | |
| | text | phone | Số điện thoại | | numbers | | | | |
| | integer | cows | Số con bò | | | | . < 100 | | |
| | decimal | land | Diện tích đất (ha) | | | | | | |
| | date | day | Ngày khảo sát | | | | | | |
| | date | month | Tháng làm nhà | | month-year | | | | |
| | date | built | Năm làm nhà | | year | | | | |
| | time | clock | Giờ bắt đầu | | | | | | |
| | dateTime | moment | Ngày giờ kết thúc | | | | | | |
| | range | trust | Mức hài lòng | | | start=1 end=10 step=1 | | | |
| | range | share | Phần đất tưới được | | | start=0 end=1 step=0.25 | | | |
| | barcode | card | Mã thẻ bảo hiểm | | | | | | |
| | end_group | | | | | | | | |
| | begin_group | chosen | 2. Chọn | | | | | | |
| | select_one water | water | Nguồn nước chính | | | | | | |
| | select_one village | village | Thôn | | autocomplete | | | | |
| | select_one water | small | Nguồn nước phụ | | minimal | | | | |
| | select_one likert | likert | Chất lượng nước | | likert | | | | |
| | select_one water | three | Nguồn nước mùa khô | | columns-3 | | | | |
| | select_multiple needs | needs | Hộ cần được hỗ trợ gì? | | columns | | | | |
| | select_multiple village | visited | Các thôn đã đến | | minimal | | | | |
| | rank needs | order | Xếp thứ tự ưu tiên | | | | | | |
| | acknowledge | read | Đã đọc lại cho người trả lời nghe | | | | | | |
| | begin_group | table | | | table-list | | | | |
| | select_one yes_no | radio | Có máy thu thanh | | | | | | |
| | select_one yes_no | tv | Có ti vi | | | | | | |
| | select_one yes_no | phone2 | Có điện thoại di động dùng được Internet tại nhà | | | | | | |
| | end_group | | | | | | | | |
| | end_group | | | | | | | | |
| | begin_group | places | 3. Nơi chốn và tệp | | | | | | |
| | note | told | Ghi tọa độ theo máy định vị, hệ WGS 84. | | | | | | |
| | geopoint | house | Vị trí nhà | | | | | | |
| | geotrace | path | Đường vào nhà | | | | | | |
| | geoshape | field | Thửa ruộng | | | | | | |
| | image | photo | Ảnh ngôi nhà | | | | | | |
| | audio | voice | Ghi âm | | | | | | |
| | file | paper | Giấy tờ kèm theo | | | | | | |
| | hidden | secret | | | | | | | |
| | calculate | twice | | | | | | | |
| | end_group | | | | | | | | |
| | begin_group | together | 4. Khung | | | | | | |
| | begin_group | frame | Người cung cấp thông tin | | field-list | | | | |
| | text | who | Họ và tên | | | | | | |
| | integer | age | Tuổi | | | | | | |
| | end_group | | | | | | | | |
| | text | after | Ghi thêm | | | | | | |
| | end_group | | | | | | | | |
| | begin_repeat | visit | 5. Các lần đến thăm | | | | | | |
| | text | talk | Nội dung trao đổi | | multiline | | | | |
| | select_one yes_no | met | Có gặp chủ hộ | | | | | | |
| | begin_repeat | loan | Các khoản vay | | | | | | |
| | text | bank | Vay ở đâu | | | | | | |
| | integer | sum | Số tiền (đồng) | | | | | | |
| | end_repeat | | | | | | | | |
| | end_repeat | | | | | | | | |
| | begin_repeat | crop | 6. Cây trồng | | | | | | |
| | text | plant | Tên cây | | | | | | |
| | decimal | area | Diện tích (ha) | | | | | | |
| | date | sown | Ngày trồng | | | | | | |
| | time | rang | Giờ | | | | | | |
| | select_one yes_no | sold | Có bán | | | | | | |
| | select_multiple needs | lacks | Còn thiếu | | | | | | |
| | acknowledge | seen | Đã xem | | | | | | |
| | end_repeat | | | | | | | | |
| | begin_repeat | season | 7. Hai vụ | | | | | | 2 |
| | text | harvest | Thu hoạch thế nào | | multiline | | | | |
| | end_repeat | | | | | | | | |
"""

CHOICES = {
    "yes_no": ["Có", "Không"],
    "water": ["Nước máy", "Giếng khoan", "Giếng đào được bảo vệ", "Nước mưa", "Khe, mó nước", "Sông, suối, ao, hồ"],
    "likert": ["Rất kém", "Kém", "Bình thường", "Tốt", "Rất tốt"],
    "needs": ["Bò giống", "Cây giống", "Phân bón", "Nhà ở", "Học nghề"],
    "village": [f"Thôn {('Ba Tơ', 'Gò Ren', 'Đăk Drinh')[number % 3]} {number}" for number in range(1, VILLAGES + 1)],
}


def gallery() -> FormDefinition:
    """The form, converted as the program converts an XLSForm."""
    lines = ["| choices | | | |", "| | list_name | name | label |"]
    for name, labels in CHOICES.items():
        lines += [f"| | {name} | {name[0]}{number} | {label} |" for number, label in enumerate(labels, 1)]
    xform = convert(_calculated(SURVEY) + "\n".join(lines), file_type=".md").xform
    return FormDefinition.parse(xform.encode())


def _calculated(survey: str) -> str:
    """The table has no column of calculations: its one calculation is asked as hidden."""
    return survey.replace("| | calculate | twice |", "| | hidden | twice |")


@dataclass
class Room:
    """The form screen with the gallery in a window, and a hand on its keyboard."""

    shell: Shell
    screen: SurveyScreen
    presenter: TryPresenter

    def press(self, *keys: object, **more: object) -> None:
        press(self.shell, *keys, **more)  # type: ignore[arg-type]

    def type(self, text: str) -> None:
        type_text(self.shell, text)

    def go(self, key: str) -> QWidget:
        """Put the cursor on a question."""
        self.presenter.go_to(key)
        return self.focus

    @property
    def focus(self) -> QWidget:
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    @property
    def here(self) -> str:
        return self.focus.objectName()

    def value(self, key: str) -> str:
        return self.presenter._drawn.session.value(key)

    def sees(self, name: str) -> list[QWidget]:
        return [one for one in self.shell.findChildren(QWidget, name) if one.isVisible()]


def open_room(form: FormDefinition, texts: Texts, size: tuple[int, int] = (1366, 768)) -> Room:
    presenter = TryPresenter(form, texts, RecordingFrame(), today=date(2026, 11, 23), file="gallery.xlsx")
    screen = SurveyScreen(presenter, texts)
    screen.bind()
    shell = Shell(texts, {"survey": lambda: screen}, DictMemory())
    shell.resize(*size)
    shell.show()
    shell.activateWindow()
    shell.go("survey")
    presenter.begin()
    return Room(shell, screen, presenter)
