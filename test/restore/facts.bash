# SPDX-License-Identifier: MIT
#
# For facts.sh: each fact as the kernel has it and as these programs do. $d is
# the checkpoint; the task has the number $p in it, and $h here.

# The number here of a task that a container numbers $1
here_is() {
	[ "$root" ] || { echo "$1"; return; }
	awk -v p="$1" '/^NSpid:/ && NF > 2 && $NF == p {
		split(FILENAME, part, "/")
		print part[3]
		exit
	}' /proc/[0-9]*/status
}

# ---- Command line, environment, auxiliary vector ----

kernel_args() { cat "/proc/$h/cmdline"; }
our_args() { crit-mem --args -0 -p "$p" "$d"; }

# The kernel prints the area where the strings were at first; crit-mem follows the
# pointers to them. Where a program has put a title over the area (redis), the
# strings are empty, and the kernel prints all of its NULs.
kernel_environ() { tr -s '\0' <"/proc/$h/environ"; }
our_environ() { crit-mem --env -0 -p "$p" "$d" | tr -s '\0'; }

kernel_auxv() {
	od -An -v -t u8 -w16 "/proc/$h/auxv" |
		awk '$1 { print $1, $2 }'
}

our_auxv() {
	crit-mem --auxv -f records -p "$p" "$d" |
		jq -r '.auxv[] | .type, .value' | xargs printf '%u %u\n'
}

# ---- Mappings and memory ----

# Ours have no "(deleted)", System V memory and the rings of packet sockets by
# their numbers, one mapping for both parts of vvar, offsets only for files, and
# guard pages, which the kernel has in no list, as mappings between the parts of
# another
kernel_map() {
	awk '
		function flush() { if (end) print start "-" end, mode, offset, name }
		{
			name2 = $0
			sub(/^[^ ]+ [^ ]+ [^ ]+ [^ ]+ [0-9]+ */, "", name2)
			sub(/ \(deleted\)$/, "", name2)
			split($1, range, "-")
			if (name2 == "[vvar_vclock]" && name == "[vvar]") {
				end = range[2]
				next
			}
			flush()
			if (name2 == "")
				name2 = "[anon]"
			if (name2 ~ /^socket:/)
				name2 = "[packet]"
			if (name2 == "/[aio]")
				name2 = "[aio]"
			if (name2 ~ /^\/SYSV/)
				name2 = "[ipc:" $5 "]"
			name = name2; start = range[1]; end = range[2]; mode = $2
			offset = name ~ /^\[/ ? "-" : $3
		}
		END { flush() }' "/proc/$h/maps"
}

our_map() {
	crit-mem -f records -p "$p" "$d" | jq -r '
		def digits: if . < 16 then "0123456789abcdef"[.:. + 1]
			else (. / 16 | floor | digits) + (. % 16 | digits) end;
		def hex(width): ltrimstr("0x") | until(length >= width; "0" + .);
		"\(.start | hex(8))-\(.end | hex(8)) \(.prot) \(
			if .path | startswith("[") then "-"
			else .pgoff | digits | hex(8) end) \(.path | sub("^.packet:.*"; "[packet]"))"' |
		awk '
			function flush() { if (start) print start "-" end rest }
			{
				split($1, range, "-")
				guard = $4 == "[guard]"
				tail = substr($0, length($1) + 1)
				if (range[1] == end && (guard || guarded && tail == rest)) {
					end = range[2]
					guarded = guard
					next
				}
				flush()
				start = range[1]; end = range[2]; rest = tail; guarded = 0
			}
			END { flush() }'
}

# Each run of pages that are here, and where bytes differ from those of the
# process. The kernel itself writes to the area that a thread gave it for
# restartable sequences (on which processor it runs).
kernel_memory() { :; }

our_memory() {
	local start end rseq
	rseq=$(crit-x -f records "$d" ps |
		jq --argjson p "$p" 'select(.pid == $p) | .threads[].tid' |
		while read -r t; do crit-decode "$d/core-$t.img"; done |
		jq -r '.entries[].thread_core.rseq_entry.rseq_abi_pointer | values')
	crit-mem --runs -f records -p "$p" "$d" |
		jq -r 'select(.kind == "raw" or .kind == "zero") | .start, .end' |
		xargs printf '%u %u\n' | while read -r start end; do
			crit-mem -a "$start-$end" -p "$p" "$d" |
				cmp -l -n $((end - start)) -i "0:$start" - "/proc/$h/mem" |
				awk -v from="$start" -v rseq="${rseq//$'\n'/ }" '
					BEGIN { n = split(rseq, area, " ") }
					{
						at = from + $1 - 1
						for (i = 1; i <= n; i++)
							if (at >= area[i] && at < area[i] + 32)
								next
						printf "%.0f: octal %s, here %s\n", at, $2, $3
					}'
		done
}

# ---- Descriptors ----

kernel_fds() { ls "/proc/$h/fd" | sort -n; }
our_fds() { crit-x -f records -p "$p" "$d" fds | jq '.fd | numbers' | sort -n; }

# A name as it is, or as base64 where not all of it is plain
name_of() {
	if [[ $1 == *[^\ -~]* ]]; then
		printf %s "$1" | base64 -w 0
	else
		printf %s "$1"
	fi
}

# What a descriptor is of, as the kernel's link says
kind_of() {
	case $1 in
	socket:*) kind=socket name=${1//[^0-9]/} ;;
	pipe:*) kind=PIPE name=${1//[^0-9]/} ;;
	anon_inode:*eventfd*) kind=EVENTFD name= ;;
	anon_inode:*eventpoll*) kind=EVENTPOLL name= ;;
	anon_inode:*signalfd*) kind=SIGNALFD name= ;;
	anon_inode:*timerfd*) kind=TIMERFD name= ;;
	anon_inode:*inotify*) kind=INOTIFY name= ;;
	anon_inode:*fanotify*) kind=FANOTIFY name= ;;
	anon_inode:*pidfd* | pidfd:*) kind=PIDFD name= ;;
	[a-z]*:\[*) kind=NS name= ;;
	/memfd:*) kind=MEMFD name=${1#/memfd:} ;;
	/dev/pts/* | /dev/ptmx | /dev/tty) kind=TTY name= ;;
	/dev/net/tun) kind=TUNF name= ;;
	*) kind=REG name=$1 ;;
	esac
}

# Descriptor, kind, name, offset, closed by exec
kernel_files() {
	local LC_ALL=C fd link kind name key value pos flags
	find "/proc/$h/fd" -type l -printf '%f/%l\0' |
		while IFS=/ read -r -d '' fd link; do
			kind_of "$link"
			while read -r key value; do
				case $key in
				pos:) pos=$value ;;
				flags:) flags=$value ;;
				esac
			done <"/proc/$h/fdinfo/$fd"
			# a fifo has a name, and is no regular file
			if [ "$kind" = REG ] && [ -p "/proc/$h/fd/$fd" ]; then
				kind=FIFO name=
			fi
			# images of packet sockets have no inode
			if [ "$kind" = socket ] &&
					grep -q " $name *$" "/proc/$h/net/packet"; then
				name=-
			fi
			case $kind in REG | MEMFD) ;; *) pos=- ;; esac
			name=$(name_of "${name% (deleted)}")
			echo "$fd $kind $name $pos $((flags >> 19 & 1))"
		done | sort -n
}

our_files() {
	crit-x -f records -p "$p" "$d" fds | jq -r '
		def plain: if type == "object" then .base64
			elif test("^[ -~]*$") then . else @base64 end;
		select(.fd) | (.type | if test("SK$") then "socket" else . end) as $t |
		"\(.fd) \($t) \(
			if $t == "REG" then .file.name | plain
			elif $t == "MEMFD" then .inode.name | plain
			elif $t == "PIPE" then .file.pipe_id
			elif $t == "socket" then .file.ino // "-"
			else "" end) \(
			if $t == "REG" or $t == "MEMFD" then .file.pos else "-" end
			) \(.flags)"' | sort -n
}

# ---- Sockets of IPv4, IPv6 and Unix ----

# Not all of ss list a TCP socket that neither listens nor is connected; "*" is
# an IPv6 socket that takes IPv4, too.

kernel_sockets() {
	sockets_of "$h" | awk '{ print $1 }' | sort -un >"$top/inodes"
	nsenter -n -t "$h" ss -Hneatu 2>/dev/null | awk -v inodes="$top/inodes" '
		BEGIN {
			while ((getline i <inodes) > 0)
				mine[i] = 1
		}
		match($0, /ino:[0-9]+/) {
			i = substr($0, RSTART + 4, RLENGTH - 4)
			sub(/%[^:]*/, "", $5)
			if (i in mine && ($1 != "tcp" || $2 != "UNCONN"))
				print i, $1, $2, $5, $6
		}' | sort -n
	awk -v inodes="$top/inodes" '
		BEGIN {
			while ((getline i <inodes) > 0)
				mine[i] = 1
		}
		$7 in mine { print $7, "unix", $5 + 0, $4 }' "/proc/$h/net/unix" | sort -n
}

# inodes of the sockets that a process has open
sockets_of() {
	find "/proc/$1/fd" -type l -printf '%l\n' | sed -n 's/^socket:\[\(.*\)\]/\1/p'
}

our_sockets() {
	crit-x -f records -p "$p" "$d" sk >"$top/sk"
	jq -r '
		def address($ip; $port):
			(if $ip == "::" and .file.v6only == false then "*"
			 elif $ip | test(":") then "[\($ip)]" else $ip end)
			+ ":" + (if ($port // 0) == 0 then "*" else ($port | tostring) end);
		{LISTEN: "LISTEN", ESTABLISHED: "ESTAB", CLOSE: "UNCONN",
		 CLOSE_WAIT: "CLOSE-WAIT", FIN_WAIT1: "FIN-WAIT-1",
		 FIN_WAIT2: "FIN-WAIT-2"} as $state |
		select(.fd_type == "INETSK") |
		select(.protocol != "TCP" or .state != "CLOSE") |
		"\(.file.ino) \(.protocol | ascii_downcase) \($state[.state]) \(
			address(.src_addr; .src_port)) \(address(.dest_addr; .dest_port))"
		' "$top/sk" | sort -nu
	jq -r 'select(.fd_type == "UNIXSK") |
		"\(.file.ino) unix \({STREAM: 1, DGRAM: 2, SEQPACKET: 5}[.type]) \(
			if .state == "LISTEN" then "00010000" else "00000000" end)"
		' "$top/sk" | sort -nu
}

# ---- The process itself ----

kernel_status() {
	local name
	name=$(cat "/proc/$h/comm"; echo .)
	echo "comm $(LC_ALL=C name_of "${name%??}")"
	awk '
		$1 == "Umask:" { print "umask", $2 }
		$1 == "Threads:" { print "threads", $2 }
		$1 == "SigBlk:" { print "blocked", $2 }
		$1 == "NoNewPrivs:" { print "no_new_privs", $2 }' \
		"/proc/$h/status" | sort
}

our_status() {
	crit-x -f records "$d" ps | jq -r --argjson p "$p" '
		def plain: if type == "object" then .base64
			elif test("^[ -~]*$") then . else @base64 end;
		select(.pid == $p) | "comm \(.comm | plain)"'
	{
		crit-decode "$d/fs-$p.img" | jq -r '.entries[].umask | values' |
			xargs printf 'umask %04o\n'
		crit-x -f records "$d" ps | jq -r --argjson p "$p" '
			select(.pid == $p) | "threads \(.threads | length)"'
		crit-decode "$d/core-$p.img" | jq -r '.entries[] |
			"no_new_privs \(.thread_core.creds.no_new_privs // 0)"'
		crit-decode -p "$d/core-$p.img" | jq -r '.entries[].tc.blk_sigset | values' |
			xargs printf 'blocked %016x\n'
	} | sort
}
