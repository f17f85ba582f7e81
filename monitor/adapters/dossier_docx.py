"""A dossier as a Word document on A4: headings that a reader's program lists, links that work, sources numbered.

python-docx makes the package, its styles and its headings; the hundreds of paragraphs are written as elements, since
its own ways to a run and its properties take longer than all the rest of a dossier.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from monitor.domain.model.dossiers import Dossier, DossierSection, DossierSentence, DossierSource

# Found on every office machine; the East Asian one is named beside it, or Chinese falls back to boxes.
FONT, FONT_EAST_ASIA = "Calibri", "Microsoft YaHei"
INK, QUIET, LINK = RGBColor(0x1D, 0x23, 0x20), RGBColor(0x55, 0x60, 0x5A), RGBColor(0x0B, 0x5A, 0x8A)
_LOCALES = {"en": "en-GB", "fr": "fr-FR", "zh": "zh-CN", "vi": "vi-VN"}

SMALL = "18"  # half points
_TWIPS = {"bullet_after": "60", "source_after": "40", "hanging": "510"}  # 3 pt, 2 pt, 9 mm
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Part = Any  # python-docx builds its classes from XML and has no types for half of them


class DocxWriter:
    """Implements the port `DossierWriter`."""

    def write(self, dossier: Dossier) -> bytes:
        """See the port."""
        document = Document()
        _set_page(document, dossier)
        document.add_heading(dossier.title, level=0)
        _put(document, _paragraph(_run(dossier.subtitle, _QUIET)))
        for section in dossier.sections:
            _write_section(document, section)
        document.add_heading(dossier.sources_title, level=1)
        for source in dossier.sources:
            _write_source(document, source, dossier.language)
        _put(document, _paragraph(_run(dossier.note, _QUIET)))
        buffer = io.BytesIO()
        document.save(buffer)
        return buffer.getvalue()


def _set_page(document: Part, dossier: Dossier) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(20)
    page.top_margin = page.bottom_margin = Mm(18)
    for name, size in (("Normal", 10.5), ("Title", 22), ("Heading 1", 14), ("List Bullet", 10.5)):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), FONT_EAST_ASIA)
    _set_language(document.styles["Normal"].element.get_or_add_rPr(), dossier.language)
    properties = document.core_properties
    properties.title, properties.subject, properties.author = dossier.title, dossier.subtitle, "sister-city-monitor"
    properties.language = _LOCALES.get(dossier.language, dossier.language)
    footer = page.footer.paragraphs[0]
    footer.text = f"{dossier.title} · {dossier.subtitle}"
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for run in footer.runs:
        run.font.color.rgb, run.font.size = QUIET, Pt(9)


def _write_section(document: Part, section: DossierSection) -> None:
    document.add_heading(section.title, level=1)
    if not section.sentences:
        _put(document, _paragraph(_run(section.empty, _QUIET)))
    for sentence in section.sentences:
        _put(document, _sentence(sentence))


def _sentence(sentence: DossierSentence) -> Part:
    runs = []
    if sentence.lead:
        runs.append(_run(f"{sentence.lead}: ", _Look(bold=True)))
    if sentence.quoted:
        runs.append(_run(f"{sentence.quoted} ", _Look(language=sentence.quoted_language)))
    runs.append(_run(sentence.text))
    if sentence.sources:
        runs.append(_run(" [" + ", ".join(map(str, sentence.sources)) + "]", _QUIET))
    style = _element("w:pStyle", {"w:val": "ListBullet"})
    return _paragraph(*runs, properties=(style, _element("w:spacing", {"w:after": _TWIPS["bullet_after"]})))


def _write_source(document: Part, source: DossierSource, language: str) -> None:
    number = _run(f"{source.number}.")
    number.append(_element("w:tab"))
    runs = [number, _run(source.title, _Look(language=source.language or language))]
    told = ", ".join(one for one in (source.outlet, source.day) if one)
    if told:
        runs.append(_run(f". {told}"))
    if source.url:
        runs += [_run(". "), _link(document, source)]
    hanging = {"w:left": _TWIPS["hanging"], "w:hanging": _TWIPS["hanging"]}
    after = _element("w:spacing", {"w:after": _TWIPS["source_after"]})
    _put(document, _paragraph(*runs, properties=(after, _element("w:ind", hanging))))


def _link(document: Part, source: DossierSource) -> Part:
    """A relationship of the part, and a run inside the element that names it; the number makes the id a free one."""
    relation = f"rIdSource{source.number}"
    document.part.rels.add_relationship(RELATIONSHIP_TYPE.HYPERLINK, source.url, relation, is_external=True)
    link = _element("w:hyperlink", {"r:id": relation})
    link.append(_run(source.url, _Look(color=str(LINK), size=SMALL, underlined=True)))
    return link


# ---------------------------------------------------------------- elements


@dataclass(frozen=True, slots=True)
class _Look:
    """What sets a run apart from its paragraph."""

    bold: bool = False
    color: str = ""
    size: str = ""
    underlined: bool = False
    language: str | None = None


_PLAIN, _QUIET = _Look(), _Look(color=str(QUIET), size=SMALL)


def _element(name: str, attributes: dict[str, str] | None = None) -> Part:
    return OxmlElement(name, {qn(key): value for key, value in (attributes or {}).items()})


def _put(document: Part, paragraph: Part) -> None:
    """At the end, before what says how the pages are."""
    document.element.body.sectPr.addprevious(paragraph)


def _paragraph(*parts: Part, properties: tuple[Part, ...] = ()) -> Part:
    paragraph = _element("w:p")
    if properties:
        paragraph.append(_element("w:pPr"))
        paragraph[0].extend(properties)
    paragraph.extend(parts)
    return paragraph


def _run(text: str, look: _Look = _PLAIN) -> Part:
    """In the order that the format prescribes for properties."""
    run = _element("w:r")
    if look != _PLAIN:
        run.append(_properties(look))
    written = _element("w:t", {"xml:space": "preserve"})
    written.text = _NOT_XML.sub("", text)
    run.append(written)
    return run


def _properties(look: _Look) -> Part:
    found = _element("w:rPr")
    if look.bold:
        found.append(_element("w:b"))
    if look.color:
        found.append(_element("w:color", {"w:val": look.color}))
    if look.size:
        found.append(_element("w:sz", {"w:val": look.size}))
    if look.underlined:
        found.append(_element("w:u", {"w:val": "single"}))
    if look.language is not None:
        _set_language(found, look.language)
    return found


def _set_language(properties: Part, language: str) -> None:
    """Of the spelling: a foreign title is not underlined in red."""
    element = properties.find(qn("w:lang"))
    if element is None:
        element = OxmlElement("w:lang")
        properties.append(element)
    locale = _LOCALES.get(language, language)
    element.set(qn("w:val"), locale)
    if locale.startswith(("zh", "ja", "ko")):
        element.set(qn("w:eastAsia"), locale)
