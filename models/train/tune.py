# SPDX-License-Identifier: Apache-2.0
#
# tune.py - a bias for each type, set on documents that were held back.
"""How readily each type is claimed."""

import numpy as np

import layout

STEPS = np.arange(-3, 5.01, 0.25)


def chances_of_types(chances):
    """(tokens, types): what all tags of a type have together."""
    per = (chances.shape[1] - 1) // len(layout.TYPES)
    return chances[:, 1:].reshape(len(chances), len(layout.TYPES), per).sum(-1)


def weights_of(arrays):
    """Bytes of each token: a leak is counted in letters, not in pieces."""
    return np.concatenate([end - start for start, end in arrays.places]).astype(
        np.float64)


def biases(chances, arrays, weight):
    """{type: bias} that costs least where a leaked letter counts `weight`.

    A token is judged as the decoder would alone: it is claimed as its type
    where that is likelier than O. What another type claims anyway costs
    nothing, so types are set in turn, twice.
    """
    types = chances_of_types(chances)
    tiny = 1e-9
    gap = np.log(types + tiny) - np.log(chances[:, :1] + tiny)
    gold = arrays.tags > 0
    size = weights_of(arrays)
    size[arrays.tags == layout.MASKED] = 0
    bias = np.zeros(len(layout.TYPES))
    for _ in range(2):
        for kind in range(len(layout.TYPES)):
            others = np.delete(gap + bias, kind, 1).max(1) > 0
            # A weak pull to 0: a type with few marks says little.
            costs = []
            for step in STEPS:
                hidden = others | (gap[:, kind] + step > 0)
                costs.append(weight * size[gold & ~hidden].sum() +
                             size[~gold & hidden].sum() + 8 * abs(step))
            bias[kind] = STEPS[int(np.argmin(costs))]
    return {name: round(float(b), 2)
            for name, b in zip(layout.TYPES, bias) if b}
