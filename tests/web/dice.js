// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// dice.js - numbers that are the same at every run, for property tests.

/**
 * @param {number} seed
 * @returns {(sides: number) => number} from 0 to sides - 1
 */
export function dice(seed) {
  let state = seed >>> 0;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}
