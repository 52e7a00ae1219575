// SPDX-License-Identifier: MIT
/* written: has memory of several kinds, whose addresses it puts into the file
 * "areas". When it is asked it tells what is there, and what getenv knows, in
 * the file "seen". */
#include "h.h"

enum { PAGE = 4096 };

static char present[2 * PAGE] __attribute__((aligned(PAGE))) = "present";
static char absent[8 * PAGE] __attribute__((aligned(PAGE)));
static const char file[8 * PAGE] __attribute__((aligned(PAGE))) = "file";
static char *shared;

static const char *text(const char *p)
{
	/* hide the content from the compiler */
	__asm__ volatile("" : "+r"(p));
	return p;
}

/* Its number is in its code: answer_at finds it there. */
static __attribute__((noinline, aligned(PAGE))) int answer(void)
{
	int n;

	__asm__ volatile("movl $0x29a5a529, %0" : "=r"(n));
	return n;
}

static const uint8_t *answer_at(void)
{
	const uint8_t *p = (const uint8_t *)(uintptr_t)answer;

	while (memcmp(p, "\x29\xa5\xa5\x29", 4))
		p++;
	return p;
}

static void tell(void)
{
	char b[1024];

	snprintf(b, sizeof(b), "present=%s\nabsent=%s\nborder=%.4s\nfile=%s\n"
		 "shared=%s\nlater=%s\nanswer=%x\nshort=%s\nlong=%s\n",
		 text(present),
		 text(absent + 4 * PAGE + 9), text(absent + 6 * PAGE - 2),
		 text(file + 4 * PAGE), text(shared), text(shared + 3 * PAGE),
		 (unsigned)answer(), getenv("PATH"),
		 getenv("FOREIGN"));
	h_put("seen", b);
}

int main(void)
{
	char b[1024];

	shared = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		DIE("mmap");
	strcpy(shared, "shared");
	present[100] = absent[0] = absent[6 * PAGE - 1] = 1;
	snprintf(b, sizeof(b), "present %p\nabsent %p\nborder %p\nfile %p\n"
		 "shared %p\nlater %p\ncode %p\n", (void *)present, (void *)(absent + 4 * PAGE + 9),
		 (void *)(absent + 6 * PAGE - 2), (const void *)(file + 4 * PAGE),
		 (void *)shared, (void *)(shared + 3 * PAGE),
		 (const void *)answer_at());
	h_put("areas", b);
	h_put("ready", "ready\n");
	for (;;) {
		h_nap(20);
		if (access("check.req", F_OK))
			continue;
		unlink("check.req");
		tell();
		h_put("check.res", "OK\n");
	}
}
