"""PDFs written by hand, with a font of boxes that tells its letters by a map to Unicode, as embedded fonts do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A string at a place, in points from the lower left corner of an A4 page."""

    x: float
    y: float
    text: str
    size: float = 11.0


def rows(
    lines: Sequence[str], x: float = 60.0, top: float = 760.0, step: float = 14.0, size: float = 11.0
) -> list[Text]:
    """Lines below each other; an empty one is a gap."""
    return [Text(x, top - step * number, line, size) for number, line in enumerate(lines) if line]


def columns(lines: Sequence[str], right: float = 540.0, top: float = 780.0, size: float = 12.0) -> list[Text]:
    """Vertical writing, letter by letter, lines from right to left."""
    return [
        Text(right - 20.0 * column, top - (size + 1) * place, char, size)
        for column, line in enumerate(lines)
        for place, char in enumerate(line)
    ]


def pdf(*pages: Sequence[Text], title: str = "", created: str = "", to_unicode: bool = True) -> bytes:
    """A document; `to_unicode=False` leaves it untold which letters its shapes are."""
    used = sorted({char for page in pages for text in page for char in text.text})
    codes = {char: number for number, char in enumerate(used, 1)}
    kids = [7 + 2 * number for number in range(len(pages))]
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>".encode(),
        _font(codes, to_unicode),
        _stream(_unicode_map(codes)),
        _stream("500 0 0 -100 450 700 d1 0 -100 450 800 re f"),
        _stream("1000 0 0 -100 950 850 d1 0 -100 950 950 re f"),
    ]
    for page in pages:
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects) + 2} 0 R "
            "/Resources << /Font << /F 3 0 R >> >> >>".encode()
        )
        objects.append(_stream("\n".join(_shown(text, codes) for text in page)))
    objects.append(f"<< /Title <{'feff' + title.encode('utf-16-be').hex()}> /CreationDate ({created}) >>".encode())
    return _file(objects)


def _font(codes: dict[str, int], to_unicode: bool) -> bytes:
    """Every letter is a box, narrow or wide: at most 255 different ones."""
    names = " ".join(f"/shape{code}" for code in codes.values())
    shapes = " ".join(f"/shape{code} {5 if _is_narrow(char) else 6} 0 R" for char, code in codes.items())
    widths = " ".join("500" if _is_narrow(char) else "1000" for char in codes)
    return (
        "<< /Type /Font /Subtype /Type3 /FontBBox [0 -100 1000 850] /FontMatrix [0.001 0 0 0.001 0 0] "
        f"/CharProcs << {shapes} >> /Encoding << /Type /Encoding /Differences [1 {names}] >> "
        f"/FirstChar 1 /LastChar {len(codes)} /Widths [{widths}] {'/ToUnicode 4 0 R' if to_unicode else ''} >>"
    ).encode()


def _is_narrow(char: str) -> bool:
    return char < "\u2e80"


def _unicode_map(codes: dict[str, int]) -> str:
    entries = "\n".join(f"<{code:02x}> <{char.encode('utf-16-be').hex()}>" for char, code in codes.items())
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange\n{len(codes)} beginbfchar\n{entries}\nendbfchar\n"
        "endcmap end end"
    )


def _shown(text: Text, codes: dict[str, int]) -> str:
    letters = "".join(f"{codes[char]:02x}" for char in text.text)
    return f"BT /F {text.size} Tf 1 0 0 1 {text.x:.2f} {text.y:.2f} Tm <{letters}> Tj ET"


def _stream(content: str) -> bytes:
    return f"<< /Length {len(content)} >>\nstream\n{content}\nendstream".encode()


def _file(objects: Sequence[bytes]) -> bytes:
    data, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    start, count = len(data), len(objects) + 1
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    trailer = f"trailer\n<< /Size {count} /Root 1 0 R /Info {len(objects)} 0 R >>\nstartxref\n{start}\n%%EOF"
    return bytes(data) + f"xref\n0 {count}\n0000000000 65535 f \n{table}{trailer}".encode()
