// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// files.js - from what was dropped or opened to files, one after the other. A
// folder gives the files in it, and in the folders in it, in the order of their
// names: that is all that a name is ever used for. Hidden files are passed over.

/** @typedef {File | FileSystemEntry} Item */

/** How many files are looked at: a folder may hold a disk. */
export const MOST_FILES = 1000;

/**
 * @param {readonly Item[]} items
 * @returns {AsyncGenerator<File | "UNREADABLE" | "MANY">} a code for one that
 *   cannot be had, or is one too many and the last
 */
export async function* filesOf(items) {
  let left = MOST_FILES;
  for await (const file of walk(items)) {
    if (left-- === 0) return yield "MANY";
    yield file ?? "UNREADABLE";
  }
}

/** @param {readonly Item[]} items @returns {AsyncGenerator<File | null>} */
async function* walk(items) {
  for (const item of items) {
    if (!("isDirectory" in item)) yield item;
    else if (item.isDirectory)
      yield* walk(await childrenOf(
        /** @type {FileSystemDirectoryEntry} */ (item)));
    else yield await fileOf(/** @type {FileSystemFileEntry} */ (item));
  }
}

/** @param {FileSystemFileEntry} entry @returns {Promise<File | null>} */
function fileOf(entry) {
  return new Promise((resolve) => entry.file(resolve, () => resolve(null)));
}

/**
 * A browser hands them over in parts, and an empty one at the end.
 * @param {FileSystemDirectoryEntry} folder
 * @returns {Promise<FileSystemEntry[]>}
 */
async function childrenOf(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const all = [];
  while (all.length <= MOST_FILES) {
    /** @type {FileSystemEntry[]} */
    const part = await new Promise((resolve) =>
      reader.readEntries(resolve, () => resolve([])));
    if (part.length === 0) break;
    all.push(...part);
  }
  const order = new Intl.Collator(undefined, { numeric: true });
  return all.filter(({ name }) => !name.startsWith("."))
    .sort((a, b) => order.compare(a.name, b.name));
}
