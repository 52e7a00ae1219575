# SPDX-License-Identifier: MIT
#
# For programs of the table: prepare_NAME runs before it, ready_NAME waits until
# it is ready, answers_NAME asks it. They run in $desk. needs_WORD says why a
# program cannot run here.

# ---- A container: src/ct makes it, src/nsinit is its process 1 ----

prepare_container() {
	mkdir -p root/bin
	cp "$bin/nsinit" root/bin
}

ready_container() {
	until_true test -s ct.pid -a -s root/w/ready || return
	pid=$(cat ct.pid) root=$desk/root desk=$desk/root/w
}

prepare_container3() { prepare_container; }
ready_container3() { ready_container; }
prepare_timens() { prepare_container; }
ready_timens() { ready_container; }

# ---- Programs that know nothing of these tests ----

needs_foreign() {
	[ -e "$foreign/../unpacked" ] || echo "no packages could be unpacked"
	[ -e "$foreign/../unpacked" ]
}

# a file of packages that are not installed, run with their libraries
other() { FOREIGN=$foreign "$here/src/in-foreign" "$@"; }

redis() { other redis-cli -p "${redis_port-6390}" "$@"; }

prepare_redis() {
	cat >redis.conf <<-C
	port 6390
	bind 127.0.0.1 ::1
	unixsocket $desk/redis.sock
	save ""
	hz 50
	C
}

ready_redis() {
	until_true redis ping
	redis eval 'for i = 1, 5000 do
			redis.call("set", "key" .. i, string.rep(i, 20))
		end' 0 >/dev/null
	redis rpush list one two three >/dev/null
}

answers_redis() {
	[ "$(redis dbsize)" = 5001 ] &&
		[ "$(redis get key12 | md5sum)" = \
			"$(printf '12%.0s' {1..20} | sed 's/$/\n/' | md5sum)" ] &&
		[ "$(redis rpush list four)" = 4 ] &&
		[ "$(other redis-cli -s redis.sock ping)" = PONG ]
}

prepare_nginx() {
	echo "a page of nginx" >index.html
	cat >nginx.conf <<-C
	user root;
	worker_processes 2;
	error_log $desk/error.log;
	pid $desk/nginx.pid;
	events { worker_connections 64; }
	http {
		access_log $desk/access.log;
		server { listen 127.0.0.1:8089; root $desk; }
	}
	C
	for i in body proxy fastcgi uwsgi scgi; do
		mkdir -p "/var/lib/nginx/$i"
	done
}

page() {
	exec 7<>"/dev/tcp/${address-127.0.0.1}/${port-8089}" || return
	printf 'GET / HTTP/1.0\r\n\r\n' >&7
	cat <&7 | tail -n 1
	exec 7>&-
}

nginx_answers() { [ "$(page 2>/dev/null)" = "a page of nginx" ]; }
ready_nginx() { until_true nginx_answers; }
answers_nginx() { nginx_answers; }

# An interactive shell on a terminal whose keys come from a fifo
prepare_session() { mkfifo keys; }

ready_session() {
	cat >keys <<-'K'
	secret=forty-two; count=0
	add() { count=$((count + $1)); }
	trap 'echo caught >caught' USR1
	sleep 100000 &
	while read -r n; do echo "$n" >>piped; done < <(echo first; sleep 100000) &
	cd ..; pushd desk; stty -echo
	add 7; echo yes >ready
	K
	until_true test -s ready -a -s piped
}

answers_session() {
	rm -f answer caught
	cat >keys <<-'K'
	add 1; kill -USR1 $$
	echo "$secret $count $(jobs -pr | wc -l) $(dirs -p | wc -l)" >answer
	K
	until_true test -s answer -a -s caught || return
	cat answer
	[ "$(cat answer)" = "forty-two 8 2 2" ]
}
