# SPDX-License-Identifier: Apache-2.0
#
# step.py - one step of training: forward, loss, backward, weights. On an
# accelerator the whole of it is recorded once and played back: a small model's
# step is hundreds of small kernels, and starting them takes longer than they do.
"""One step of training, played or recorded."""

import numpy as np
import torch
from torch.nn import functional as F


def tensors(batch, device="cpu"):
    return [torch.from_numpy(np.ascontiguousarray(part)).to(
        device, non_blocking=True) for part in batch]


def loss_of(logits, tags, soft, share):
    """Marks, and beside them what the teacher thinks, which also speaks of
    tokens that nobody has marked (Hinton and others, 2015)."""
    # A batch may hold no mark at all.
    marked = (tags != -100).sum().clamp(min=1)
    hard = F.cross_entropy(logits.flatten(0, 1), tags.flatten(),
                           label_smoothing=0.02, ignore_index=-100,
                           reduction="sum") / marked
    if not soft:
        return hard
    top, likely = soft
    said = torch.log_softmax(logits, -1).gather(-1, top)
    taught = -(likely * said).sum() / likely.sum().clamp(min=1)
    return (1 - share) * hard + share * taught


class Step:
    """Takes batches of arrays, changes the model, gives the loss."""

    def __init__(self, model, optimizer, share, device):
        self.model, self.optimizer = model, optimizer
        self.share, self.device = share, device
        # Few processors have an LSTM in half precision.
        self.half = device != "cpu" or getattr(model, "lstm", None) is None

    def take(self, ids, features, tags, mask, *soft):
        # A cache of casts would be freed while a recording still needs it.
        with torch.autocast(self.device, torch.bfloat16, self.half,
                            cache_enabled=self.device == "cpu"):
            logits = self.model(ids, features, mask)
        loss = loss_of(logits.float(), tags, soft, self.share)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        return loss.detach()

    def rates(self, values):
        for group, value in zip(self.optimizer.param_groups, values):
            group["lr"] = value

    def __call__(self, batch):
        return self.take(*tensors(batch, self.device))


class Recorded(Step):
    """The same on CUDA, for batches that all have the first one's shape."""

    WARM = 3  # steps before a recording, as PyTorch's manual asks

    def __init__(self, *settings):
        super().__init__(*settings)
        self.graph, self.inputs, self.loss, self.steps = None, None, None, 0
        for group in self.optimizer.param_groups:
            group["lr"] = torch.tensor(float(group["lr"]), device=self.device)
            group["capturable"] = True

    def rates(self, values):
        for group, value in zip(self.optimizer.param_groups, values):
            group["lr"].fill_(value)

    def __call__(self, batch):
        given = tensors(batch)
        if self.inputs is None:
            self.inputs = [part.to(self.device) for part in given]
        for place, part in zip(self.inputs, given):
            place.copy_(part, non_blocking=True)
        self.steps += 1
        if self.steps <= self.WARM:
            aside = torch.cuda.Stream()
            aside.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(aside):
                loss = self.take(*self.inputs)
            torch.cuda.current_stream().wait_stream(aside)
            return loss
        if self.graph is None:
            self.optimizer.zero_grad(set_to_none=True)
            self.graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(self.graph):
                self.loss = self.take(*self.inputs)
        self.graph.replay()
        return self.loss.clone()
