# SPDX-License-Identifier: Apache-2.0
#
# steps.py - the training loop: batches of windows, feature drop-out, a
# schedule, checkpoints that survive being stopped.
"""Train a tagger on arrays."""

import os
import time

import numpy as np
import torch
from torch.nn import functional as F

import layout

COLUMN = {name: at for at, (name, _) in enumerate(layout.FEATURES)}


class Batches:
    """Windows of documents, cut anew in each pass, in order of length."""

    def __init__(self, arrays, seed, length=256, tokens=2048):
        self.a, self.length, self.tokens = arrays, length, tokens
        self.dice = np.random.default_rng(seed)

    def windows(self):
        out = []
        for first, last in zip(self.a.starts[:-1], self.a.starts[1:]):
            at = first
            if last - first > self.length:
                at -= self.dice.integers(0, self.length // 2)
            while at < last:
                end = min(at + self.length, last)
                out.append((max(at, first), end))
                at = end
        return out

    def __iter__(self):
        windows = self.windows()
        self.dice.shuffle(windows)
        pool = max(1, 40 * self.tokens // self.length)
        for at in range(0, len(windows), pool):
            part = sorted(windows[at:at + pool], key=lambda w: w[1] - w[0])
            groups, group, longest = [], [], 0
            for window in part:
                size = window[1] - window[0]
                if group and max(longest, size) * (len(group) + 1) > self.tokens:
                    groups.append(group)
                    group, longest = [], 0
                group.append(window)
                longest = max(longest, size)
            groups.append(group)
            self.dice.shuffle(groups)
            for group in groups:
                yield self.batch(group)

    def batch(self, group):
        longest = max(b - a for a, b in group)
        shape = (len(group), longest)
        ids = np.zeros(shape, np.int64)
        features = np.zeros(shape + (len(layout.FEATURES),), np.int64)
        tags = np.full(shape, -100, np.int64)
        mask = np.zeros(shape, bool)
        for row, (a, b) in enumerate(group):
            size = b - a
            ids[row, :size] = self.a.ids[a:b]
            features[row, :size] = self.a.features[a:b]
            tags[row, :size] = self.a.tags[a:b]
            mask[row, :size] = True
        tags[tags == layout.MASKED] = -100
        return ids, features, tags, mask

    def drop(self, features):
        """Some documents go without lists, some without rules."""
        for names, share in ((layout.LISTS, 0.12), (layout.RULES, 0.12),
                             (("list",), 0.15)):
            rows = self.dice.random(len(features)) < share
            for name in names:
                features[rows, :, COLUMN[name]] = 0
        # And single words without what lists know of them.
        words = self.dice.random(features.shape[:2]) < 0.06
        for name in layout.LISTS:
            features[..., COLUMN[name]][words] = 0
        return features


def tensors(batch):
    return [torch.from_numpy(np.ascontiguousarray(part)) for part in batch]


def train(model, arrays, minutes=None, steps=None, seed=1, rate=2e-3,
          folder=None, say=print, length=256, tokens=2048, word_rate=0.5,
          peers=None):
    """Train until `steps` or `minutes` are over; goes on from a checkpoint.

    `peers` averages weights with other processes that train beside this one
    on other documents (local SGD: every few steps is as good as every step).
    """
    torch.manual_seed(seed)
    word = list(model.inputs.word.parameters())
    names = {id(p) for p in word}
    rest = [p for p in model.parameters() if id(p) not in names]
    optimizer = torch.optim.AdamW(
        [{"params": rest, "lr": rate}, {"params": word, "lr": rate * word_rate}],
        weight_decay=0.01, betas=(0.9, 0.98))
    base = [g["lr"] for g in optimizer.param_groups]
    step, spent, state = 0, 0.0, None
    path = folder and os.path.join(folder, "checkpoint.pt")
    if path and os.path.exists(path):
        state = torch.load(path, weights_only=False)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        step, spent = state["step"], state["spent"]
        say(f"going on at step {step}, {spent / 60:.1f} minutes")
    average = {k: v.detach().clone() for k, v in model.state_dict().items()}
    if state:
        average = state["average"]
    started, shown, losses = time.time() - spent, time.time(), []
    saved, done = time.time(), False
    model.train()
    passes = 0
    while not done:
        batches = Batches(arrays, [seed, passes, step], length, tokens)
        passes += 1
        for ids, features, tags, mask in batches:
            now = time.time() - started
            share = step / steps if steps else now / (60 * minutes)
            if peers is not None and step % peers.every == 0:
                share = peers.meet(model, share)
            if share >= 1:
                done = True
                break
            warm = min(1.0, (step + 1) / 100)
            cool = 0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * share))
            for group, lr in zip(optimizer.param_groups, base):
                group["lr"] = lr * warm * cool
            features = batches.drop(features)
            ids[batches.dice.random(ids.shape) < 0.02] = 0
            ids, features, tags, mask = tensors((ids, features, tags, mask))
            with torch.autocast("cpu", torch.bfloat16):
                logits = model(ids, features, mask)
            loss = F.cross_entropy(logits.float().flatten(0, 1), tags.flatten(),
                                   label_smoothing=0.02, ignore_index=-100)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            step += 1
            losses.append(loss.item())
            keep = min(0.998, step / (step + 20))
            with torch.no_grad():
                for key, value in model.state_dict().items():
                    if value.dtype.is_floating_point:
                        average[key].lerp_(value, 1 - keep)
            if time.time() - shown > 20:
                say(f"step {step}, {100 * share:.0f} %, "
                    f"loss {np.mean(losses):.4f}, {now / 60:.1f} min")
                shown, losses = time.time(), []
            if path and time.time() - saved > 120:
                save(path, model, optimizer, average, step, now)
                saved = time.time()
    if path:
        save(path, model, optimizer, average, step, time.time() - started)
    model.load_state_dict(average)
    model.eval()
    return model


class Peers:
    """Processes that train together and meet every few steps."""

    def __init__(self, count, every=8):
        self.count, self.every = count, every

    def meet(self, model, share):
        """Average the weights; everyone goes by the furthest clock."""
        with torch.no_grad():
            flat = torch.cat([p.flatten() for p in model.parameters()])
            torch.distributed.all_reduce(flat)
            flat /= self.count
            at = 0
            for p in model.parameters():
                p.copy_(flat[at:at + p.numel()].view_as(p))
                at += p.numel()
            clock = torch.tensor([float(share)])
            torch.distributed.all_reduce(
                clock, torch.distributed.ReduceOp.MAX)
        return clock.item()


def save(path, model, optimizer, average, step, spent):
    torch.save({"model": model.state_dict(), "average": average,
                "optimizer": optimizer.state_dict(), "step": step,
                "spent": spent, "settings": model.settings}, path + ".new")
    os.replace(path + ".new", path)


@torch.no_grad()
def predict(model, arrays, window=512, overlap=64):
    """Log-probabilities of every token, windows averaged as the engine does."""
    model.eval()
    out = np.zeros((len(arrays.ids), len(layout.TAGS)), np.float32)
    times = np.zeros(len(arrays.ids), np.float32)
    for first, last in zip(arrays.starts[:-1], arrays.starts[1:]):
        at = first
        while at < last:
            end = min(at + window, last)
            ids = torch.from_numpy(arrays.ids[at:end].astype(np.int64))[None]
            features = torch.from_numpy(
                arrays.features[at:end].astype(np.int64))[None]
            logits = model(ids, features, torch.ones_like(ids, dtype=bool))
            out[at:end] += torch.softmax(logits[0], -1).numpy()
            times[at:end] += 1
            if end == last:
                break
            at = end - overlap
    return out / times[:, None]
