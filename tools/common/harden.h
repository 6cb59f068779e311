// SPDX-License-Identifier: Apache-2.0
//
// harden.h - what a program that holds patients' records does first.
#ifndef SJ_TOOLS_HARDEN_H
#define SJ_TOOLS_HARDEN_H

/// No core dumps, no reading by a debugger of the same user, and descriptors
/// 0 to 2 open, so that no file is ever opened in the place of a closed
/// standard output.
void sj_process_harden(void);

#endif // SJ_TOOLS_HARDEN_H
