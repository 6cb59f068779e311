# SPDX-License-Identifier: Apache-2.0
#
# train.py - train the small tokenizers beside this file, on invented text:
#
#     pip install tokenizers==0.23.3 sentencepiece
#     python3 tests/vectors/tokenizer/train.py
#
# Between them they use every part that the loader supports. Run once; the
# files are committed, so that the vectors do not move.
import base64
import json
import pathlib
import random
import tempfile

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as spm
from tokenizers import (AddedToken, Regex, Tokenizer, models, normalizers as N,
                        pre_tokenizers as P, processors, trainers)

HERE = pathlib.Path(__file__).parent
random.seed(7)

NAMES = """Odile Marchetaux Théodore Quenneval Bérénice Łagowska Iñaki Zubeldia
Fiona Drummondale Søren Halvorsby Chloé d'Aubreville Jean-Loup O'Harrigan
Marguerite Vandenbrouck Élodie Karamazian Wolfgang Übelhör""".split()
WORDS = """patient admitted with fever and cough since Monday; patiente admise
pour une fièvre et une toux depuis lundi. Blood pressure was 132/84 mmHg, heart
rate 77, temperature 38.4°C. Tension artérielle à 13/8, fréquence cardiaque 77,
température 38,4 °C. She takes 20 mg of torvalane twice a day; elle prend 20 mg
de torvalane deux fois par jour. L'hôpital n'a pas d'antécédents connus; don't
they've we'll he'd it's I'm. The echocardiogram shows a moderately reduced
ejection fraction. L'échocardiographie montre une fraction d'éjection modérément
réduite. Follow-up on 03/04/2021 at 14:30, rendez-vous le 12 février 2022 à
9h15, tel. 555-0142, e-mail nobody@example.org, dossier n° 00-4711-X. Schön
größer Straße niño señora corazón œuvre cœur naïve façade""".split()


def sentence():
    words = random.choices(WORDS, k=random.randint(4, 16))
    for _ in range(random.randint(0, 3)):
        words.insert(random.randrange(len(words)), random.choice(NAMES))
    return " ".join(words)


TEXT = [sentence() for _ in range(4000)]


def save(name, tokenizer, edit=None):
    data = json.loads(tokenizer.to_str())
    if edit:
        edit(data)
    path = HERE / (name + ".json")
    path.write_text(json.dumps(data, ensure_ascii=False, indent=0) + "\n")
    Tokenizer.from_file(str(path))
    print(name, path.stat().st_size)


def charsmap(rule=None):
    """A charsmap as SentencePiece compiles it, of a few rules or a named set."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = pathlib.Path(folder, "text")
        corpus.write_text("\n".join(TEXT))
        extra = {"normalization_rule_name": rule} if rule else {}
        if not rule:
            rules = pathlib.Path(folder, "rules.tsv")
            rows = [("FB01", "66 69"), ("FB02", "66 6C"), ("A0", "20"),
                    ("2019", "27"), ("2026", "2E 2E 2E"), ("65 301", "E9"),
                    ("301", ""), ("AD", ""), ("200B", ""), ("9", "20"),
                    ("D A", "20"), ("A", "20"), ("FF21", "41"),
                    ("FF41", "61"), ("BD", "31 2044 32"), ("2126", "3A9"),
                    ("1F468 200D 2695", "2B"), ("AC00", "1100 1161")]
            rules.write_text("".join("%s\t%s\n" % r for r in rows))
            extra = {"normalization_rule_tsv": str(rules)}
        sentencepiece.SentencePieceTrainer.train(
            input=str(corpus), model_prefix=folder + "/m", vocab_size=200,
            hard_vocab_limit=False, minloglevel=2, **extra)
        model = spm.ModelProto()
        model.ParseFromString(pathlib.Path(folder, "m.model").read_bytes())
        return model.normalizer_spec.precompiled_charsmap


def bpe(size, **more):
    return trainers.BpeTrainer(vocab_size=size, show_progress=False, **more)


def unigram(size, **more):
    return trainers.UnigramTrainer(vocab_size=size, show_progress=False,
                                   unk_token="<unk>", **more)


BYTES = ["<0x%02X>" % i for i in range(256)]


def wordpiece():
    for name, cased in (("wordpiece-uncased", False), ("wordpiece-cased", True)):
        t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        t.normalizer = N.BertNormalizer(lowercase=not cased)
        t.pre_tokenizer = P.BertPreTokenizer()
        t.train_from_iterator(TEXT, trainers.WordPieceTrainer(
            vocab_size=900, show_progress=False,
            special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]))
        if cased:
            t.post_processor = processors.BertProcessing(("[SEP]", 3),
                                                         ("[CLS]", 2))
            t.add_tokens([AddedToken("torvalane", single_word=True),
                          AddedToken("Mmhg", normalized=True, lstrip=True)])
        else:
            t.post_processor = processors.TemplateProcessing(
                single="[CLS] $A [SEP]",
                special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
        save(name, t)
    t = Tokenizer(models.WordPiece(unk_token="[UNK]",
                                   max_input_chars_per_word=20))
    t.normalizer = N.Sequence([N.NFKD(), N.StripAccents(), N.Lowercase()])
    t.pre_tokenizer = P.Sequence([P.WhitespaceSplit(), P.Punctuation(
        behavior="merged_with_previous"), P.Digits(individual_digits=True)])
    t.train_from_iterator(TEXT, trainers.WordPieceTrainer(
        vocab_size=700, show_progress=False, special_tokens=["[UNK]"]))
    save("wordpiece-nfkd", t)


def sentencepieces():
    small = base64.b64encode(charsmap()).decode()

    def precompiled(data):
        steps = data["normalizer"]["normalizers"]
        steps[0] = {"type": "Precompiled", "precompiled_charsmap": small}

    t = Tokenizer(models.Unigram())
    t.normalizer = N.Sequence([N.NFKC(), N.Replace(Regex(" {2,}"), " ")])
    t.pre_tokenizer = P.Metaspace()
    t.train_from_iterator(TEXT, unigram(
        900, special_tokens=["<s>", "<pad>", "</s>", "<unk>"]))
    t.add_special_tokens([AddedToken("<mask>", lstrip=True, special=True)])
    t.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    save("unigram-charsmap", t, precompiled)

    t = Tokenizer(models.Unigram())
    t.normalizer = N.Sequence([N.Strip(), N.NFD(), N.Replace("''", '"'),
                               N.NFC()])
    t.pre_tokenizer = P.Sequence([P.WhitespaceSplit(), P.Metaspace(
        prepend_scheme="first")])
    t.train_from_iterator(TEXT, unigram(
        1100, special_tokens=["[CLS]", "[SEP]", "<unk>"] + BYTES))

    def fallback(data):
        data["model"]["byte_fallback"] = True

    save("unigram-bytes", t, fallback)

    t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True,
                             byte_fallback=True))
    t.normalizer = N.Sequence([N.Prepend("▁"), N.Replace(" ", "▁")])
    t.train_from_iterator(TEXT[:400], bpe(
        1200, special_tokens=["<unk>", "<s>", "</s>"] + BYTES))
    save("bpe-bytes", t)


def byte_levels():
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = P.ByteLevel(add_prefix_space=True)
    t.train_from_iterator(TEXT, bpe(
        900, initial_alphabet=P.ByteLevel.alphabet(),
        special_tokens=["<s>", "<pad>", "</s>", "<unk>"]))
    t.add_special_tokens([AddedToken("<mask>", lstrip=True, special=True)])
    t.post_processor = processors.RobertaProcessing(
        ("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=True)
    save("bpe-roberta", t)

    t = Tokenizer(models.BPE())
    t.normalizer = N.NFC()
    t.pre_tokenizer = P.ByteLevel(add_prefix_space=False)
    t.train_from_iterator(TEXT, bpe(
        800, initial_alphabet=P.ByteLevel.alphabet(),
        special_tokens=["<|endoftext|>"]))
    t.add_tokens(["  ", "    ", AddedToken("|||", rstrip=True)])
    t.post_processor = processors.ByteLevel(trim_offsets=True,
                                            add_prefix_space=False)
    save("bpe-modern", t)

    t = Tokenizer(models.BPE(ignore_merges=True))
    t.pre_tokenizer = P.Sequence([P.Split(Regex(
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"
        r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"),
        behavior="isolated"), P.ByteLevel(add_prefix_space=False,
                                          use_regex=False)])
    t.train_from_iterator(TEXT, bpe(
        800, initial_alphabet=P.ByteLevel.alphabet(), special_tokens=["<|x|>"]))
    save("bpe-split", t)

    t = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    t.normalizer = N.Sequence([N.NFC(), N.Replace(Regex(r"\s+"), " "),
                               N.Lowercase()])
    t.pre_tokenizer = P.Sequence([P.Split(Regex(
        r"'s|'t|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"), behavior="removed",
        invert=True), P.Split("-", behavior="merged_with_next")])
    t.train_from_iterator(TEXT, bpe(700, special_tokens=["<unk>"],
                                    end_of_word_suffix="</w>"))
    save("bpe-suffix", t)


def wordlevel():
    t = Tokenizer(models.WordLevel(unk_token="[UNK]"))
    t.normalizer = N.Sequence([N.Strip(right=False), N.NFKC()])
    t.pre_tokenizer = P.Sequence([P.Whitespace(), P.Digits(),
                                  P.Split("'", behavior="contiguous")])
    t.train_from_iterator(TEXT, trainers.WordLevelTrainer(
        vocab_size=400, show_progress=False, special_tokens=["[UNK]"]))
    save("wordlevel", t)


if __name__ == "__main__":
    wordpiece()
    sentencepieces()
    byte_levels()
    wordlevel()
