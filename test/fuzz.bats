# SPDX-License-Identifier: MIT
#
# Each fuzz target over what fuzzers have found: inputs that reach much of the
# code (fuzz/corpus), and those that once broke it (fuzz/crashes).

each() {
	export TMPDIR=$BATS_TEST_TMPDIR
	"$CRIT_BUILD/test/fuzz/$1" "$CRIT_ROOT/test/fuzz/c"*"/$1" \
		>"$BATS_TEST_TMPDIR/said" \
		2>"$BATS_TEST_TMPDIR/last" || {
		tail -c 2000 "$BATS_TEST_TMPDIR/last"
		return 1
	}
	echo "# figure: $1: $(cat "$BATS_TEST_TMPDIR/said")" >&3
}

@test "archives" { each store_tar; }
@test "streams" { each store_stream; }
@test "images" { each image; }
@test "round trips" { each roundtrip; }
@test "documents" { each json; }
@test "YAML" { each yaml; }
@test "schemas" { each schema; }
@test "explorers" { each explore; }
@test "memory" { each memory; }
@test "cores" { each core; }
@test "pictures" { each draw; }
@test "regular expressions" { each pattern; }
@test "checks of checkpoints" { each check; }
@test "differences of checkpoints" { each diff; }

@test "each target is here" {
	for f in "$CRIT_ROOT/test/fuzz/"*.c; do
		f=${f##*/}
		grep -q "each ${f%.c};" "$BATS_TEST_FILENAME"
	done
}
