"""Articles of which a page gives only the beginning: what it says of itself, and the wall that stands in the text."""

from __future__ import annotations

import re
from typing import Any

from monitor.domain.text import fold, is_cjk

# Of 26 evaluation pages that declare themselves not free 22 hold the whole article all the same (1,700 letters at
# least); the four others have under 700 letters, or stop in the midst of a sentence.
SHORT_CHARS = 1_200
SHORT_CJK_CHARS = 450
TOLD_SHARE = 0.5  # of the words that the page says the article has
MAX_WALL_CHARS = 250  # whoever writes about subscriptions does so at greater length
_CUT = re.compile(r"(?:\.{3}|…|\[…\]|\[\.{3}\])[\"”»']?\s*$")
# What walls say in the languages of our sources; folded, but for kana, whose marks folding takes.
_SAYINGS = (
    r"(?:subscribe|sign in|log in|register|sign up)\b.{0,60}\b(?:continue|keep|finish|read|unlock|access|full)\b",
    r"(?:continue|keep) reading (?:this article |for free )?(?:with|by|for|when)\b|already a (?:subscriber|member)\?",
    r"(?:for|to) (?:our )?(?:paying )?(?:subscribers|members) only|subscriber[- ]only|is for (?:our )?subscribers",
    r"exclusive (?:to|for) (?:our )?subscribers|you have (?:reached|read) your .{0,30}(?:limit|free article)",
    r"reserve(?:e|s|es)? (?:a (?:nos|ses) |aux? )abonne|deja abonne|(?:pour|abonnez-vous pour) lire la suite",
    r"il vous reste .{1,12} (?:de cet article )?a (?:lire|decouvrir)",
    r"(?:nur|exklusiv) fur (?:unsere )?(?:abonnent|mitglieder)|(?:jetzt|hier) weiterlesen|weiterlesen mit",
    r"sie haben bereits ein (?:abo|digital)|um (?:diesen artikel|weiter)\w* (?:zu lesen|lesen zu konnen)",
    r"anmelden und weiterlesen",
    r"(?:solo|exclusivo|contenido) para (?:nuestros )?(?:suscriptores|socios)",
    r"(?:suscribete|inicia sesion|registrate).{0,30}(?:para|y) (?:seguir |continuar )?ley?e",
    r"(?:so|exclusivo|conteudo) para assinantes|ja e assinante|assine .{0,40}(?:ler|lendo)",
    r"(?:riservato|solo) (?:agli|per gli|per) abbonati|(?:abbonati|accedi) per (?:continuare|leggere)",
    r"(?:доступн|только|открыт|материал).{0,30}подписчик|(?:оформите|подпишитесь).{0,40}(?:читать|доступ|продолж)",
    r"(?:会員|購読者|プレミアム会員)(?:の方)?(?:限定|専用|のみ)|残り.{0,12}文字|続きを読むには|ログインして続き",
    r"(?:登录|登錄|登入|注册|註冊|订阅|訂閱|付费|付費).{0,4}(?:后|後|才能|即可).{0,4}(?:阅读|閱讀|查看|全文)",
    r"(?:会员|會員|vip)(?:专享|專享|限定|可读|可讀)|(?:剩余|剩餘|余下|餘下).{0,8}(?:内容|內容)",
    r"유료 ?(?:회원|구독)|구독자 ?(?:전용|만)|로그인 ?(?:후|하시면).{0,10}(?:볼|보실|읽)",
    r"(?:dang nhap|dang ky|mua goi).{0,30}(?:de )?(?:doc|xem) (?:tiep|toan|day|bai)",
    r"(?:danh|chi) (?:rieng )?cho (?:thanh vien|doc gia) (?:tra phi|vip)",
    r"dostepn\w+ (?:tylko )?dla (?:prenumerator|subskrybent)|(?:alleen|exclusief) voor (?:abonnees|leden)",
    r"abonelere ozel|pro predplatitele|forbehalden (?:abonnent|prenumerant)|for abonnenter|las vidare med",
)
_WALL = re.compile("|".join(_SAYINGS))


def is_partial(text: str, declared_free: bool | None, declared_words: int | None, wall: bool) -> bool:
    """Whether a text is only the start of its article.

    `declared_free` and `declared_words` are the page's own claims, None without; `wall`: whether one was found below.
    """
    words = len(text.split())
    if declared_words is not None and not is_cjk(text) and words < TOLD_SHARE * declared_words:
        return declared_free is False or wall
    is_short = len(text) < (SHORT_CJK_CHARS if is_cjk(text) else SHORT_CHARS)
    return (declared_free is False or wall) and (is_short or _CUT.search(text) is not None)


def says_wall(line: str) -> bool:
    """Whether a line asks to subscribe or to sign in for the rest."""
    if len(line) > MAX_WALL_CHARS:
        return False
    return _WALL.search(fold(line)) is not None or _WALL.search(line.casefold()) is not None


def declared_free(article: dict[str, Any], meta: dict[str, str]) -> bool | None:
    """Whether a page calls its article free to read; None where it says nothing."""
    claim = article.get("isAccessibleForFree")
    if isinstance(claim, bool):
        return claim
    if isinstance(claim, str) and claim.strip().lower() in {"true", "false"}:
        return claim.strip().lower() == "true"
    return False if meta.get("article:content_tier", "").lower() == "locked" else None


def declared_words(article: dict[str, Any]) -> int | None:
    """How many words a page says its article has."""
    claim = article.get("wordCount")
    if isinstance(claim, str) and claim.isdecimal() and len(claim) < 7:
        claim = int(claim)
    return claim if isinstance(claim, int) and not isinstance(claim, bool) and claim > 0 else None
