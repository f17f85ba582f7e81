"""Word vectors of a model made here: a handful of words of two languages, those that mean the same side by side."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from model2vec import StaticModel
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace

from monitor.adapters.embeddings import load_embeddings
from monitor.domain import linking
from monitor.domain.linking import Candidate, Semantics
from monitor.domain.model.events import EventKind
from monitor.errors import ConfigurationError
from tests.cli.conftest import Run, run
from tests.domain.test_linking import DAY, KNOWN, PLACES, VISIT, on

__all__ = ["run"]

MEANINGS = (("mayor", "maire"), ("visits", "visite"), ("garden", "jardin"), ("tramway", "tram"), ("bees", "abeilles"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model in which each meaning has a direction of its own, shared by its words of both languages."""
    words = ["[UNK]", *(word for pair in MEANINGS for word in pair)]
    vectors = np.zeros((len(words), len(MEANINGS)), dtype=np.float32)
    for number in range(len(MEANINGS)):
        vectors[1 + 2 * number : 3 + 2 * number, number] = 1.0
    tokenizer = Tokenizer(WordLevel({word: number for number, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    path = tmp_path_factory.mktemp("models") / "tiny"
    StaticModel(vectors, tokenizer, {}).save_pretrained(path)
    return path


def test_what_means_the_same_is_alike_in_another_language(folder: Path) -> None:
    model = load_embeddings(folder)
    assert (model.name, model.tokens, model.dimensions) == ("tiny", 11, 5)
    assert model.similarity("Mayor visits garden", "le maire visite un jardin") == pytest.approx(1.0)
    assert model.similarity("mayor visits", "visite tram") == pytest.approx(0.5)
    assert model.similarity("mayor", "abeilles") == 0.0


@pytest.mark.parametrize("text", ["", "wholly unknown words", "市长访问"])
def test_a_text_of_which_the_model_knows_no_word_is_like_none(folder: Path, text: str) -> None:
    model = load_embeddings(folder)
    assert model.similarity(text, "mayor") == model.similarity(text, text) == 0.0


# ---------------------------------------------------------------- what cannot be loaded


def refusal(folder: Path) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load_embeddings(folder)
    return str(caught.value)


def test_a_missing_folder_is_named_and_never_looked_for_elsewhere(tmp_path: Path) -> None:
    assert refusal(tmp_path / "minish" / "tiny") == f"embeddings.folder: {tmp_path}/minish/tiny is no folder"


def test_a_folder_that_lacks_a_file_is_no_model(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes((folder / "config.json").read_bytes())
    assert refusal(tmp_path).endswith("is no model2vec folder: model.safetensors, tokenizer.json missing")


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
@pytest.mark.parametrize("content", [b"", b"\x00\x01 broken", b"[]"])
def test_a_broken_file_is_told_in_one_line(folder: Path, tmp_path: Path, name: str, content: bytes) -> None:
    for file in ("config.json", "model.safetensors", "tokenizer.json"):
        (tmp_path / file).write_bytes((folder / file).read_bytes())
    (tmp_path / name).write_bytes(content)
    said = refusal(tmp_path)
    assert f"the model in {tmp_path} cannot be loaded" in said
    assert "\n" not in said


def test_without_the_extra_the_way_to_it_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "model2vec", None)
    assert "pip install 'sister-city-monitor[embeddings]'" in refusal(folder)


# ---------------------------------------------------------------- in linking

TITLE = "Mayor visits garden"


def grey() -> tuple[Candidate, Candidate]:
    """A happening of the day after, of another kind, with a headline that means the same and with one that does not."""
    day = date(DAY.year, DAY.month, DAY.day + 1)
    told = replace(VISIT, kinds=(EventKind.ECONOMIC,), when=on(day))
    same = Candidate(told, frozenset(), frozenset(), day, "fr", "Le maire visite un jardin")
    return same, replace(same, title="Les abeilles")


def test_meaning_raises_a_doubtful_match_and_says_so(folder: Path) -> None:
    model = load_embeddings(folder)
    semantics = Semantics(model.name, model.similarity)
    event = replace(KNOWN, title=TITLE)
    same, other = grey()
    before = linking.best_match(same, [event], PLACES.get)
    assert before is not None
    assert linking.PERHAPS_SAME_EVENT <= before.score < linking.SAME_EVENT
    after = linking.best_match(same, [event], PLACES.get, semantics)
    assert after is not None
    assert after.score >= linking.SAME_EVENT
    assert after.why == f"{before.why}, meaning 1.00 +0.100 (tiny)"
    assert linking.best_match(other, [event], PLACES.get, semantics) == before


def test_meaning_never_undoes_what_keeps_two_events_apart(folder: Path) -> None:
    model = load_embeddings(folder)
    semantics = Semantics(model.name, model.similarity)
    same, _ = grey()
    elsewhere = replace(KNOWN, title=TITLE, participants=frozenset({"lyon", "dalian"}))
    ended = replace(KNOWN, title=TITLE, kinds=(EventKind.AGREEMENT_ENDED,))
    assert linking.best_match(same, [elsewhere, ended], PLACES.get, semantics) is None


def test_visits_without_a_day_are_not_joined_by_headlines_that_come_every_year(folder: Path) -> None:
    model = load_embeddings(folder)
    undated = Candidate(replace(VISIT, when=None), frozenset(), frozenset(), None, "fr", "Le maire visite un jardin")
    event = replace(KNOWN, title=TITLE)
    found = linking.best_match(undated, [event], PLACES.get, Semantics(model.name, model.similarity))
    assert found == linking.best_match(undated, [event], PLACES.get)
    assert found is not None
    assert found.score < linking.SAME_EVENT


# ---------------------------------------------------------------- at start


def configured(tmp_path: Path, folder: str) -> str:
    (tmp_path / "sources.toml").write_text("")
    path = tmp_path / "monitor.toml"
    path.write_text(
        f'data_directory = "{tmp_path / "archive"}"\nsources_file = "sources.toml"\n[embeddings]\nfolder = "{folder}"\n'
    )
    return str(path)


def test_a_missing_model_is_told_at_the_start_and_by_the_doctor(run: Run, tmp_path: Path) -> None:
    config = configured(tmp_path, "models/none")
    ran = run("-c", config, "poll")
    assert (ran.code, ran.err) == (2, f"monitor: embeddings.folder: {tmp_path}/models/none is no folder\n")
    ran = run("-c", config, "doctor")
    assert ran.code == 1
    assert f"note: embeddings.folder: {tmp_path}/models/none is no folder" in ran.out


def test_a_model_in_order_is_no_trouble(run: Run, tmp_path: Path, folder: Path) -> None:
    config = configured(tmp_path, str(folder))
    assert run("-c", config, "poll").code == 0
    ran = run("-c", config, "doctor")
    assert ran.code == 0
    assert "embeddings" not in ran.out
