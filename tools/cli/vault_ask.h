// SPDX-License-Identifier: Apache-2.0
//
// vault_ask.h - passphrases: made here, shown once, asked for. They come from
// the terminal or a descriptor, never from an argument, which others can see.
#ifndef SJ_CLI_VAULT_ASK_H
#define SJ_CLI_VAULT_ASK_H

#include <stdbool.h>

#include "../common/buffer.h"

enum { SJ_PASSPHRASE = 20 }; ///< bytes of one that is made, with its NUL

/// 80 random bits in four groups of Crockford's base 32, as the page makes
/// them. False where there is no randomness.
bool sj_passphrase_make(char out[SJ_PASSPHRASE]);

/// Show a new one as `whose PASSPHRASE`, on the descriptor that `fd` names, or
/// on the terminal for NULL. False after a message.
bool sj_passphrase_show(const char *whose, const char *text, const char *fd);

/// Ask for one: a line of the descriptor that `fd` names, or of the terminal
/// for NULL, where it is not shown. Blanks around it are dropped. False after a
/// message.
bool sj_passphrase_ask(const char *whose, const char *fd, sj_buffer *out);

#endif // SJ_CLI_VAULT_ASK_H
