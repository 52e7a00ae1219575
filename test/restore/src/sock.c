// SPDX-License-Identifier: MIT
/* sock: sockets of many families with queued data.  argv[1]: variant, argv[2]: "tcp" adds established TCP */
#include "h.h"
#include <stddef.h>
#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/ioctl.h>

static int V = 1, tcp;
static int sp[2], dp[2], qp[2], ta, tb, ua, ub;

static int bindun(int type, const void *name, size_t len, int abstract)
{
	struct sockaddr_un a;
	memset(&a, 0, sizeof a);
	a.sun_family = AF_UNIX;
	memcpy(a.sun_path + abstract, name, len);
	int s = socket(AF_UNIX, type, 0);
	T(s);
	T(bind(s, (void *)&a, offsetof(struct sockaddr_un, sun_path) + abstract + len + !abstract));
	return s;
}
static int in4(int type, const char *ip, int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
	int one = 1;
	inet_pton(AF_INET, ip, &a.sin_addr);
	int s = socket(AF_INET, type, 0);
	T(s);
	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	T(bind(s, (void *)&a, sizeof a));
	return s;
}
static int in6(int type, const char *ip, int port, int v6only)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	int one = 1;
	inet_pton(AF_INET6, ip, &a.sin6_addr);
	int s = socket(AF_INET6, type, 0);
	T(s);
	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof v6only);
	T(bind(s, (void *)&a, sizeof a));
	return s;
}
static int connect_to(int ls, int family)
{
	struct sockaddr_storage ss;
	socklen_t l = sizeof ss;
	T(getsockname(ls, (void *)&ss, &l));
	int s = socket(family, SOCK_STREAM, 0);
	T(s);
	T(connect(s, (void *)&ss, l));
	return s;
}
static void fillq(int s)
{
	char b[4096];
	int fl = fcntl(s, F_GETFL);
	fcntl(s, F_SETFL, fl | O_NONBLOCK);
	for (int i = 0; i < 400; i++) {
		memset(b, 'A' + i % 26, sizeof b);
		if (write(s, b, sizeof b) < 0)
			break;
	}
	fcntl(s, F_SETFL, fl);
}
static int check(void)
{
	char b[64];
	CHECK(recv(sp[1], b, sizeof b, MSG_PEEK | MSG_DONTWAIT) == 12 && memcmp(b, "stream data\n", 12) == 0);
	CHECK(recv(dp[1], b, sizeof b, MSG_PEEK | MSG_DONTWAIT) == 9 && memcmp(b, "datagram1", 9) == 0);
	CHECK(write(qp[0], "x", 1) == 1);
	if (tcp) {
		CHECK(recv(tb, b, 8, MSG_PEEK | MSG_DONTWAIT) == 8 && memcmp(b, "queued i", 8) == 0);
		CHECK(recv(ta, b, sizeof b, MSG_DONTWAIT) == 6 && memcmp(b, "reply\n", 6) == 0);
		CHECK(write(tb, "pong", 4) == 4);
		h_nap(50);
		CHECK(recv(ta, b, sizeof b, MSG_DONTWAIT) == 4);
	}
	return 0;
}
int main(int argc, char **argv)
{
	int one = 1, v;
	if (argc > 1)
		V = atoi(argv[1]);
	tcp = argc > 2;
	/* unix pairs */
	T(socketpair(AF_UNIX, SOCK_STREAM, 0, sp));
	if (write(sp[0], "stream data\n", 12) < 0)
		DIE("w");
	T(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, dp));
	send(dp[0], "datagram1", 9, 0);
	send(dp[0], "d3\0\xff\x80", 5, 0);
	T(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, qp));
	send(qp[0], "packet", 6, 0);
	send(qp[1], "other way", 9, 0);
	if (V == 2) { /* large queue, >4K, odd */
		char big[9001];
		for (unsigned i = 0; i < sizeof big; i++)
			big[i] = i * 7;
		send(dp[1], big, sizeof big, 0);
		int h[2];
		T(socketpair(AF_UNIX, SOCK_STREAM, 0, h));
		if (write(h[0], "half closed", 11) < 0)
			DIE("h");
		T(shutdown(h[0], SHUT_WR));
		int lone[2];
		T(socketpair(AF_UNIX, SOCK_STREAM, 0, lone));
		close(lone[1]);
	}
	/* SCM_RIGHTS in flight */
	int sc[2];
	T(socketpair(AF_UNIX, SOCK_DGRAM, 0, sc));
	{
		int fds[2] = { open("/dev/null", O_RDONLY), sp[0] };
		char cb[CMSG_SPACE(sizeof fds)];
		struct iovec io = { "fds", 3 };
		struct msghdr m = { .msg_iov = &io, .msg_iovlen = 1, .msg_control = cb, .msg_controllen = sizeof cb };
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(V == 1 ? 4 : sizeof fds);
		m.msg_controllen = c->cmsg_len;
		memcpy(CMSG_DATA(c), fds, V == 1 ? 4 : sizeof fds);
		T(sendmsg(sc[0], &m, 0));
		if (V == 2)
			send(sc[0], "after the fds", 13, 0);
	}
	/* named unix sockets */
	int ls = bindun(SOCK_STREAM, "sock.listen", 11, 0);
	T(listen(ls, 5 + V));
	chmod("sock.listen", 0660);
	int cl = connect_to(ls, AF_UNIX);
	(void)cl; /* pending connection; CRIU refuses it when data was already written */
	bindun(SOCK_DGRAM, "sock.dgram", 10, 0);
	int pc = bindun(SOCK_DGRAM, "sock.passcred", 13, 0); /* must stay empty: cmsgs are not supported */
	setsockopt(pc, SOL_SOCKET, SO_PASSCRED, &one, sizeof one);
	setsockopt(pc, SOL_SOCKET, SO_PASSSEC, &one, sizeof one);
	{
		int c = socket(AF_UNIX, SOCK_DGRAM, 0);
		struct sockaddr_un a = { AF_UNIX, "sock.dgram" };
		T(connect(c, (void *)&a, sizeof a));
		send(c, "to named", 8, 0);
	}
	char odd[107];
	for (unsigned i = 0; i < sizeof odd; i++)
		odd[i] = V == 1 ? "abc=\xff\x00 ~\t\n"[i % 10] : (char)(i * 5 + 1);
	bindun(SOCK_DGRAM, odd, V == 1 ? 100 : 107, 1);
	bindun(SOCK_STREAM, V == 1 ? "/tmp/.X11-unix/X0" : "@org.example = \xc3\xa9t\xc3\xa9 ", V == 1 ? 17 : 22, 1);
	int gs = bindun(SOCK_STREAM, "sock.deleted", 12, 0);
	T(listen(gs, 1));
	T(unlink("sock.deleted"));
	socket(AF_UNIX, SOCK_STREAM, 0); /* unbound */
	/* inet */
	int l4 = in4(SOCK_STREAM, V == 1 ? "0.0.0.0" : "127.0.0.1", 8080 + V);
	v = 1;
	setsockopt(l4, IPPROTO_TCP, TCP_NODELAY, &v, sizeof v);
	v = 33;
	setsockopt(l4, IPPROTO_TCP, TCP_DEFER_ACCEPT, &v, sizeof v);
	T(listen(l4, 128));
	int l6 = in6(SOCK_STREAM, V == 1 ? "::" : "::1", 9090, V == 2);
	T(listen(l6, 7));
	in4(SOCK_STREAM, "127.0.0.1", 7001); /* bound, closed state */
	socket(AF_INET, SOCK_STREAM, 0);     /* unbound tcp */
	ua = in4(SOCK_DGRAM, "127.0.0.1", 5353);
	v = 1;
	setsockopt(ua, SOL_SOCKET, SO_BROADCAST, &v, sizeof v);
	setsockopt(ua, IPPROTO_IP, IP_RECVERR, &v, sizeof v);
	setsockopt(ua, IPPROTO_IP, IP_PKTINFO, &v, sizeof v);
	v = 0x10;
	setsockopt(ua, IPPROTO_IP, IP_TOS, &v, sizeof v);
	v = 55;
	setsockopt(ua, IPPROTO_IP, IP_TTL, &v, sizeof v);
	v = 123456;
	setsockopt(ua, SOL_SOCKET, SO_RCVBUF, &v, sizeof v);
	v = 0x77;
	setsockopt(ua, SOL_SOCKET, SO_MARK, &v, sizeof v);
	v = 3;
	setsockopt(ua, SOL_SOCKET, SO_PRIORITY, &v, sizeof v);
	struct timeval tv = { 5, 250000 };
	setsockopt(ua, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
	setsockopt(ua, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof tv);
	setsockopt(ua, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3);
	struct sock_filter code[] = { { 0x06, 0, 0, 0x0000ffff } };
	struct sock_fprog fp = { 1, code };
	setsockopt(ua, SOL_SOCKET, SO_ATTACH_FILTER, &fp, sizeof fp);
	ub = in6(SOCK_DGRAM, "::1", 5354, 1);
	struct sockaddr_in6 d6 = { .sin6_family = AF_INET6, .sin6_port = htons(5355), .sin6_addr = in6addr_loopback };
	T(connect(ub, (void *)&d6, sizeof d6));
	int sd = in4(SOCK_DGRAM, "127.0.0.1", 5356);
	struct sockaddr_in d4 = { .sin_family = AF_INET, .sin_port = htons(5357), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	T(connect(sd, (void *)&d4, sizeof d4));
	T(shutdown(sd, SHUT_RD) < 0 ? 0 : 0);
	int ul = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDPLITE);
	if (ul >= 0)
		close(ul);
	/* packet + netlink */
	int pk = socket(AF_PACKET, V == 1 ? SOCK_RAW : SOCK_DGRAM, htons(ETH_P_ARP));
	T(pk);
	struct sockaddr_ll ll = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ARP), .sll_ifindex = if_nametoindex("lo") };
	T(bind(pk, (void *)&ll, sizeof ll));
	v = 4;
	setsockopt(pk, SOL_PACKET, PACKET_RESERVE, &v, sizeof v);
	v = 1;
	setsockopt(pk, SOL_PACKET, PACKET_AUXDATA, &v, sizeof v);
	int pr = socket(AF_PACKET, SOCK_RAW, 0);
	T(pr);
	v = TPACKET_V2;
	setsockopt(pr, SOL_PACKET, PACKET_VERSION, &v, sizeof v);
	struct tpacket_req rq = { 4096, 2, 2048, 4 };
	T(setsockopt(pr, SOL_PACKET, PACKET_RX_RING, &rq, sizeof rq));
	if (V == 2) {
		char *ring = mmap(0, 8192, 3, MAP_SHARED, pr, 0);
		if (ring == MAP_FAILED)
			DIE("ring");
		struct packet_mreq mr = { .mr_ifindex = if_nametoindex("lo"), .mr_type = PACKET_MR_PROMISC };
		T(setsockopt(pr, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &mr, sizeof mr));
		v = 0x50000 | 0x1234;
		T(setsockopt(pk, SOL_PACKET, PACKET_FANOUT, &v, sizeof v));
	}
	int nl = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	T(nl);
	struct sockaddr_nl na = { .nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR };
	T(bind(nl, (void *)&na, sizeof na));
	int nu = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_KOBJECT_UEVENT);
	T(nu);
	struct sockaddr_nl nb = { .nl_family = AF_NETLINK, .nl_groups = 1, .nl_pid = 0x12340000 + V };
	T(bind(nu, (void *)&nb, sizeof nb));
	if (V == 2) {
		int n3 = socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG);
		T(n3);
		struct sockaddr_nl kern = { .nl_family = AF_NETLINK };
		T(connect(n3, (void *)&kern, sizeof kern));
	}
	/* established TCP */
	if (tcp) {
		ta = connect_to(l6, AF_INET6);
		tb = accept(l6, NULL, NULL);
		T(tb);
		if (write(ta, "queued in the receive queue", 27) < 0 || write(tb, "reply\n", 6) < 0)
			DIE("tcp");
		v = 1;
		setsockopt(ta, SOL_SOCKET, SO_KEEPALIVE, &v, sizeof v);
		v = 300;
		setsockopt(ta, IPPROTO_TCP, TCP_KEEPIDLE, &v, sizeof v);
		setsockopt(ta, IPPROTO_TCP, TCP_KEEPINTVL, &v, sizeof v);
		int k4 = in4(SOCK_STREAM, "127.0.0.1", 7777);
		int small = 4608;
		setsockopt(k4, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
		T(listen(k4, 3));
		int a = connect_to(k4, AF_INET);
		int b = accept(k4, NULL, NULL);
		T(b);
		v = V == 1 ? 1 : 0;
		setsockopt(a, IPPROTO_TCP, TCP_NODELAY, &v, sizeof v);
		if (V == 2)
			setsockopt(a, IPPROTO_TCP, TCP_CORK, &one, sizeof one);
		small = V == 1 ? 10000 : 60000;
		setsockopt(a, SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
		fillq(a); /* in queue of b and out queue of a are both non-empty */
		/* half closed */
		int c = connect_to(k4, AF_INET), d = accept(k4, NULL, NULL);
		T(d);
		if (write(c, "bye", 3) < 0)
			DIE("bye");
		T(shutdown(c, SHUT_WR)); /* FIN_WAIT2 / CLOSE_WAIT */
	}
	h_nap(300);
	h_main(check);
}
