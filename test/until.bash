# SPDX-License-Identifier: MIT
#
# For suites with programs that run beside a test.

# until_true COMMAND... : it comes true within a minute, which is reached only
# where it never does
until_true() {
	local end=$((SECONDS + 60 * ${CRIT_SLOW:-1}))
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || {
			echo "not within a minute: $*"
			return 1
		}
		sleep 0.01
	done
}

# end_by SIGNAL PID : ends the program that timeout PID runs. Not by way of
# timeout: where its fork has not yet returned, it leaves the program behind.
end_by() {
	kill -"$1" "$(pgrep -P "$2")"
}
