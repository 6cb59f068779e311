// SPDX-License-Identifier: Apache-2.0
//
// http.h - the HTTP front of scrubjayd: libmicrohttpd reads and writes on one
// thread, requests of the API are handled by others.
#ifndef SCRUBJAYD_HTTP_H
#define SCRUBJAYD_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "service.h"

typedef struct http http;

/// Listen where the configuration says. `root` is an open folder, borrowed
/// until http_stop(); -1: there is no page. NULL where it cannot be had.
http *http_start(service *service, int root);

/// The port that was given, also where any was asked for.
uint16_t http_port(const http *http);

/// Take nothing new, finish what is under way (10 s at most), close.
void http_stop(http *http);

#endif // SCRUBJAYD_HTTP_H
