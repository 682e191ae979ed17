"""Language models behind one seam.

    open_model("embedded")            a small English model that `storyroom models pull` fetches once
    open_model("llama.cpp:PATH.gguf") a GGUF file, in this process
    open_model("transformers:ID")     a folder, a GGUF file or a hub id, on torch
    open_model("openai:MODEL@URL")    any OpenAI-compatible server
    open_model("scripted:FILE.yaml")  answers from a file, for tests and docs; never a real model

Each is a LangChain chat model. `storyroom.models.ask.complete` is how the room calls one.
"""

from storyroom.models.open import open_model
from storyroom.models.spec import ModelSpec

__all__ = ["ModelSpec", "open_model"]
