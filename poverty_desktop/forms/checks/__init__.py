"""What can be wrong in the workbook of a questionnaire, one module a kind of fault. `forms/release.py` runs them all.

Each check takes a `Book` and yields `FormFault`s: level "fault" stops a release, "warning" is only told. Words are in
`forms_check.json`; what the columns mean follows the XLSForm reference and pyxform, which converts the form.
"""
