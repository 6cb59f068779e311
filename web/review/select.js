// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// select.js - between the browser's selection and offsets of the view text.
//
// A view is made of blocks in order, and every text node in a block is text of
// the note; so an offset is the block's start plus the text before it.

/**
 * What a view tells about itself.
 *
 * @typedef {object} Blocks
 * @property {HTMLElement} root holds the blocks as its children
 * @property {readonly {element: HTMLElement, start: number, end: number}[]} list
 */

/**
 * The offset of a DOM position; null where it is outside of the view.
 *
 * @param {Blocks} blocks
 * @param {Node} node
 * @param {number} offset
 * @returns {number | null}
 */
export function offsetOf(blocks, node, offset) {
  if (node === blocks.root) {
    const block = blocks.list[offset];
    return block ? block.start : (blocks.list.at(-1)?.end ?? 0);
  }
  const block = blocks.list.find((b) => b.element.contains(node));
  if (!block) return null;
  const walker = textWalker(block.element);
  const stop =
    node.nodeType === Node.TEXT_NODE ? node : node.childNodes[offset];
  let at = block.start;
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    if (text === node) return at + offset;
    if (!stop && !node.contains(text) && isAfter(node, text)) return at;
    if (stop && (stop.contains(text) || isAfter(stop, text))) return at;
    at += /** @type {Text} */ (text).data.length;
  }
  return at;
}

/** @param {Node} node @param {Node} other */
function isAfter(node, other) {
  const order = node.compareDocumentPosition(other);
  return Boolean(order & Node.DOCUMENT_POSITION_FOLLOWING);
}

/**
 * The DOM position of an offset.
 *
 * @param {Blocks} blocks
 * @param {number} offset
 * @returns {{node: Node, offset: number}}
 */
export function positionOf(blocks, offset) {
  const block = blocks.list.find((b) => offset < b.end) ?? blocks.list.at(-1);
  if (!block) return { node: blocks.root, offset: 0 };
  const walker = textWalker(block.element);
  let at = block.start;
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const length = /** @type {Text} */ (text).data.length;
    if (offset <= at + length) return { node: text, offset: offset - at };
    at += length;
  }
  return { node: block.element, offset: block.element.childNodes.length };
}

/**
 * The offset under a point of the screen, by whichever of the two ways the
 * browser has; null where it has neither or the point is not over the text.
 *
 * @param {Blocks} blocks
 * @param {number} x
 * @param {number} y
 * @returns {number | null}
 */
export function offsetAtPoint(blocks, x, y) {
  const shadow = blocks.root.getRootNode();
  const page = /** @type {any} */ (document);
  if (page.caretPositionFromPoint) {
    const spot = page.caretPositionFromPoint(x, y, { shadowRoots: [shadow] });
    return spot && offsetOf(blocks, spot.offsetNode, spot.offset);
  }
  const range = page.caretRangeFromPoint?.(x, y);
  return range
    ? offsetOf(blocks, range.startContainer, range.startOffset)
    : null;
}

/**
 * The selected stretch, wherever the browser hides selections in shadow trees;
 * null where nothing is selected or the selection leaves the view.
 *
 * @param {Blocks} blocks
 * @returns {{start: number, end: number} | null}
 */
export function readSelection(blocks) {
  const range = composedRange(blocks.root);
  if (!range) return null;
  const start = offsetOf(blocks, range.startContainer, range.startOffset);
  const end = offsetOf(blocks, range.endContainer, range.endOffset);
  return start === null || end === null || start >= end ? null : { start, end };
}

/**
 * @param {HTMLElement} root
 * @returns {StaticRange | Range | null}
 */
function composedRange(root) {
  const selection = document.getSelection();
  const shadow = root.getRootNode();
  if (!selection || !(shadow instanceof ShadowRoot)) return null;
  if ("getComposedRanges" in selection) {
    // Safari 17 took the roots as plain arguments; all others, an object.
    const ask = /** @type {any} */ (selection);
    const found = ask.getComposedRanges({ shadowRoots: [shadow] });
    return found[0] ?? null;
  }
  const own = /** @type {any} */ (shadow).getSelection?.() ?? selection;
  return own.rangeCount > 0 ? own.getRangeAt(0) : null;
}

/**
 * @param {Blocks} blocks
 * @param {number} anchor
 * @param {number} head
 */
export function writeSelection(blocks, anchor, head) {
  const from = positionOf(blocks, anchor);
  const to = positionOf(blocks, head);
  document
    .getSelection()
    ?.setBaseAndExtent(from.node, from.offset, to.node, to.offset);
}

/** @param {HTMLElement} element */
function textWalker(element) {
  return document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
}
