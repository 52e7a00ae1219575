# SPDX-License-Identifier: MIT
#
# Fresh dumps: the core of each task beside the core that the kernel writes of
# it. CRIU leaves the processes stopped, so that both are of the same moment.

. "$CRIT_ROOT/test/restore/common.bash"
. "$CRIT_ROOT/test/restore/facts.bash"

# A process has a program until its core is written.
ended() { ! readlink "/proc/$h/exe"; }

# kernel_core: of the stopped task $h into $top/kernel; false: it has none
kernel_core() {
	local to
	# process 1 of a container dies of no such signal
	awk '/^NSpid:/ && NF > 2 && $NF == 1 { exit 1 }
		/^Sig(Blk|Ign|Cgt)/ && substr($2, 15, 1) ~ /[2367abef]/ { exit 1 }' \
		"/proc/$h/status" || return
	to=$(readlink "/proc/$h/root")$(readlink "/proc/$h/cwd")
	rm -f "$to"/core "$to"/core.*
	echo 0x7f >"/proc/$h/coredump_filter" || return
	prlimit --pid "$h" --core=unlimited: || return
	kill -ABRT "$h"
	kill -CONT "$h"
	until_true ended || return
	mv "$to"/core* "$top/kernel" 2>/dev/null
}

# notes CORE: what both should say alike; threads are in another order, and notes
# of the process stand between those of the thread that took the signal
notes() {
	eu-readelf -n "$1" | awk '
		/^  [A-Z]+ +[0-9]+ / {
			of_thread = !/ (PRPSINFO|SIGINFO|AUXV|FILE)$/
		}
		/ PRSTATUS$/ { n = 0; tid = "" }
		{ held[++n] = $0 }
		!tid && match($0, /^ *pid: [0-9]+/) {
			tid = substr($0, RSTART, RLENGTH)
		}
		tid {
			for (i = 1; i <= n; i++)
				print (of_thread ? tid : "") "\t" held[i]
			n = 0
		}' | sort -s -t "$(printf '\t')" -k1,1 | cut -f 2- | sed -E '
		/X86_XSTATE|<unknown>|Note segment|info.si_signo|cursig/d
		/utime|^ *rax|rip:|orig_rax|sname|ppid|si_errno|sender|files:/d
		/^  CORE +[0-9]+ +(SIGINFO|FILE)/d; /SYSV|\/dev\/zero|\/memfd:|\[/d
		s/ +\(deleted\)$//; s/^      ([0-9a-f]+-[0-9a-f]+ [0-9a-f]+) [0-9]+ +/\1 /'
}

# Pages that the kernel itself changed on the way: a thread's rseq data
compare() {
	local threads differ
	crit-core -p "$p" -o "$top/ours" "$d" 2>"$top/why" &&
		elf_core list "$top/ours" >/dev/null || return
	kernel_core || { echo "$p" >>"$top/none"; return 0; }
	threads=$(eu-readelf -n "$top/ours" | grep -c PRSTATUS)
	differ=$(elf_core pages "$top/ours" "$top/kernel" |
		sed -n 's/.* pages, \(.*\) differ/\1/p')
	[ "$differ" -le $((2 * threads)) ] || {
		elf_core pages "$top/ours" "$top/kernel" | tail -n 20
		return 1
	}
	diff <(notes "$top/kernel") <(notes "$top/ours")
}

# Other people's programs: what a frame of the backtrace is called at least
frame_of() {
	case $name in
	python) echo Py_RunMain ;;
	perl) echo perl_run ;;
	redis) echo aeMain ;;
	nginx) echo main ;;
	*) return 1 ;;
	esac
}

# backtrace FUNCTION: by the program's own file, with the machine's libraries
backtrace() {
	gdb -nx -batch -iex "set sysroot /" \
		-ex 'thread apply all bt' "$program" "$top/ours" 2>&1 |
		tee "$top/bt" | grep -qE "#[0-9]+ .* (in )?$1 \(" || {
		cat "$top/bt"
		return 1
	}
}

inside() {
	# its shell goes on while its terminal is stopped
	[ "$1" != session ] || return 0
	begin "$1" || return 0
	d=$top/images
	dump "$d" --leave-stopped || { result 1 "dumped"; finish; return; }
	: >"$top/none"
	crit-x -f records "$d" ps | jq -r 'select(.state != "Dead") | .pid' |
		tac | head -n 8 >"$top/tasks"
	while read -r p; do
		h=$(here_is "$p")
		program=$(readlink "/proc/$h/exe")
		compare >"$top/differ" 2>&1
		result $? "core of task $p" || head -n 30 "$top/differ" | sed 's/^/# /'
		function=$(frame_of) || continue
		backtrace "$function" >"$top/differ" 2>&1
		result $? "backtrace of task $p" ||
			head -n 30 "$top/differ" | sed 's/^/# /'
	done <"$top/tasks"
	[ "$(wc -l <"$top/none")" -lt "$(wc -l <"$top/tasks")" ] ||
		echo "# the kernel wrote no core"
	finish
}

if [ "${1-}" = inside ]; then
	inside "$2"
else
	each_program "$CRIT_ROOT/test/core/kernel.sh" "$@"
fi
