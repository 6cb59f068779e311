// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// kit.js - a scrubjayd of one's own: a folder, a configuration, a process, and
// requests to it. Raw ones too, so that no client tidies them up.

import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const PROGRAM = new URL(
  "../../build/native/tools/server/scrubjayd", import.meta.url).pathname;

/** Members that most tests want. */
export const MEMBERS = {
  "dr.lind@hospital.test": "submitter",
  "dr.okoye@hospital.test": "submitter",
  "coder-1": "coder",
  "release-1": "reidentifier",
  "keys-1": "custodian",
  "audit-1": "auditor",
  "admin-1": "admin",
  "agent-1": "agent",
};

/** @param {Record<string, Record<string, string | number>>} sections */
function ini(sections) {
  return Object.entries(sections).map(([name, keys]) => `[${name}]\n` +
    Object.entries(keys).map(([k, v]) => `${k} = ${v}\n`).join("")).join("\n");
}

/** @returns {string} a UUIDv7, made now */
export function uuid7() {
  const time = Date.now().toString(16).padStart(12, "0");
  const rest = randomUUID().slice(15);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest}`;
}

/** Wait until `look` finds something. @template T @param {() => T | Promise<T>}
 * look @param {number} [ms] @returns {Promise<NonNullable<T>>} */
export async function until(look, ms = 20_000) {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return /** @type {NonNullable<T>} */ (found);
    if (Date.now() > end) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** @typedef {{status: number, headers: Headers, body: any, text: string}} Answer */

export class Server {
  port = 0;
  log = "";
  /** @type {import("node:child_process").ChildProcess | null} */
  child = null;
  /** @type {Map<string, string>} */
  #tokens = new Map();

  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
    this.config = join(folder, "scrubjayd.ini");
  }

  /**
   * A folder with a configuration and members; not started.
   * @param {Record<string, Record<string, string | number>>} [more]
   * @param {Record<string, string>} [members]
   */
  static async make(more = {}, members = MEMBERS) {
    const server = new Server(await mkdtemp(join(tmpdir(), "scrubjayd-")));
    const sections = {
      server: { listen: "127.0.0.1:0" },
      store: { path: join(server.folder, "store.db") },
      token: { dev_issuer: "yes" },
      limits: {
        submits_per_minute: 100000, submit_burst: 100000,
        auth_failures_per_minute: 100000, disk_free_mb: 1,
        disk_free_percent: 0,
      },
    };
    for (const [name, keys] of Object.entries(more))
      Object.assign((/** @type {any} */ (sections)[name] ??= {}), keys);
    await writeFile(server.config, ini(sections));
    for (const [sub, roles] of Object.entries(members))
      server.command("member", "--config", server.config, sub, roles);
    return server;
  }

  /** Run a command of the program to its end. @param {...string} words */
  command(...words) {
    const done = spawnSync(PROGRAM, words, { encoding: "utf8" });
    if (done.status !== 0)
      throw new Error(`scrubjayd ${words[0]}: ${done.status} ${done.stderr}`);
    return done.stdout;
  }

  /** @param {Record<string, string>} [environment] */
  async start(environment = {}) {
    const child = spawn(PROGRAM, ["--config", this.config], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...environment },
    });
    this.child = child;
    child.stderr?.on("data", (data) => (this.log += String(data)));
    const line = await new Promise((resolve, reject) => {
      child.stdout?.once("data", (data) => resolve(String(data)));
      child.once("exit", (code) =>
        reject(new Error(`exit ${code}: ${this.log}`)));
    });
    this.port = Number(/:(\d+)/.exec(line)?.[1]);
    this.#tokens.clear();
    return this;
  }

  /** @param {NodeJS.Signals} [signal] @returns {Promise<number | null>} */
  async stop(signal = "SIGTERM") {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode) return null;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    return gone;
  }

  async remove() {
    await this.stop("SIGKILL");
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A token of the development issuer. @param {string} sub */
  async token(sub) {
    const had = this.#tokens.get(sub);
    if (had) return had;
    const { body } = await this.call("POST", "/v1/dev/token", { body: { sub } });
    this.#tokens.set(sub, body.access_token);
    return /** @type {string} */ (body.access_token);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {{as?: string, token?: string, body?: any, raw?: string,
   *   key?: string, headers?: Record<string, string>}} [what]
   * @returns {Promise<Answer>}
   */
  async call(method, path, what = {}) {
    /** @type {Record<string, string>} */
    const headers = { ...what.headers };
    const token = what.as ? await this.token(what.as) : what.token;
    if (token !== undefined) headers["authorization"] = `Bearer ${token}`;
    if (what.key) headers["idempotency-key"] = what.key;
    const raw = what.raw ?? (what.body && JSON.stringify(what.body));
    if (raw !== undefined) headers["content-type"] ??= "application/json";
    const answer = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method, headers, ...(raw === undefined ? {} : { body: raw }),
    });
    const text = await answer.text();
    const type = answer.headers.get("content-type") ?? "";
    return {
      status: answer.status, headers: answer.headers, text,
      body: /json$/.test(type) ? JSON.parse(text) : text,
    };
  }

  /**
   * Send bytes as they are; everything that comes back until the end, or until
   * nothing more came for `quiet` ms.
   * @param {string | Buffer} bytes
   * @param {number} [quiet]
   * @returns {Promise<string>}
   */
  raw(bytes, quiet = 3000) {
    return new Promise((resolve, reject) => {
      let all = "";
      const socket = net.connect(this.port, "127.0.0.1",
        () => socket.write(bytes));
      socket.setTimeout(quiet, () => socket.destroy());
      socket.on("data", (data) => (all += data.toString("latin1")));
      socket.on("close", () => resolve(all));
      socket.on("error", (error) =>
        /** @type {any} */ (error).code === "ECONNRESET" ||
        /** @type {any} */ (error).code === "EPIPE"
          ? resolve(all) : reject(error));
    });
  }

  /** @param {string} [query] @returns {Promise<any[]>} */
  async audit(query = "") {
    const found = [];
    for (let after = ""; ;) {
      const { body } = await this.call("GET",
        `/v1/audit/events?limit=200${after}${query}`, { as: "audit-1" });
      found.push(...body.events);
      if (!body.next) return found;
      after = `&after=${body.next}`;
    }
  }
}

/** A submission without a vault. @param {object} [more] */
export function submission(more = {}) {
  return {
    document_type: "procedure-note",
    specialty: "pulmonology",
    policy: "safe-harbor",
    lang: "en",
    style: "numbered",
    scrubbed_text: "Patient <PERSON_0> (MRN: <MRN_1>) underwent EBUS. " +
      "<PERSON_0> did well.",
    entities: [
      { placeholder: "<PERSON_0>", type: "NAME", source: "model", count: 2 },
      { placeholder: "<MRN_1>", type: "MRN", source: "rule", count: 1 },
    ],
    attestation: {
      statement_id: "safe-harbor", reviewed_at: "2026-01-02T03:04:05Z",
      reviewer: { role: "physician" },
      counts: { confirmed: 2, unflagged: 1, added: 0 },
    },
    engine: { ruleset: "0.1.0", model: "none", version: "0.1.0" },
    ...more,
  };
}
