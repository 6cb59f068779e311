// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// selftest.js - a record whose content is known, opened before anything is
// sealed. Whoever seals cannot open again, so a browser that computes wrongly
// would be found out when the originals are needed. The keys are of no vault.

import { refusal } from "./error.js";
import { openingKey } from "./keys.js";
import { openRecord } from "./open.js";
import { mergeText } from "./record.js";

/** @import {PublicJwk} from "./keylist.js" */
/** @import {PrivateJwk} from "./keys.js" */

const SECRET = /** @type {PrivateJwk} */ ({
    kty: "EC",
    crv: "P-256",
    x: "V1decO-YjZUcRtrREdDEMjFnuC84IpN2IN4Q8ACK8hA",
    y: "QJHmn-nxTl6syR9HjorlMmBjlUCnP-wh1P4h2hCPUcs",
    d: "-kOSHZsgfl5e4uQbuHyG3FazFTPj7Efv9i3fnYw1_tI",
  });

const DEVICE = /** @type {PublicJwk} */ ({
    kty: "EC",
    crv: "P-256",
    x: "Q2zfIh0b8Cp-TI3UzmVSqD7O0XLAW_MGcDXZedalDKo",
    y: "ZvTfa2CVwDxQpjmW4VV0-QXKK6tJjKzfb024hVS1a_I",
  });

const JOB = "01980000-0000-7000-8000-000000000000";
const TEXT = "Seen by <PROVIDER_0> on <DATE_1>.";
const MERGED = "Seen by Amadou Quill on 03/14/2026.";

const RECORD = Object.freeze({
  fmt: 1,
  text_salt: "KHaD-stkl5w0KS6iH5jbFw",
  data: "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwidHlwIjoic2NydWJqYXktbWFwK2p3"
    + "ZSIsImN0eCI6eyJmbXQiOjEsImpvYiI6IjAxOTgwMDAwLTAwMDAtNzAwMC04MDAwLTAw"
    + "MDAwMDAwMDAwMCIsInN0aCI6IkRrSkxEenF4eFdDd19mXy1lcXdTU2ZfZ1BiNlRNTlAy"
    + "VC1zT1UzZndnX0EiLCJzdWIiOiJzZWxmIn0sImNvbW1pdCI6Im50S2Y1WGpISm5JY0c4"
    + "RUd2aDlvUEtiSDRHZ3Z4NFNlcGtqVGJ2YmYtR0kifQ..1rbDa3Q1QJvgQ3m7.EdvaZ0r"
    + "tftZRbutrXNsk6Y-_AueOa5wXtX3KY5oRPZ7NgzCtGAG3mXiA3nJgzmu8srPW_IeA42O"
    + "v8MQoP7wXD8KssGKp6EkA8OCmewU15g6PNv4vHlpnMLvcAqtwvsU4Fz_HyBWx0RqWgpo"
    + "vkdVUZVL_rcgJfYXupnogqyPvbXyehVw9aau8DEJ3bEUPNXTRV2zmm7zP_VCBEz_DZ6D"
    + "cXVtGf9C7drbF9gGBP2fxyiRRKwlGxgBXVp_zBDQmsUMjHSgqMayopbo2gUTtvdh0Lap"
    + "p_MiYuV65W-SLy3Xa1AaN8jBO5c3rWuWSJFJdDFNeB27gf7Eumfpt1qb4BG8MZtnYNVi"
    + "AS4EQ7OBSxnvHdIIdAFa23F52OzCQuHQkeNeV26PbsRtb0MDbm6FVBeClTSf7WPEUZS3"
    + "M4r9Qp5CD9KLHjpsjGcc-kwKDWI_tsUPC7VoyYwiB3vsgVoYx5iQvpc66F_vbwE0Qatn"
    + "bXGjHdfC4YdstuOBySp9kQ4G7OLFAKSJz7ezaUyzULzKGa8fUByDde_i8axNE4cQKRcr"
    + "zXpT5_2ntM8JxKMA6W2eCYdtmLE5aYur2EctV7tj7CudX8GxoL6TbOe-LDUrYS2fMaBN"
    + "7Iss5s3vuYLYtdwCtUoXHcpUXzM1-IqbKybip0e4v9sbNNar8wy8Ke2Z0VNzlpzo-BMV"
    + "jbzip05__t4SyBAjxyYAF9Ji2adewR4Wt-6dUGeK_xs-zlS9fTariHmbgVSbX3ET39WS"
    + "lCUfNnh-w0IlsT232K5MMGq9rtjQgOrfV7TLNmRAHBQ8heKHWAH1hbsnAcFYjIJU0_5q"
    + "KXxSOPCmH4wSuTcfMiytRH5CpQtzXzEGR7hDdFBIZcnhunM83QSecO0EU5uIhONFNwzX"
    + "ARCGNh2Ek40AdfZlyegy9fuNhOOmclWNvtQkbaMyAUBWbRkhfjgsHV_TpjzpKD4svsGB"
    + "QQbdoBCBiA1e2mMI8O3zwrNnO6GNrjBu5ngf-ilhTJUisfdNmOZRjuRJnM-8dshXCWgT"
    + "Vw2G0OJqU50Ahyp7uZhz8tfQJCyN0ace50OZHqt0BzBE6KS_Q-99s-FeDSYvoCzOGfIQ"
    + "m_Cv_aKnRcBlrICoM66WvBVEK9QTuLWAPtie0Bw6w3z9EyHPLE4wtdDh4BB20tFPFZVo"
    + "erdx7ag56ZCfMzCAOEjT2Chx1NoPFY9-Avfal6dxKWh5TDbRG1BGwS-E146uFkgvyvAl"
    + "dU_AjweEQ_XUHLWpps9WaiuNFpVa5zbUTcM0yIKWfYpfHvRp49NKs77FDf8FyD_BVTeK"
    + "cDxr9M1lgkk3v0T5ofWqJ-DdrVGTRisa10gZqPQvEtvugsJYwJJUjiE4vHd3hCUPmGg."
    + "BSs-NiWOyDdDhFUinvY01g",
  wraps: ["eyJhbGciOiJFQ0RILUVTK0EyNTZLVyIsImVuYyI6IkEyNTZHQ00iLCJ0eXAiOiJzY3J1"
    + "YmpheS13cmFwK2p3ZSIsImtpZCI6InZhdWx0OnRlc3Q6MSIsImRoIjoibzJ6RmpEMlRZ"
    + "M1ZIcmJtcXJxRFpyN0VkMzFxZjg1ZlB4M0tLU0tFZHd1byIsImVwayI6eyJ4IjoiRzZL"
    + "eE04S3ZYU216V2Uxbmk2SDA3UlhoalVybzc0dUUtTDhITlJzUzVUOCIsImNydiI6IlAt"
    + "MjU2Iiwia3R5IjoiRUMiLCJ5Ijoib25ORHBDcVlPek9yNnlPM2VQdzNhOFBmYVd0MWN2"
    + "akFBMkNVVnZjN0dpTSJ9fQ.90RbVwmoVRztJZZmwdUsruo4jv8bN6bvFlLjjSK76JqHQ"
    + "2eqGJgsgA.EsC1nmUGYDsgXeQQ.aJrHxF24QaFCpZFbLT72ZCDOULtw5CXyj1p7-YyB4"
    + "fs.K4epcQCp5KrT5r7UDfI5oA"],
  sig: "eyJhbGciOiJFUzI1NiIsImtpZCI6IkVaYzZSLWM3OUlQa2J5LUFuaXhYeHV3dktLNTYz"
    + "M2k3X2llaGxRZkFxazAifQ..jAl7uC7ClR2t1mlwrG8E004PC_d1VIkKSOMh3-Go8IGM"
    + "IwsF-YLJ3qFC9hT-npUW4qYG1nR4l1li-AfRlLMrXg",
});

const SHARE = "DdPOg1f1xkG_67ZPwCi19FwyZQaQsJFkkEH9cnUu5Ok";

/** The list that it belongs to. */
const LIST = Object.freeze({
  serial: 1, issued: "", notAfter: "",
  vault: [{
    kid: "vault:test:1", state: /** @type {const} */ ("active"),
    jwk: { kty: SECRET.kty, crv: SECRET.crv, x: SECRET.x, y: SECRET.y },
  }],
  recovery: { kid: "", jwk: DEVICE },
  members: [{ sub: "self", roles: [], uk: null, device: [DEVICE] }],
});

/** @type {Promise<void> | null} */
let tested = null;

/** Once in a page. @throws CRYPTO */
export function selfTest() {
  tested ??= run().catch(() => {
    tested = null;
    throw refusal("CRYPTO");
  });
  return tested;
}

async function run() {
  const { entities } = await openRecord({
    job: JOB, text: TEXT, record: RECORD, share: SHARE, list: LIST,
    keyOf: () => openingKey(SECRET),
  });
  const merged = mergeText(TEXT, entities).map(({ text }) => text).join("");
  if (merged !== MERGED) throw refusal("CRYPTO");
}
