"""Word vectors of a local model2vec folder: how much two short texts mean the same, across languages if the model does.

Off by default and an extra (`embeddings`). The library would ask the network for a model that it does not find, so it
is only ever given a folder that is complete.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import Any

from monitor.errors import ConfigurationError

REMEMBERED = 4_096  # texts; the titles of a few weeks, some megabytes
_FILES = ("config.json", "model.safetensors", "tokenizer.json")

Encode = Callable[[str], Any]  # one text to a vector of numpy


class StaticEmbeddings:
    """Implements the port `Embeddings`; may be used from any thread."""

    def __init__(self, name: str, encode: Encode, tokens: int, dimensions: int) -> None:
        self.name = name
        self.tokens = tokens
        self.dimensions = dimensions
        self._vector = lru_cache(REMEMBERED)(lambda text: _normal(encode(text)))

    def similarity(self, one: str, other: str) -> float:
        """See the port."""
        first, second = self._vector(one), self._vector(other)
        if first is None or second is None:
            return 0.0
        return min(1.0, max(0.0, float(first @ second)))


def load_embeddings(folder: Path) -> StaticEmbeddings:
    """The model of a folder; raises `ConfigurationError` that says what is missing or broken."""
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if not folder.is_dir():
        raise ConfigurationError(f"embeddings.folder: {folder} is no folder")
    if missing:
        raise ConfigurationError(f"embeddings.folder: {folder} is no model2vec folder: {', '.join(missing)} missing")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # else it warns at each child that we start
    try:
        from model2vec import StaticModel
    except ImportError as error:
        raise ConfigurationError(
            f"embeddings.folder needs the extra: pip install 'sister-city-monitor[embeddings]' ({error})"
        ) from error
    try:
        model = StaticModel.from_pretrained(folder)
        tokens, dimensions = model.embedding.shape
        embeddings = StaticEmbeddings(folder.name, lambda text: _encoded(model, text), tokens, dimensions)
        embeddings.similarity("friendship", "friendship")
    except Exception as error:
        # Whatever the libraries make of broken files, it is the operator who must mend them.
        raise ConfigurationError(
            f"embeddings.folder: the model in {folder} cannot be loaded: {type(error).__name__}: {error}"
        ) from error
    return embeddings


def _encoded(model: Any, text: str) -> Any:
    return model.encode(text, show_progress_bar=False, use_multiprocessing=False)


def _normal(vector: Any) -> Any | None:
    """The vector with length 1; None for a text of which the model knows nothing."""
    length = float((vector @ vector) ** 0.5)
    return vector / length if length > 0 and isfinite(length) else None
