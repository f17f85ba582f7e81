from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain import dedupe
from monitor.domain.model.articles import CopyKind, KnownArticle, Label
from monitor.domain.text import fold

WORDS = st.lists(st.sampled_from([f"wort{number}" for number in range(400)]), min_size=40, max_size=160).map(" ".join)
LATIN = st.text(alphabet="abcdeéß ñ.,0 \n", max_size=300)
HAN = st.text(alphabet="昆明市代表团访问南锡里昂友好城市合作交流。，", max_size=200)
ANY = WORDS | LATIN | HAN | st.text(max_size=200)

HARBOUR = (
    "The harbour of Esbjerg and the shipyards of Changwon have agreed to train young welders together. Over the next "
    "four summers forty apprentices will spend six weeks at the other yard, living with families and learning the "
    "craft of building towers for wind turbines. The mayor of Esbjerg, who sailed to Korea with a dozen managers, said "
    "that the plan began with a letter from a school teacher. Changwon's deputy mayor promised language lessons for "
    "every guest. Both councils will pay for travel, while the yards pay a modest wage. A first group leaves Jutland "
    "in June, carrying a model of the town's lighthouse as a gift, and the Korean apprentices follow in September. "
    "Union leaders on both sides welcomed the scheme but asked for clear rules on working hours and on insurance."
)
LIBRARY = (
    "Librarians from Tampere have opened a reading room in Essen's northern district, stocked with picture books in "
    "nine languages and staffed by volunteers on three afternoons a week. The room grew out of sixty years of visits "
    "between the two industrial towns, and its shelves were made from timber that a Finnish sawmill gave away. On the "
    "opening day a puppet theatre told the tale of a bear who could not sleep, first in German and then in Finnish. "
    "Children may borrow as many books as they can carry. The city of Essen will send a travelling exhibition about "
    "miners' homes in return, and a poetry evening is being prepared for the long nights of November."
)
GARDEN = (
    "海港市与石桥市昨日在友谊花园举行植树活动，两市市长和一百多名中小学生共同栽下六十棵樱花树。据介绍，两市自一九九二年起"
    "每年互派学生，先后有两千多名少年在对方家庭住过。石桥市市长表示，明年将在海港市举办联合画展，并邀请手工艺人传授剪纸和"
    "陶瓷技艺。活动当天还开通了两市图书馆之间的借阅服务，读者可以在网上预约对方馆藏的图书，三周之内便能收到。"
)


GOLDEN_DIGEST = (
    646740619,
    1581428941,
    314407359,
)  # the first values for HARBOUR: another release of rensa would give others


def copied(one: str, other: str) -> CopyKind | None:
    return dedupe.compare(dedupe.fingerprint(one), dedupe.fingerprint(other))[0]


def share_a_band(one: str, other: str) -> bool:
    return bool(set(dedupe.fingerprint(one).bands) & set(dedupe.fingerprint(other).bands))


def every_tenth_changed(words: list[str], offset: int) -> list[str]:
    return [f"{word[:1]}x{index}" if index % 10 == offset else word for index, word in enumerate(words)]


# ---------------------------------------------------------------- properties


@given(ANY)
def test_every_text_is_the_same_as_itself(text: str) -> None:
    print_ = dedupe.fingerprint(text)
    assert dedupe.compare(print_, dedupe.fingerprint(text)) == (CopyKind.SAME_TEXT, 1.0, 1.0)
    if print_.digest:
        assert dedupe.resemblance(print_, print_) == 1.0


@given(WORDS | HAN, WORDS | HAN)
def test_comparing_does_not_depend_on_the_order(one: str, other: str) -> None:
    ours, theirs = dedupe.fingerprint(one), dedupe.fingerprint(other)
    assert dedupe.compare(ours, theirs) == dedupe.compare(theirs, ours)


@given(ANY)
def test_a_fingerprint_has_all_its_values_and_bands_or_none(text: str) -> None:
    print_ = dedupe.fingerprint(text)
    sizes = (len(print_.digest), len(print_.bands))
    assert sizes == ((dedupe.PERMUTATIONS, dedupe.BANDS) if print_.shingles >= dedupe.MIN_SHINGLES else (0, 0))
    assert all(0 <= value < 2**32 for value in print_.digest)
    assert all(-(2**63) <= band < 2**63 for band in print_.bands)


@given(WORDS)
def test_bands_can_be_made_anew_from_the_digest(text: str) -> None:
    print_ = dedupe.fingerprint(text)
    assert not print_.digest or dedupe.bands(print_.digest) == print_.bands


@given(ANY, ANY)
def test_resemblance_and_containment_are_shares(one: str, other: str) -> None:
    ours, theirs = dedupe.fingerprint(one), dedupe.fingerprint(other)
    similarity = dedupe.resemblance(ours, theirs)
    assert 0.0 <= similarity <= 1.0
    assert 0.0 <= dedupe.containment(ours, theirs, similarity) <= 1.0


@given(ANY)
def test_case_accents_and_blanks_make_no_difference(text: str) -> None:
    spelled_otherwise = fold(text).upper() if text.isascii() else fold(text)
    assert dedupe.fingerprint(f"  {spelled_otherwise}\n\n").text_sha == dedupe.fingerprint(text).text_sha


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])  # long lists, on a busy machine
@given(st.lists(st.integers(0, 10**6), min_size=120, max_size=300, unique=True))
def test_the_estimate_stays_near_the_true_resemblance(numbers: list[int]) -> None:
    words = [f"w{number}" for number in numbers]
    one, other = " ".join(words), " ".join(words[len(words) // 3 :])
    ours, theirs = dedupe.shingles(one), dedupe.shingles(other)
    truth = len(ours & theirs) / len(ours | theirs)
    estimate = dedupe.resemblance(dedupe.fingerprint(one), dedupe.fingerprint(other))
    assert abs(estimate - truth) < 0.17  # five standard errors of 192 permutations at 0.5


# ---------------------------------------------------------------- near copies


@pytest.mark.parametrize("text", [HARBOUR, LIBRARY])
@pytest.mark.parametrize("offset", range(10))
def test_a_text_with_every_tenth_word_changed_is_recognised(text: str, offset: int) -> None:
    changed = " ".join(every_tenth_changed(text.split(), offset))
    assert copied(text, changed) is CopyKind.NEAR_COPY
    assert share_a_band(text, changed)


@pytest.mark.parametrize("text", [HARBOUR, LIBRARY, GARDEN])
def test_each_half_of_a_text_is_recognised(text: str) -> None:
    middle = len(text) // 2
    for half in (text[:middle], text[middle:]):
        assert copied(text, half) is not None
        assert share_a_band(text, half)


def test_a_text_inside_a_longer_page_is_contained() -> None:
    page = f"{LIBRARY} {HARBOUR} {LIBRARY[::-1]} {LIBRARY.swapcase()[::-2]}"
    kind, similarity, share = dedupe.compare(dedupe.fingerprint(page), dedupe.fingerprint(HARBOUR))
    assert kind is CopyKind.CONTAINED
    assert similarity < dedupe.NEAR_COPY_RESEMBLANCE
    assert share >= dedupe.CONTAINED_SHARE


def test_a_chinese_text_with_changed_characters_is_recognised() -> None:
    changed = GARDEN.replace("植树", "种树").replace("一百多名", "近百名").replace("樱花树", "银杏树")
    assert copied(GARDEN, changed) is CopyKind.NEAR_COPY
    assert share_a_band(GARDEN, changed)


def test_traditional_and_full_width_forms_of_latin_letters_are_the_same_text() -> None:
    assert copied("ABC kunming ﬁnal", "ＡＢＣ Kunming final") is CopyKind.SAME_TEXT


@pytest.mark.parametrize(("one", "other"), [(HARBOUR, LIBRARY), (HARBOUR, GARDEN), (LIBRARY, GARDEN)])
def test_texts_on_other_things_are_not_recognised(one: str, other: str) -> None:
    kind, similarity, _ = dedupe.compare(dedupe.fingerprint(one), dedupe.fingerprint(other))
    assert kind is None
    assert similarity < 0.05


def test_short_texts_are_compared_for_equality_only() -> None:
    assert copied("Delegation from Kunming in Nancy", "delegation from KUNMING in Nancy") is CopyKind.SAME_TEXT
    assert copied("Delegation from Kunming in Nancy", "Delegation from Kunming in Lyon") is None
    assert dedupe.fingerprint("昆明市代表团").digest == ()


def test_digests_of_another_scheme_are_never_compared() -> None:
    ours = dedupe.fingerprint(HARBOUR)
    older = replace(dedupe.fingerprint(f"{HARBOUR} More."), scheme="other-1")
    assert dedupe.resemblance(ours, older) == 0.0
    assert dedupe.compare(ours, older)[0] is None


def test_the_scheme_names_the_release_whose_digests_it_stands_for() -> None:
    assert dedupe.SCHEME.startswith("rensa-0.5-")
    assert dedupe.fingerprint(HARBOUR).digest[:3] == GOLDEN_DIGEST


# ---------------------------------------------------------------- the nearest


def known(article_id: int, text: str, seed_key: str | None = None) -> KnownArticle:
    return KnownArticle(
        article_id, f"x.example/{article_id}", "", dedupe.fingerprint(text), (), seed_key, Label.EVENT, 1
    )


def test_a_seed_is_nearer_than_anything_else() -> None:
    near = HARBOUR.replace("forty", "fifty")
    found = dedupe.nearest(dedupe.fingerprint(HARBOUR), [known(1, HARBOUR), known(2, near, "007"), known(3, LIBRARY)])
    assert found is not None
    assert (found.article_id, found.seed_key, found.kind) == (2, "007", CopyKind.NEAR_COPY)


def test_among_equals_the_most_alike_then_the_oldest_is_nearest() -> None:
    near = HARBOUR.replace("forty", "fifty")
    found = dedupe.nearest(dedupe.fingerprint(HARBOUR), [known(5, near), known(9, HARBOUR), known(7, HARBOUR)])
    assert found is not None
    assert found.article_id == 7


def test_nothing_near_is_none() -> None:
    assert dedupe.nearest(dedupe.fingerprint(HARBOUR), [known(1, LIBRARY), known(2, GARDEN)]) is None
    assert dedupe.nearest(dedupe.fingerprint(HARBOUR), []) is None
