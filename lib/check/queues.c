// SPDX-License-Identifier: MIT
/*
 * sk-queues.img: packets that wait on unix sockets.
 */
#include "check/areas.h"
#include "check/files.h"

static const struct rule rules[] = {
	{ "skq-owner-missing", WARNING, "the socket of a packet is missing" },
	{ "skq-scm-count", ERROR, "a packet with more than one control "
		"message" },
	{ "skq-scm-type", ERROR, "the control message passes no descriptors" },
	{ "skq-scm-rights-missing", ERROR, "a file that a packet passes is "
		"missing" },
	{ "skq-scm-no-queuer", ERROR, "no socket can send a packet that passes "
		"descriptors" },
	{ 0 },
};

static const struct test tests[] = {
	{ "skq-scm-type", "scm_entry.type", TEST_NOT, 1, 0, "is not 1 "
	  "(SCM_RIGHTS)", NULL },
	{ 0 },
};

static void judge_rights(struct check *c, const struct scm *s)
{
	for (uint32_t i = 0; i < span_n(s->rights); i++) {
		uint64_t id = check_number(c, s->rights, i);

		if (!files_use(c, 0, id, true) && files_known(c))
			check_say(c, "skq-scm-rights-missing", AT_FIELD(s,
				  "rights"), "{id} is no file", VALUES(id));
	}
}

static void judge(struct check *c, const struct packet *p)
{
	const struct unixsk *u = check_lookup(c, "unix_sk_entry.id", p->id_for);
	bool orphan = u && u->peer && u->type != 2 &&
		!check_lookup(c, "unix_sk_entry.peer", u->ino);

	if (!files_known(c))
		return;
	if (!u)
		check_say(c, "skq-owner-missing", AT_FIELD(p, "id_for"),
			  "{id_for} is no unix socket: the packet is lost",
			  VALUES(p->id_for));
	if (span_n(p->scm) > 1)
		check_say(c, "skq-scm-count", AT_FIELD(p, "scm"), "{count} "
			  "control messages in place of one",
			  VALUES(span_n(p->scm)));
	if (p->scm && (!u || orphan))
		check_say(c, "skq-scm-no-queuer", AT_FIELD(p, "id_for"), "no "
			  "socket can send this packet to {id_for}, which "
			  "passes descriptors", VALUES(p->id_for));
	for (uint32_t i = 0; i < span_n(p->scm); i++)
		judge_rights(c, check_nth(c, T_SCM, p->scm, i));
}

static void check(struct check *c)
{
	for EACH(c, T_PACKET, packet, p)
		judge(c, p);
}

const struct area area_queues = {
	.rules = rules, .tests = tests, .check = check,
};
