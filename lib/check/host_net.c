// SPDX-License-Identifier: MIT
/*
 * --host: ports, addresses, devices, and the programs that restore networks.
 */
#include "check/files.h"
#include "check/host.h"
#include "check/netdev.h"
#include "base/alloc.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const struct rule rules[] = {
	{ "host-port-used", ERROR, "a port is in use, or an address is not "
		"here" },
	{ "host-netdev", ERROR, "a device is not on this machine" },
	{ "host-net-tools", ERROR, "a program that restores networks is "
		"missing" },
	{ 0 },
};

enum { TCP = 6, UDP = 17 };

/* A socket of this machine: a line of /proc/net/tcp. */
static bool line_is(const char *line, const struct inetsk *s,
		    const uint32_t *address, unsigned words, bool connected)
{
	char text[33], port[5];

	if (sscanf(line, " %*[0-9]: %32[0-9A-Fa-f]:%4[0-9A-Fa-f]", text,
		   port) != 2 || strtoul(port, NULL, 16) != s->src_port ||
	    connected)
		return false;
	for (unsigned i = 0; i < words && strlen(text) >= 8 * words; i++) {
		char word[9] = "";

		memcpy(word, text + 8 * i, 8);
		if (strtoul(word, NULL, 16) != address[i])
			return false;
	}
	return true;
}

static bool in_use(struct check *c, const struct inetsk *s)
{
	bool six = s->family == 10;
	const char *path = s->proto == TCP ? six ? "/proc/net/tcp6" :
		"/proc/net/tcp" : six ? "/proc/net/udp6" : "/proc/net/udp";
	char *text = host_text(c, path), *line = text;
	uint32_t address[4] = { 0 };
	bool found = false;

	for (uint32_t i = 0; i < 4; i++)
		address[i] = (uint32_t)check_number(c, s->src_addr, i);
	while (line && !found) {
		found = line_is(line, s, address, six ? 4 : 1,
				s->proto == TCP && s->dst_port);
		line = strchr(line, '\n');
		line += line != NULL;
	}
	alloc_free(text);
	return found;
}

/* Whether some interface has the address; yes where that is not known. */
static bool is_local(const struct check *c, const struct inetsk *s)
{
	uint32_t address[4];
	struct ifaddrs *all, *i;
	size_t n = s->family == 10 ? 16 : 4;
	bool found = false;

	if (getifaddrs(&all))
		return true;
	for (uint32_t k = 0; k < 4; k++)
		address[k] = (uint32_t)check_number(c, s->src_addr, k);
	for (i = all; i && !found; i = i->ifa_next) {
		const struct sockaddr *a = i->ifa_addr;
		const void *p = !a ? NULL : a->sa_family == AF_INET ?
			(const void *)&((const struct sockaddr_in *)
					(const void *)a)->sin_addr :
			(const void *)&((const struct sockaddr_in6 *)
					(const void *)a)->sin6_addr;

		found = a && a->sa_family == s->family && !memcmp(p, address, n);
	}
	freeifaddrs(all);
	return found;
}

static void judge_socket(struct check *c, const struct inetsk *s)
{
	bool connected = s->proto == TCP && s->dst_port;

	if ((s->proto == TCP || s->proto == UDP) && s->src_port && in_use(c, s))
		check_say(c, "host-port-used", AT_FIELD(s, "src_port"), "{port} "
			  "of socket {id} is in use",
			  VALUES(s->src_port, s->id));
	if (connected && (s->family == 2 || s->family == 10) && !is_local(c, s))
		check_say(c, "host-port-used", AT_FIELD(s, "src_addr"), "the "
			  "address of socket {id} is on no interface",
			  VALUES(s->id));
}

static void judge_name(struct check *c, const void *row, const char *field,
		       uint64_t name)
{
	char text[IF_NAMESIZE];

	if (!span_n(name))
		return;
	snprintf(text, sizeof(text), "%.*s", (int)span_n(name),
		 check_text(c, name));
	if (span_n(name) >= sizeof(text) || !if_nametoindex(text))
		check_say(c, "host-netdev", AT_FIELD(row, field), "{name:t} is "
			  "no device of this machine", VALUES(name));
}

static void judge_devices(struct check *c)
{
	char name[IF_NAMESIZE];

	for EACH(c, T_INETSK, inetsk, s)
		judge_name(c, s, "ifname", s->ifname);
	for EACH(c, T_SK_OPTS, sk_opts, o)
		judge_name(c, o, "so_bound_dev", o->so_bound_dev);
	for EACH(c, T_PACKETSK, packetsk, p)
		if (p->ifindex && p->ifindex <= INT32_MAX &&
		    !if_indextoname((unsigned)p->ifindex, name))
			check_say(c, "host-netdev", AT_FIELD(p, "ifindex"),
				  "{ifindex} of socket {id} is no device of this "
				  "machine", VALUES(p->ifindex, p->id));
}

static const struct {
	const char *template, *program;
} tools[] = {
	{ "ifaddr-*.img", "ip" }, { "route-*.img", "ip" },
	{ "route6-*.img", "ip" }, { "rule-*.img", "ip" },
	{ "iptables-*.img", "iptables-restore" },
	{ "ip6tables-*.img", "ip6tables-restore" },
};

static void judge_tools(struct check *c)
{
	for (size_t i = 0; i < c->images.n; i++) {
		const struct check_image *im = check_image_at(c, i);

		for (size_t k = 0; im->template && im->size &&
		     k < sizeof(tools) / sizeof(*tools); k++)
			if (!strcmp(im->template, tools[k].template) &&
			    !host_program(tools[k].program))
				check_say(c, "host-net-tools", AT_IMAGE(im),
					  "restore needs the program {program:s}",
					  VALUES(STRING(tools[k].program)));
	}
}

static void check(struct check *c)
{
	if (!c->host)
		return;
	if (tasks_dumped(c, NS_NET)) {
		judge_tools(c);
		return;
	}
	for EACH(c, T_INETSK, inetsk, s)
		judge_socket(c, s);
	judge_devices(c);
}

const struct area area_host_net = { .rules = rules, .check = check };
