"""The file around a document: python-docx's template without its leftovers, and bytes that never differ."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

from storyroom.formats.docx.styles import CHINESE_FONT, LATIN_FONT

if TYPE_CHECKING:
    from docx.document import Document

_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_KEPT = frozenset({"officeDocument", "core-properties", "styles", "settings"})
_SETTINGS = f"""
<w:settings {_NAMESPACE}>
  <w:zoom w:percent="100"/>
  <w:defaultTabStop w:val="720"/>
  <w:characterSpacingControl w:val="{{spacing}}"/>
  <w:compat>
    <w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>
  </w:compat>
  <w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/>
  <w:decimalSymbol w:val="."/>
  <w:listSeparator w:val=","/>
</w:settings>
"""
_FONTS = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:fonts {_NAMESPACE}>
  <w:font w:name="{LATIN_FONT}">
    <w:panose1 w:val="02070309020205020404"/><w:charset w:val="00"/>
    <w:family w:val="modern"/><w:pitch w:val="fixed"/>
  </w:font>
  <w:font w:name="{CHINESE_FONT}">
    <w:altName w:val="宋体"/><w:panose1 w:val="02010600030101010101"/><w:charset w:val="86"/>
    <w:family w:val="auto"/><w:pitch w:val="variable"/>
  </w:font>
</w:fonts>
"""
_EPOCH = (2000, 1, 1, 0, 0, 0)


def new_document(styles: str, *, chinese: bool) -> Document:
    """Return an empty document with these styles and nothing else of the template's."""
    from docx import Document as open_document
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml.parser import parse_xml

    document = open_document()
    spacing = "compressPunctuation" if chinese else "doNotCompress"
    for root, xml in (
        (document.styles.element, styles),
        (document.settings.element, _SETTINGS.format(spacing=spacing)),
    ):
        root[:] = parse_xml(xml)[:]
    package = document.part.package
    assert package is not None
    for relations in (package.rels, document.part.rels):
        for name, relation in list(relations.items()):
            if relation.reltype.rpartition("/")[2] not in _KEPT:
                del relations[name]
    fonts = Part(PackURI("/word/fontTable.xml"), CONTENT_TYPE.WML_FONT_TABLE, _FONTS.encode(), package)
    document.part.relate_to(fonts, RELATIONSHIP_TYPE.FONT_TABLE)
    return document


def packed(document: Document) -> bytes:
    """Return the bytes of a document; they know nothing of when it was written."""
    written, fixed = BytesIO(), BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # or it would be that of the machine
            target.writestr(entry, source.read(name))
    return fixed.getvalue()
