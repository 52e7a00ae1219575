// SPDX-License-Identifier: MIT
/*
 * Any bytes as an image -> text, in each format. Two bytes say how, the rest
 * is the image. Promises: the fast paths give what the events give, however
 * the bytes come; text is JSON.
 */
#include "common/fuzz.h"
#include "json/lex.h"

static void check_json(const struct result *r)
{
	struct crit_error err;
	struct json j;
	struct in in;

	error_clear(&err);
	if (!in_open(&in, fuzz_input(r->p, r->n, 0), &err))
		return;
	json_open(&j, &in);
	while (!error_is(&err) && !json_at_end(&j))
		json_skip(&j);
	fuzz_close(&in);
	if (error_is(&err))
		fuzz_fail(err.what, r, NULL);
}

/* What of a document or record that fails is out already is chance. */
static void leave_out_failed(struct result *r, enum json_format format)
{
	if (r->ok)
		return;
	if (r->n)
		r->n--;
	while (r->n && (format != JSON_RECORDS || r->p[r->n - 1] != '\n'))
		r->n--;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct to_text how = { .format = JSON_RECORDS };
	struct result fast, plain;

	if (n < 2)
		return 0;
	how.format = p[0] % 3;
	how.pretty = p[0] & 4;
	how.nopl = p[0] & 8;
	how.named = p[0] & 16;
	fuzz_decode(&how, p + 2, n - 2, &fast);
	how.plain = true;
	how.cut = p[1];
	fuzz_decode(&how, p + 2, n - 2, &plain);
	/* CRIT has no place for errors */
	if (fast.ok || how.format == JSON_RECORDS)
		check_json(&fast);
	leave_out_failed(&fast, how.format);
	leave_out_failed(&plain, how.format);
	fuzz_same("fast and plain", &fast, &plain, true);
	result_free(&fast);
	result_free(&plain);
	return 0;
}
