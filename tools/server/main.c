// SPDX-License-Identifier: Apache-2.0
//
// main.c - scrubjayd: start, wait for a signal, stop.

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "audit_verify.h"
#include "config.h"
#include "serve.h"

enum { EXIT_USAGE = 2, EXIT_INPUT = 3, EXIT_INTERNAL = 70 };

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "config") == 0)
    return config_command(argc - 1, argv + 1);
  if (argc > 1 && strcmp(argv[1], "audit") == 0)
    return audit_command(argc - 1, argv + 1);
  config options;
  if (!config_read(argc, argv, &options)) return EXIT_USAGE;
  if (options.help) return fputs(config_help(), stdout) < 0 ? EXIT_INTERNAL : 0;
  if (options.version) return puts("scrubjayd " SJ_VERSION) < 0;

  // Blocked before the server's thread starts, so that it inherits this and
  // the signal waits for sigwait below.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGPIPE);
  if (sigprocmask(SIG_BLOCK, &ends, NULL) != 0) return EXIT_INTERNAL;
  sigdelset(&ends, SIGPIPE);

  const int root = open(options.root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (root < 0) {
    fprintf(stderr, "scrubjayd: --root: the folder cannot be read\n");
    return EXIT_INPUT;
  }
  server *running = serve_start(root, options.port);
  if (running == NULL) {
    fprintf(stderr,
            "scrubjayd: port %u cannot be had; --port names another, 0 takes "
            "any free one\n",
            (unsigned)options.port);
    (void)close(root);
    return EXIT_INTERNAL;
  }
  printf("Scrubjay is at http://127.0.0.1:%u/ (Ctrl+C ends it)\n",
         (unsigned)serve_port(running));
  (void)fflush(stdout);

  int signal_number = 0;
  (void)sigwait(&ends, &signal_number);
  serve_stop(running);
  (void)close(root);
  return 0;
}
