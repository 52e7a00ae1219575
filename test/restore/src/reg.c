// SPDX-License-Identifier: MIT
/* reg: keeps a number in a register alone while it sleeps, and tells it in the
 * file "register" when it is asked. */
#include "h.h"

static long nap_with(long number)
{
	static const struct timespec t = { 0, 20000000 };
	register long kept __asm__("rbx") = number;
	long nr = SYS_nanosleep;
	__asm__ volatile("syscall" : "+r"(kept), "+a"(nr)
			 : "D"(&t), "S"(0) : "rcx", "r11", "memory");
	return kept;
}

int main(void)
{
	char b[32];
	long number = 1111;
	h_put("ready", "ready\n");
	for (;;) {
		number = nap_with(number);
		if (access("check.req", F_OK))
			continue;
		unlink("check.req");
		snprintf(b, sizeof b, "%ld\n", number);
		h_put("register", b);
		h_put("check.res", "OK\n");
	}
}
