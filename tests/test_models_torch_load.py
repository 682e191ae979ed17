import json

import pytest
import torch
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from safetensors.torch import load_file, save_file
from tiny_model import make_tiny_adapter, make_tiny_model

from storyroom.errors import InputError, ModelAbsent, ModelRefused
from storyroom.models import open_model, torch_load, torch_place
from storyroom.models.torch_memory import Needs, _left_in_control_group, check_fits, needs
from storyroom.models.torch_place import choose_place
from storyroom.models.torch_prompt import prompt_ids

CPU = torch.device("cpu")
TASK = (SystemMessage("You write."), HumanMessage("Go on, 林夏."))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the tiny model."""
    return make_tiny_model(tmp_path_factory.mktemp("tiny"))


def test_one_loaded_model_serves_all(folder):
    """Opening the same folder again loads nothing; another dtype is another model."""
    one = open_model(f"transformers:{folder}?dtype=float32", device="cpu")
    half = open_model(f"transformers:{folder}", device="cpu", dtype="bfloat16")
    assert open_model(f"transformers:{folder}", device="cpu", dtype="float32")._engine is one._engine
    assert half._engine is not one._engine
    assert (one.device, one.dtype, half.dtype) == ("cpu", "float32", "bfloat16")
    assert one.why == "as asked for"


@pytest.mark.parametrize(("multiplies", "dtype"), [(True, "bfloat16"), (False, "float32")])
def test_a_cpu_gets_the_numbers_that_it_multiplies(multiplies, dtype, monkeypatch):
    """The dtype follows the CPU's instructions, and the choice says so."""
    monkeypatch.setattr(torch_place, "cpu_multiplies_bf16", lambda: multiplies)
    place = choose_place("cpu", None)
    assert str(place.dtype) == f"torch.{dtype}"
    assert "bfloat16" in place.why


def test_instructions_are_read_from_what_torch_tells(monkeypatch):
    """Any one of the instruction sets will do."""
    monkeypatch.setattr(
        torch.cpu, "get_capabilities", lambda: {"avx2": True, "amx_bf16": True}, raising=False
    )
    assert torch_place.cpu_multiplies_bf16()
    monkeypatch.setattr(
        torch.cpu, "get_capabilities", lambda: {"avx2": True, "amx_bf16": False}, raising=False
    )
    assert not torch_place.cpu_multiplies_bf16()


def test_the_context_is_that_of_the_model_unless_less_is_asked(folder):
    """What the model was trained on bounds what is asked, in the spec or beside it."""
    assert open_model(f"transformers:{folder}", device="cpu").capabilities.context_length == 512
    assert open_model(f"transformers:{folder}?context=300").capabilities.context_length == 300
    given = open_model(f"transformers:{folder}?context=300", context=100)
    assert given.capabilities.context_length == 100


@pytest.mark.parametrize(
    "query", ["colour=red", "rows=many", "rows=0", "context=-1", "dtype=int3", "device=abacus"]
)
def test_options_that_are_none_are_input_errors(folder, query):
    """The error names what was said."""
    with pytest.raises(InputError) as caught:
        open_model(f"transformers:{folder}?{query}")
    assert query.partition("=")[2] in str(caught.value)


@pytest.mark.parametrize("options", [{"device": "abacus"}, {"device": "cpu", "dtype": "int3"}])
def test_devices_and_dtypes_that_are_none_are_input_errors(folder, options):
    """The error names what was asked for."""
    with pytest.raises(InputError):
        open_model(f"transformers:{folder}", **options)


def test_a_base_model_gets_a_plain_document(tmp_path):
    """Without a chat template the messages follow each other, and the prefill ends the document."""
    base = open_model(f"transformers:{make_tiny_model(tmp_path, template=None)}", device="cpu")
    text = base._engine.tokenizer.decode(prompt_ids(base._engine.tokenizer, [*TASK, AIMessage("INT.")]))
    assert text.endswith("You write.\n\nGo on, 林夏.\n\nINT.")


def test_a_template_without_a_system_role_gets_it_in_the_first_message(tmp_path):
    """Some templates raise on a system message; what it says is not lost."""
    template = (
        "{% for m in messages %}{% if m['role'] == 'system' %}{{ raise_exception('no') }}{% endif %}"
        "[{{ m['role'] }}]{{ m['content'] }}{% endfor %}"
    )
    base = open_model(f"transformers:{make_tiny_model(tmp_path, template=template)}", device="cpu")
    text = base._engine.tokenizer.decode(prompt_ids(base._engine.tokenizer, TASK))
    assert text == "[user]You write.\n\nGo on, 林夏."


def test_pickled_weights_are_refused(tmp_path):
    """A folder with only a pickle is not read, since reading it could run code; nor is a pickle by itself."""
    make_tiny_model(tmp_path)
    (tmp_path / "model.safetensors").unlink()
    torch.save({}, tmp_path / "pytorch_model.bin")
    for place in (tmp_path, tmp_path / "pytorch_model.bin"):
        with pytest.raises(ModelRefused, match="pickle"):
            open_model(f"transformers:{place}", device="cpu")


def test_damaged_weights_are_refused(tmp_path):
    """A download that was cut short is named."""
    make_tiny_model(tmp_path)
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:200])
    with pytest.raises(ModelRefused):
        open_model(f"transformers:{tmp_path}", device="cpu")


def test_an_unknown_architecture_is_refused(tmp_path):
    """Code that a folder brings along is not run; the architecture is named instead."""
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "martian"}))
    with pytest.raises((ModelRefused, ModelAbsent)) as caught:
        open_model(f"transformers:{tmp_path}", device="cpu")
    assert str(tmp_path) in caught.value.message


@pytest.mark.parametrize("config", [{"model_type": "mamba"}, {"model_type": "t5"}])
def test_models_without_keys_and_values_are_refused(tmp_path, config):
    """A state cannot be cut at a common beginning, and an encoder has none: the error says where they run."""
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelRefused) as caught:
        open_model(f"transformers:{tmp_path}", device="cpu")
    assert str(tmp_path) in caught.value.message


@pytest.mark.parametrize("name", ["/nowhere/model", "no such model", "./nowhere"])
def test_a_path_that_is_not_there_is_absent(name):
    """What can be no hub id is not looked for in the network."""
    with pytest.raises(ModelAbsent):
        open_model(f"transformers:{name}")


def test_a_hub_id_without_a_network_is_absent(monkeypatch):
    """Offline, the hint says that the first time needs a network."""
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelAbsent) as caught:
        open_model("transformers:storyroom-tests/not-cached")
    assert "network" in caught.value.hint


def test_a_model_too_big_is_refused_before_its_weights_are_read(tmp_path, monkeypatch):
    """The sum is told, and no weight is touched: there are none here."""
    make_tiny_model(tmp_path)
    (tmp_path / "model.safetensors").unlink()
    monkeypatch.setattr(torch_load, "available", lambda device: 2**20)
    too_big = r"too big for cpu: 0 million parameters .* 0\.00 GiB are free"
    with pytest.raises(ModelRefused, match=too_big) as caught:
        open_model(f"transformers:{tmp_path}", device="cpu")
    assert "STORYROOM_CONTEXT" in caught.value.hint


def test_the_sum_of_a_model_is_told_in_its_parts():
    """Weights, keys and values, and the rest add up to what is compared with what is free."""
    seven = Needs(parameters=7_000_000_000, number_bytes=2, token_bytes=131_072)
    with pytest.raises(ModelRefused) as caught:
        check_fits("transformers:big", seven, 8 * 2**30, device=CPU, tokens=16_384)
    said = caught.value.message
    assert "7,000 million parameters of 2 bytes are 13.04 GiB" in said
    assert "16,384 tokens 2.00 GiB" in said
    assert "together 15.29 GiB, and 8.00 GiB are free" in said
    check_fits("transformers:big", seven, seven.total(16_384), device=CPU, tokens=16_384)


def test_what_a_model_needs_is_worked_out_from_its_configuration(folder):
    """Parameters as loaded, tied ones once, and two numbers a head, layer and token."""
    model = open_model(f"transformers:{folder}", device="cpu", dtype="float32")._engine.model
    needed = needs(model.config, torch.float32)
    assert needed.parameters == sum(p.numel() for p in model.parameters())
    assert needed.token_bytes == 2 * 2 * 32 * 4


def test_a_container_bounds_what_is_free(tmp_path):
    """The bound of a control group counts, and pages of files that can be given back do not."""
    (tmp_path / "memory.max").write_text("1000\n")
    (tmp_path / "memory.current").write_text("700\n")
    (tmp_path / "memory.stat").write_text("anon 400\ninactive_file 250\n")
    assert _left_in_control_group(tmp_path) == 550
    (tmp_path / "memory.max").write_text("max\n")
    assert _left_in_control_group(tmp_path) is None
    assert _left_in_control_group(tmp_path / "none") is None


def test_an_adapter_changes_what_the_model_writes(folder, tmp_path):
    """It is merged into a copy of its own: the plain base stays as it was, and the digests differ."""
    adapter = make_tiny_adapter(folder, tmp_path)
    plain = open_model(f"transformers:{folder}?dtype=float32")
    tuned = open_model(f"transformers:{folder}?dtype=float32&lora={adapter}")
    options = {"max_tokens": 30, "temperature": 0}
    before = plain.invoke("Now?", **options).text
    assert tuned.invoke("Now?", **options).text != before
    assert plain.invoke("Now?", **options).text == before
    assert tuned.digest.startswith(plain.digest + "+")
    assert open_model(f"transformers:{folder}?dtype=float32", lora=str(adapter))._engine is tuned._engine


def test_an_adapter_of_another_base_is_refused(folder, tmp_path):
    """Factors of another width are named with the module, its shape and the base that it is for."""
    wider = make_tiny_model(tmp_path / "wider", hidden=64)
    adapter = make_tiny_adapter(wider, tmp_path / "adapter")
    with pytest.raises(ModelRefused, match=r"another model: it changes model\.layers\.0") as caught:
        open_model(f"transformers:{folder}?lora={adapter}")
    assert str(wider) in caught.value.hint


def test_an_adapter_for_modules_that_are_not_there_is_refused(folder, tmp_path):
    """So are factors of a module that the base does not have."""
    adapter = make_tiny_adapter(folder, tmp_path)
    weights = adapter / "adapter_model.safetensors"
    save_file({k.replace("layers.1", "layers.9"): v for k, v in load_file(weights).items()}, weights)
    with pytest.raises(ModelRefused, match=r"layers\.9.*which this model has not"):
        open_model(f"transformers:{folder}?lora={adapter}")


def test_folders_that_are_no_adapters_are_told_from_each_other(folder, tmp_path):
    """No adapter, pickled weights, damaged ones, another kind of adapter: each has an error of its own."""
    with pytest.raises(ModelAbsent, match="no LoRA adapter"):
        open_model(f"transformers:{folder}?lora={tmp_path}")
    adapter = make_tiny_adapter(folder, tmp_path / "one")
    weights = adapter / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:50])
    with pytest.raises(ModelRefused, match="cannot be read"):
        open_model(f"transformers:{folder}?lora={adapter}")
    weights.rename(adapter / "adapter_model.bin")
    with pytest.raises(ModelRefused, match="pickle"):
        open_model(f"transformers:{folder}?lora={adapter}")
    (adapter / "adapter_config.json").write_text(json.dumps({"peft_type": "IA3"}))
    with pytest.raises(ModelRefused, match="IA3"):
        open_model(f"transformers:{folder}?lora={adapter}")
