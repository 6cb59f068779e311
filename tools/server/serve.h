// SPDX-License-Identifier: Apache-2.0
//
// serve.h - the HTTP front of scrubjayd.
#ifndef SCRUBJAYD_SERVE_H
#define SCRUBJAYD_SERVE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct server server;

/// Listen on 127.0.0.1. `root` is an open folder, borrowed until serve_stop.
/// NULL where the port cannot be had.
server *serve_start(int root, uint16_t port);

/// The port that was given, also where any was asked for.
uint16_t serve_port(const server *server);

/// Finish the answers under way and close.
void serve_stop(server *server);

#endif // SCRUBJAYD_SERVE_H
