"""A dossier as a Word document on A4: headings that a reader's program lists, links that work, sources numbered."""

from __future__ import annotations

import io
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

Part = Any  # python-docx builds its classes from XML and has no types for half of them


class DocxWriter:
    """Implements the port `DossierWriter`."""

    def write(self, dossier: Dossier) -> bytes:
        """See the port."""
        document = Document()
        _set_page(document, dossier)
        document.add_heading(dossier.title, level=0)
        _quiet(document.add_paragraph(dossier.subtitle))
        for section in dossier.sections:
            _write_section(document, section)
        document.add_heading(dossier.sources_title, level=1)
        for source in dossier.sources:
            _write_source(document, source, dossier.language)
        _quiet(document.add_paragraph(dossier.note))
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
    _quiet(footer)


def _write_section(document: Part, section: DossierSection) -> None:
    document.add_heading(section.title, level=1)
    if not section.sentences:
        _quiet(document.add_paragraph(section.empty))
    for sentence in section.sentences:
        _write_sentence(document.add_paragraph(style="List Bullet"), sentence)


def _write_sentence(paragraph: Part, sentence: DossierSentence) -> None:
    paragraph.paragraph_format.space_after = Pt(3)
    if sentence.lead:
        paragraph.add_run(f"{sentence.lead}: ").bold = True
    if sentence.quoted:
        quoted = paragraph.add_run(f"{sentence.quoted} ")
        if sentence.quoted_language is not None:
            _set_language(quoted.font.element.get_or_add_rPr(), sentence.quoted_language)
    paragraph.add_run(sentence.text)
    if sentence.sources:
        numbers = paragraph.add_run(" [" + ", ".join(map(str, sentence.sources)) + "]")
        numbers.font.color.rgb = QUIET
        numbers.font.size = Pt(9)


def _write_source(document: Part, source: DossierSource, language: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Mm(9), Mm(-9)
    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.add_run(f"{source.number}.\t")
    title = paragraph.add_run(source.title)
    _set_language(title.font.element.get_or_add_rPr(), source.language or language)
    told = ", ".join(one for one in (source.outlet, source.day) if one)
    if told:
        paragraph.add_run(f". {told}")
    if source.url:
        paragraph.add_run(". ")
        _add_link(paragraph, source.url)


def _add_link(paragraph: Part, url: str) -> None:
    """python-docx cannot write links itself: a relationship of the part, and a run inside the element that names it."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(url)
    run.font.color.rgb, run.font.underline, run.font.size = LINK, True, Pt(9)
    link.append(run.font.element)
    paragraph.paragraph_format.element.append(link)


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


def _quiet(paragraph: Part) -> None:
    for run in paragraph.runs:
        run.font.color.rgb, run.font.size = QUIET, Pt(9)
