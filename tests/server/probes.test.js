// SPDX-License-Identifier: Apache-2.0
// @ts-check
//
// Requests that two programs on one way would split or read differently. Each
// is answered once, by a refusal, and nothing behind it is taken for a request.

import assert from "node:assert/strict";
import net from "node:net";
import { after, before, test } from "node:test";

import { Server, until } from "./kit.js";

/** @type {Server} */
let server;
before(async () => {
  server = await (await Server.make({
    limits: { header_seconds: 1, body_seconds: 1, idle_seconds: 1 },
  })).start();
});
after(() => server.remove());

const HOST = "Host: 127.0.0.1\r\n";
const TYPE = "Content-Type: application/json\r\n";
const PATH = "/v1/dev/token";
const TAIL = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

/** @param {string} headers @param {string} [body] @param {string} [line] */
const post = (headers, body = "", line = `POST ${PATH} HTTP/1.1`) =>
  `${line}\r\n${HOST}${TYPE}${headers}\r\n${body}`;

/** Statuses of all answers that came. @param {string} all */
const statuses = (all) =>
  [...all.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map((one) => Number(one[1]));

/** What, bytes, statuses that may come. */
const PROBES = /** @type {[string, string, number[]][]} */ ([
  ["a length beside a coding", post("Content-Length: 5\r\n" +
    "Transfer-Encoding: chunked\r\n", `0\r\n\r\n${TAIL}`), [411]],
  ["two lengths that differ", post("Content-Length: 2\r\nContent-Length: 5\r\n",
    `{}${TAIL}`), [400]],
  ["two lengths that agree", post("Content-Length: 2\r\nContent-Length: 2\r\n",
    `{}${TAIL}`), [400]],
  ["a length with a sign", post("Content-Length: +2\r\n", "{}"), [400]],
  ["a list of lengths", post("Content-Length: 2, 2\r\n", "{}"), [400]],
  ["a length beyond 64 bits", post("Content-Length: 18446744073709551621\r\n",
    "{}"), [413]],
  ["a length beyond what is taken", post("Content-Length: 999999999\r\n", "{}"),
    [413]],
  ["an unknown coding", post("Transfer-Encoding: xchunked\r\n", "{}"), [400, 411]],
  ["a chunk's size as 0x5", post("Transfer-Encoding: chunked\r\n",
    `0x2\r\n{}\r\n0\r\n\r\n${TAIL}`), [400, 411]],
  ["a chunk's size ended by a line feed", post("Transfer-Encoding: chunked\r\n",
    `2\n{}\r\n0\r\n\r\n${TAIL}`), [411]],
  ["a chunked body that is in order", post("Transfer-Encoding: chunked\r\n",
    "2\r\n{}\r\n0\r\n\r\n"), [411]],
  ["a blank before the colon", post("Content-Length : 2\r\n", `{}${TAIL}`), [400]],
  ["no length", post(""), [411]],
  ["two hosts", `GET /healthz HTTP/1.1\r\n${HOST}${HOST}\r\n`, [400]],
  ["no host", "GET /healthz HTTP/1.1\r\n\r\n", [400]],
  ["HTTP/1.9", `GET /healthz HTTP/1.9\r\n${HOST}\r\n`, [400, 505]],
  ["a path upwards", `GET /../../etc/passwd HTTP/1.1\r\n${HOST}\r\n`, [400]],
  ["a path with an escaped NUL", `GET /healthz%00.png HTTP/1.1\r\n${HOST}\r\n`,
    [400]],
  ["a header of 64 KB", `GET /healthz HTTP/1.1\r\n${HOST}` +
    `X: ${"y".repeat(65536)}\r\n\r\n`, [413, 431]],
  ["two Authorization headers", `GET /v1/members HTTP/1.1\r\n${HOST}` +
    "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n", [400]],
  ["a body of a GET", `GET /healthz HTTP/1.1\r\n${HOST}Content-Length: ` +
    `${TAIL.length}\r\n\r\n${TAIL}`, [400]],
  ["an address of 3,000 bytes", `GET /${"x".repeat(3000)} HTTP/1.1\r\n${HOST}\r\n`,
    [414]],
]);

test("each of the raw probes is refused, and nothing behind it is read", async () => {
  for (const [what, bytes, wanted] of PROBES) {
    const all = await server.raw(bytes);
    // What libmicrohttpd 0.9.75 refuses by itself it writes with two heads.
    const found = new Set(statuses(all));
    assert.equal(found.size, 1, `${what}: ${[...found]}`);
    for (const status of found)
      assert.ok(wanted.includes(status), `${what}: ${status}`);
    assert.ok(!all.includes("ok\n"), what);
  }
});

test("what is odd and harmless is answered once", async () => {
  for (const bytes of [
    `GET /healthz HTTP/1.1\n${HOST.replace("\r", "")}\n`,
    `GET /healthz HTTP/1.1\r\n${HOST}X: a\r\n b\r\nConnection: close\r\n\r\n`,
    `GET /healthz HTTP/1.1\r\n${HOST}X: a\u0000b\r\nConnection: close\r\n\r\n`,
  ]) {
    const found = statuses(await server.raw(bytes));
    assert.equal(found.length, 1);
    assert.ok([200, 400].includes(Number(found[0])), String(found));
  }
});

test("in order, one connection carries many requests", async () => {
  const one = `GET /healthz HTTP/1.1\r\n${HOST}\r\n`;
  const last = `GET /healthz HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`;
  assert.deepEqual(statuses(await server.raw(one + one + last)), [200, 200, 200]);
  const body = '{"sub":"coder-1"}';
  const all = await server.raw(
    post(`Content-Length: ${body.length}\r\n`, body) + last);
  assert.deepEqual(statuses(all), [200, 200]);
});

/**
 * Feed a byte now and then; how long the server put up with it.
 * @param {string} first
 * @returns {Promise<{ms: number, all: string}>}
 */
function drip(first) {
  return new Promise((resolve) => {
    const began = Date.now();
    let all = "";
    const socket = net.connect(server.port, "127.0.0.1");
    socket.write(first);
    const feed = setInterval(() => socket.write("x"), 300);
    socket.on("data", (data) => (all += String(data)));
    socket.on("error", () => {});
    socket.on("close", () => {
      clearInterval(feed);
      resolve({ ms: Date.now() - began, all });
    });
  });
}

test("one who drips is cut off at the deadline, in headers and in a body",
  async () => {
    const cases = [
      `GET /healthz HTTP/1.1\r\n${HOST}X: `,
      post("Content-Length: 2000\r\n", "{"),
      // After an answer, the next head has to come in time as well.
      `GET /healthz HTTP/1.1\r\n${HOST}\r\nGET /healthz HTTP/1.1\r\nX: `,
    ];
    const ends = await Promise.all(cases.map(drip));
    for (const { ms } of ends) assert.ok(ms < 15_000, String(ms));
    assert.deepEqual(ends.map(({ all }) => statuses(all).length), [0, 0, 1]);
  });

test("those who drip keep nobody out", async () => {
  const slow = Array.from({ length: 200 }, () => {
    const socket = net.connect(server.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.write("GET /healthz HTTP/1.1\r\n");
    return socket;
  });
  await until(() => slow.every((one) => !one.connecting));
  for (let i = 0; i < 50; i++)
    assert.equal((await server.call("GET", "/healthz",
      { headers: { connection: "close" } })).status, 200);
  await until(() => slow.every((one) => one.destroyed));
});

test("a page of another origin may not call, one that is listed may",
  async () => {
    const other = await (await Server.make({
      server: { listen: "127.0.0.1:0", origins: "https://ehr.hospital.test" },
    })).start();
    try {
      /** @param {string} method @param {Record<string, string>} headers */
      const ask = (method, headers) => other.raw(
        `${method} /v1/config HTTP/1.1\r\n${HOST}Connection: close\r\n` +
        Object.entries(headers).map(([k, v]) => `${k}: ${v}\r\n`).join("") +
        "\r\n");
      const listed = { Origin: "https://ehr.hospital.test" };
      const good = await ask("GET", listed);
      assert.deepEqual(statuses(good), [200]);
      assert.match(good, /Access-Control-Allow-Origin: https:\/\/ehr\.hospital/);
      assert.match(good, /Vary: Origin/);
      assert.doesNotMatch(good, /Allow-Credentials/);
      const before = await ask("OPTIONS", {
        ...listed, "Access-Control-Request-Method": "GET",
      });
      assert.deepEqual(statuses(before), [204]);
      assert.match(before, /Access-Control-Allow-Methods: GET/);
      assert.match(before, /Access-Control-Max-Age: 600/);
      for (const headers of [
        { Origin: "https://evil.test" }, { Origin: "null" },
        { Origin: "https://ehr.hospital.test.evil.test" },
        { Origin: "https://ehr.test" }, { "Sec-Fetch-Site": "cross-site" },
      ]) {
        const bad = await ask("GET", /** @type {any} */ (headers));
        assert.deepEqual(statuses(bad), [403]);
        assert.doesNotMatch(bad, /Access-Control-Allow/);
      }
      assert.deepEqual(statuses(await ask("GET", { Origin: "http://127.0.0.1" })),
        [200]);
      // A name that was made to lead here is not this machine's.
      const rebound = await other.raw("GET /v1/config HTTP/1.1\r\n" +
        "Host: evil.test\r\nConnection: close\r\n\r\n");
      assert.deepEqual(statuses(rebound), [403]);
    } finally {
      await other.remove();
    }
  });

test("every answer of the API says that it is data, and for nobody to keep",
  async () => {
    for (const path of ["/v1/config", "/healthz", "/v1/members", "/v1/none"]) {
      const { headers } = await server.call("GET", path,
        { headers: { connection: "close" } });
      assert.equal(headers.get("content-security-policy"),
        "default-src 'none'; frame-ancestors 'none'");
      assert.equal(headers.get("cache-control"), "no-store");
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.equal(headers.get("referrer-policy"), "no-referrer");
      assert.match(headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
    }
  });
