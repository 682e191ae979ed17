"""FDX as a tree of XML elements, safely: no document types, no entities, bounded in size and depth."""

import re
import xml.etree.ElementTree as ET
from xml.parsers import expat

from storyroom.errors import FormatError

MAX_BYTES = 64 * 1024 * 1024
MAX_ELEMENTS = 1_000_000
MAX_DEPTH = 64
VERSIONS = frozenset("123456")

_RESAVE = "open it in Final Draft and save it as .fdx again"
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="no" ?>\n'


def parse(data: bytes, *, name: str) -> ET.Element:
    """Read the root of a Final Draft document.

    Raises:
        FormatError: it is too large, broken, unsafe, or no Final Draft script of a known version.
    """
    if len(data) > MAX_BYTES:
        raise FormatError(
            f"{name} is larger than {MAX_BYTES // 1024**2} MB",
            hint="split it into episodes; is it a script at all?",
        )
    root = _Parser(name).parse(data)
    if root.tag != "FinalDraft":
        raise FormatError(
            f"{name} is XML, but no Final Draft document: it begins with <{root.tag[:40]}>",
            hint="name a file that Final Draft saved as .fdx",
        )
    kind, version = root.get("DocumentType", "Script"), root.get("Version", "5")
    if kind != "Script":
        raise FormatError(
            f"{name} is a Final Draft document of the type {kind[:40]!r}, not a script",
            hint="save the script itself as .fdx",
        )
    if version not in VERSIONS:
        raise FormatError(
            f"{name} is FDX version {version[:20]!r}; the versions known here are 1 to 6",
            hint="save it in a Final Draft from 8 to 13, or export it from there as Fountain or text",
        )
    return root


class _Parser:
    def __init__(self, name: str) -> None:
        self._name = name
        self._builder = ET.TreeBuilder()
        self._depth = self._count = 0
        self._expat = expat.ParserCreate()
        self._expat.buffer_text = True
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._builder.data
        self._expat.StartDoctypeDeclHandler = self._doctype

    def parse(self, data: bytes) -> ET.Element:
        try:
            self._expat.Parse(data, True)
        except expat.ExpatError as error:
            raise self._broken(error) from error
        except (LookupError, ValueError) as error:
            raise FormatError(
                f"{self._name} is in an encoding that is not known here: {error}", hint="save it as UTF-8"
            ) from error
        return self._builder.close()

    def _broken(self, error: expat.ExpatError) -> FormatError:
        if not self._count:
            return FormatError(
                f"{self._name} is not XML",
                hint="name an .fdx file; save a script of Final Draft 7 or older (.fdr) as .fdx first",
            )
        return FormatError(
            f"{self._name} is broken XML: line {error.lineno}: {expat.ErrorString(error.code)}",
            hint=f"restore a backup, or {_RESAVE}",
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > MAX_DEPTH or self._count > MAX_ELEMENTS:
            what = f"{MAX_DEPTH} levels deep" if self._depth > MAX_DEPTH else f"{MAX_ELEMENTS:,} elements"
            raise FormatError(
                f"{self._name} has more than {what}: line {self._expat.CurrentLineNumber}",
                hint=f"no script needs that; {_RESAVE}",
            )
        self._builder.start(tag, attributes)

    def _end(self, tag: str) -> None:
        self._depth -= 1
        self._builder.end(tag)

    def _doctype(self, *_: object) -> None:
        raise FormatError(
            f"{self._name} declares a document type, which could hide entities: "
            f"line {self._expat.CurrentLineNumber}",
            hint=f"Final Draft writes none; delete the <!DOCTYPE …> or {_RESAVE}",
        )


def serialise(root: ET.Element) -> bytes:
    """Return a document as indented UTF-8.

    Raises:
        FormatError: a text holds a character that XML cannot.
    """
    for element in root.iter():
        for text in (element.text or "", *element.attrib.values()):
            if match := _NOT_XML.search(text):
                near = _NOT_XML.sub("?", text)[max(0, match.start() - 20) : match.end() + 20].strip()
                raise FormatError(
                    f"the character U+{ord(match[0]):04X} near {near!r} cannot stand in an FDX file",
                    hint="delete it from the script; it is invisible, and usually comes from a paste",
                )
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=False)
    return _DECLARATION + body + b"\n"
