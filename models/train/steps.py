# SPDX-License-Identifier: Apache-2.0
#
# steps.py - the training loop: batches of windows, feature drop-out, a
# schedule, checkpoints that survive being stopped.
"""Train a tagger on arrays."""

import os
import time

import numpy as np
import torch

import layout
import step as one

COLUMN = {name: at for at, (name, _) in enumerate(layout.FEATURES)}


class Batches:
    """Windows of documents, cut anew in each pass, in order of length."""

    def __init__(self, arrays, seed, length=256, tokens=2048, fixed=False,
                 even=False):
        self.a, self.length, self.tokens = arrays, length, tokens
        # Recorded steps want one shape; an LSTM is twice as fast on batches
        # whose rows are equally long.
        self.fixed, self.even = fixed, even
        self.dice = np.random.default_rng(seed)

    def windows(self):
        out = []
        for first, last in zip(self.a.starts[:-1], self.a.starts[1:]):
            at = first
            if last - first > self.length:
                at -= self.dice.integers(0, self.length // 2)
            while at < last:
                end = min(at + self.length, last)
                out.append(self.filled(max(at, first), end, first, last)
                           if self.even else (max(at, first), end))
                at = end
        return out

    def filled(self, at, end, first, last):
        """A piece of a long document at full length, into its neighbour."""
        return (max(first, end - self.length) if end == last else at,
                min(last, at + self.length))

    def __iter__(self):
        windows = self.windows()
        self.dice.shuffle(windows)
        if self.fixed:
            rows = self.tokens // self.length
            for at in range(0, len(windows) - rows + 1, rows):
                yield self.batch(windows[at:at + rows])
            return
        pool = len(windows) if self.even else max(
            1, 40 * self.tokens // self.length)
        for at in range(0, len(windows), pool):
            part = sorted(windows[at:at + pool], key=lambda w: w[1] - w[0])
            groups, group, longest = [], [], 0
            for window in part:
                size = window[1] - window[0]
                if group and (
                        max(longest, size) * (len(group) + 1) > self.tokens or
                        self.even and size != longest):
                    groups.append(group)
                    group, longest = [], 0
                group.append(window)
                longest = max(longest, size)
            groups.append(group)
            self.dice.shuffle(groups)
            for group in groups:
                yield self.batch(group)

    def batch(self, group):
        longest = self.length if self.fixed else max(b - a for a, b in group)
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
        return ids, features, tags, mask, *self.soft(group, longest)

    def soft(self, group, longest):
        """What a teacher thinks: likeliest tags and how likely; or nothing."""
        if self.a.top is None:
            return ()
        kept = self.a.top.shape[1]
        top = np.zeros((len(group), longest, kept), np.int64)
        likely = np.zeros((len(group), longest, kept), np.float32)
        for row, (a, b) in enumerate(group):
            top[row, :b - a] = self.a.top[a:b]
            likely[row, :b - a] = self.a.likely[a:b]
        return top, likely

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


def train(model, arrays, minutes=None, steps=None, seed=1, rate=2e-3,
          folder=None, say=print, length=256, tokens=2048,
          peers=None, device="cpu", share=0.5):
    """Train until `steps` or `minutes` are over; goes on from a checkpoint.

    `peers` averages weights with other processes that train beside this one
    on other documents (local SGD: every few steps is as good as every step).
    `share` is the weight of the teacher, where the arrays hold one's opinion.
    """
    torch.manual_seed(seed)
    model.to(device)
    optimizer = torch.optim.AdamW(
        model.groups(rate), weight_decay=0.01, betas=(0.9, 0.98),
        fused=device != "cpu")
    base = [g["lr"] for g in optimizer.param_groups]
    step, spent, state = 0, 0.0, None
    recorded = device == "cuda" and not getattr(model, "lstm", None)
    run = (one.Recorded if recorded else one.Step)(
        model, optimizer, share, device)
    path = folder and os.path.join(folder, "checkpoint.pt")
    if path and os.path.exists(path):
        state = torch.load(path, weights_only=False)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        step, spent = state["step"], state["spent"]
        say(f"going on at step {step}, {spent / 60:.1f} minutes")
    average = {k: v.detach().clone() for k, v in model.state_dict().items()}
    if state:
        average = {k: v.to(device) for k, v in state["average"].items()}
    weights = [v.detach() for v in model.state_dict().values()
               if v.dtype.is_floating_point]
    averaged = [v for v in average.values() if v.dtype.is_floating_point]
    started, shown, losses = time.time() - spent, time.time(), []
    saved, done = time.time(), False
    model.train()
    passes = 0
    while not done:
        batches = Batches(arrays, [seed, passes, step], length, tokens,
                          recorded, getattr(model, "lstm", None) is not None)
        passes += 1
        for ids, features, *rest in batches:
            now = time.time() - started
            gone = step / steps if steps else now / (60 * minutes)
            if peers is not None and step % peers.every == 0:
                gone = peers.meet(model, gone)
            if gone >= 1:
                done = True
                break
            warm = min(1.0, (step + 1) / 100)
            cool = 0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * gone))
            run.rates([lr * warm * cool for lr in base])
            ids[batches.dice.random(ids.shape) < 0.02] = 0
            loss = run((ids, batches.drop(features), *rest))
            step += 1
            losses.append(loss)
            keep = min(0.998, step / (step + 20))
            torch._foreach_lerp_(averaged, weights, 1 - keep)
            if time.time() - shown > 20:
                say(f"step {step}, {100 * gone:.0f} %, "
                    f"loss {torch.stack(losses).mean().item():.4f}, "
                    f"{now / 60:.1f} min")
                shown, losses = time.time(), []
            if path and time.time() - saved > 120:
                save(path, model, optimizer, average, step, now)
                saved = time.time()
    if path:
        save(path, model, optimizer, average, step, time.time() - started)
    model.load_state_dict(average)
    return model.to("cpu").eval()


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


def rows_of(starts, window=512, overlap=64):
    """The windows that the engine would cut: (first, last) of each."""
    for first, last in zip(starts[:-1], starts[1:]):
        at = first
        while at < last:
            end = min(at + window, last)
            yield at, end
            if end == last:
                break
            at = end - overlap


@torch.no_grad()
def predict(model, arrays, window=512, overlap=64):
    """Chances of every token, windows averaged as the engine does."""
    model.eval()
    out = np.zeros((len(arrays.ids), len(layout.TAGS)), np.float32)
    times = np.zeros(len(arrays.ids), np.float32)
    for at, end in rows_of(arrays.starts, window, overlap):
        ids, features = one.tensors(
            part[at:end].astype(np.int64)[None]
            for part in (arrays.ids, arrays.features))
        logits = model(ids, features, torch.ones_like(ids, dtype=bool))
        out[at:end] += torch.softmax(logits[0], -1).numpy()
        times[at:end] += 1
    return out / times[:, None]


@torch.no_grad()
def opinions(models, arrays, device="cpu", kept=4, rows=64):
    """What teachers think of each token: the `kept` likeliest tags and how
    likely each is. Where windows overlap, the later one speaks."""
    for model in models:
        model.to(device).eval()
    size = len(arrays.ids)
    top = np.zeros((size, kept), np.uint8)
    likely = np.zeros((size, kept), np.float16)
    batches = Batches(arrays, 0)
    windows = sorted(rows_of(arrays.starts), key=lambda w: w[1] - w[0])
    for at in range(0, len(windows), rows):
        group = windows[at:at + rows]
        ids, features, _, mask = batches.batch(group)
        ids, features, mask = one.tensors((ids, features, mask), device)
        with torch.autocast(device, torch.bfloat16, device != "cpu"):
            said = sum(torch.softmax(m(ids, features, mask).float(), -1)
                       for m in models) / len(models)
        chance, tag = said.topk(kept, -1)
        chance = (chance / chance.sum(-1, keepdim=True)).half().cpu().numpy()
        tag = tag.to(torch.uint8).cpu().numpy()
        for row, (a, b) in enumerate(group):
            top[a:b], likely[a:b] = tag[row, :b - a], chance[row, :b - a]
    return top, likely
