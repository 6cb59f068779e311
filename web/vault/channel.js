// @ts-check
// SPDX-License-Identifier: Apache-2.0
//
// channel.js - where a window that came back from the issuer says so to the
// page that waits for it. Only pages of this origin hear it.

export const CHANNEL = "scrubjay-sign-in";
