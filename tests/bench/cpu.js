// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// cpu.js - processor time of a browser, from /proc: on a machine that others
// use too, it says more than a clock.

import { readFileSync, readdirSync } from "node:fs";

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // it has ended
  }
}

/** Whether a process descends from this program. @param {number} pid */
function isOurs(pid) {
  while (pid > 1 && pid !== process.pid)
    pid = Number(/\) \S (\d+)/.exec(read(`/proc/${pid}/stat`))?.[1] ?? 0);
  return pid === process.pid;
}

/**
 * Milliseconds that the browsers started by this program have run.
 * @param {string} [kind] of process, such as "renderer"; all without one
 */
export function browserTime(kind = "") {
  let sum = 0;
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid || !isOurs(pid)) continue;
    if (kind && !read(`/proc/${pid}/cmdline`).includes(`--type=${kind}`)) continue;
    for (const thread of readdirSync(`/proc/${pid}/task`, { recursive: false }))
      sum += Number(
        read(`/proc/${pid}/task/${thread}/schedstat`).split(" ")[0] || 0);
  }
  return sum / 1e6;
}
