#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# crit-core: each register of each architecture, by gdb-multiarch. Checkpoints
# are made here; every number in them is one of its own.
# shellcheck disable=SC2016

bats_require_minimum_version 1.5.0

setup() {
	set -o pipefail
	cd "$BATS_TEST_TMPDIR" || return 1
}

# In jq: numbers(thread info) gives each null in it a number of its own, from
# 1001; list(n) is n nulls.
jq_text='
def list(n): [range(n) | null];
def numbers: [paths(. == null)] as $p |
	reduce range($p | length) as $i (.; setpath($p[$i]; 1001 + $i));
def names($s): reduce ($s | split(" ")[]) as $n ({}; .[$n] = null);
'

# checkpoint MTYPE MEMBER INFO [AUXV]: task 7 in c, with a page of memory at
# 0x10000; INFO is jq; AUXV, pairs of numbers. Leaves INFO with its numbers in
# ti.json.
checkpoint() {
	rm -rf c
	mkdir c
	jq -n -c "$jq_text ($3) | .clear_tid_addr = 0 | numbers" >ti.json
	jq -n -c --slurpfile ti ti.json --arg mtype "$1" --arg member "$2" '
		{magic: "CORE", entries: [{mtype: $mtype, ($member): $ti[0],
		tc: {task_state: 1, exit_code: 0, personality: 0, flags: 64,
			blk_sigset: 2, comm: "made"},
		thread_core: {futex_rla: 0, futex_rla_len: 0, blk_sigset: 4,
			creds: {uid: 11, gid: 12, euid: 0, egid: 0, suid: 0,
			sgid: 0, fsuid: 0, fsgid: 0, secbits: 0}}}]}' |
		crit-encode -o c/core-7.img
	echo '{"magic":"PSTREE","entries":[{"pid":7,"ppid":5,"pgid":7,"sid":6,
		"threads":[7]}]}' | crit-encode -o c/pstree.img
	echo '{"magic":"MM","entries":[{"mm_start_code":0,"mm_end_code":0,
		"mm_start_data":0,"mm_end_data":0,"mm_start_stack":0,
		"mm_start_brk":0,"mm_brk":0,"mm_arg_start":65536,
		"mm_arg_end":65540,"mm_env_start":0,"mm_env_end":0,
		"exe_file_id":0,"mm_saved_auxv":['"${4-0,0}"'],
		"vmas":[{"start":65536,"end":69632,"pgoff":0,
		"shmid":0,"prot":3,"flags":34,"status":513,"fd":-1}]}]}' |
		crit-encode -o c/mm-7.img
	echo '{"magic":"PAGEMAP","entries":[{"pages_id":1},{"vaddr":65536,
		"compat_nr_pages":0,"flags":4,"nr_pages":1}]}' |
		crit-encode -o c/pagemap-7.img
	{ echo abc; head -c 4092 /dev/zero; } >c/pages-1.img
}

# registers ARCHITECTURE LINES: LINES is jq over the thread info, that prints
# an expression of gdb, a tab and a value each
registers() {
	crit-core -o core c
	elf_core list core >/dev/null
	eu-readelf -n core >notes
	jq -r ". as \$t | $2" ti.json | sort -u >lines
	[ -s lines ]
	local line say=()
	while IFS=$'\t' read -r line _; do
		say+=(-ex "printf \"$line\\t%lu\\n\", $line")
	done <lines
	# an error ends only the command it is in
	gdb-multiarch -nx -batch -iex "set architecture $1" -core core \
		"${say[@]}" >printed 2>errors || true
	grep -P '^\$\S+\t\d+$' printed | sort -u | diff lines - || {
		sort -u errors
		return 1
	}
}

# words TYPE WIDTH JQ: the note's integers are those of the thread info
words() {
	elf_core words core "$1" "$2" | diff - <(jq "$3" ti.json)
}

@test "x86_64" {
	checkpoint X86_64 thread_info '{
		gpregs: names("r15 r14 r13 r12 bp bx r11 r10 r9 r8 ax cx dx si di orig_ax ip cs flags sp ss fs_base gs_base ds es fs gs"),
		fpregs: (names("cwd swd fop rip rdp mxcsr mxcsr_mask") + {twd: 255,
			st_space: list(32), xmm_space: list(64),
			xsave: {xstate_bv: 767, ymmh_space: list(64),
			bndreg_state: list(8), bndcsr_state: list(8),
			opmask_reg: list(8), zmm_upper: list(64),
			hi16_zmm: list(128), pkru: list(2)}})}'
	registers i386:x86-64 '
		(("r15 r14 r13 r12 r11 r10 r9 r8" | split(" ")[] |
			"$\(.)\t\($t.gpregs[.])"),
		("bp bx ax cx dx si di sp" | split(" ")[] |
			"$r\(.)\t\($t.gpregs[.])"),
		("fs_base gs_base cs ss ds es fs gs" | split(" ")[] |
			"$\(.)\t\($t.gpregs[.])"),
		"$rip\t\($t.gpregs.ip)", "$eflags\t\($t.gpregs.flags)",
		"$orig_rax\t\($t.gpregs.orig_ax)",
		"$mxcsr\t\($t.fpregs.mxcsr)", "$fctrl\t\($t.fpregs.cwd)",
		(range(64) | "$xmm\(. / 4 | floor).v4_int32[\(. % 4)]\t\($t.fpregs.xmm_space[.])"),
		(range(64) | "$ymm\(. / 4 | floor).v8_int32[\(. % 4 + 4)]\t\($t.fpregs.xsave.ymmh_space[.])"),
		(range(64) | "$zmm\(. / 4 | floor).v8_int64[\(. % 4 + 4)]\t\($t.fpregs.xsave.zmm_upper[.])"),
		(range(128) | "$zmm\(. / 8 + 16 | floor).v8_int64[\(. % 8)]\t\($t.fpregs.xsave.hi16_zmm[.])"),
		(range(8) | "$k\(.)\t\($t.fpregs.xsave.opmask_reg[.])"),
		"$pkru\t\($t.fpregs.xsave.pkru[0])")'
}

@test "i386" {
	checkpoint X86_64 thread_info '{
		gpregs: (names("r15 r14 r13 r12 bp bx r11 r10 r9 r8 ax cx dx si di orig_ax ip cs flags sp ss fs_base gs_base ds es fs gs") + {mode: "COMPAT"}),
		fpregs: (names("cwd swd fop rip rdp mxcsr mxcsr_mask") + {twd: 255,
			st_space: list(32), xmm_space: list(64),
			xsave: {xstate_bv: 7, ymmh_space: list(64)}}),
		tls: [range(3) | {entry_number: (12 + .), base_addr: null,
			limit: null, seg_32bit: true, contents_h: false,
			contents_l: false, read_exec_only: false,
			limit_in_pages: true, seg_not_present: false,
			usable: true}]}'
	registers i386 '
		(("bp bx ax cx dx si di sp ip" | split(" ")[] |
			"$e\(.)\t\($t.gpregs[.])"),
		("cs ss ds es fs gs" | split(" ")[] |
			"$\(.)\t\($t.gpregs[.])"),
		"$eflags\t\($t.gpregs.flags)", "$orig_eax\t\($t.gpregs.orig_ax)",
		"$mxcsr\t\($t.fpregs.mxcsr)", "$fctrl\t\($t.fpregs.cwd)",
		(range(32) | "$xmm\(. / 4 | floor).v4_int32[\(. % 4)]\t\($t.fpregs.xmm_space[.])"),
		(range(32) | "$ymm\(. / 4 | floor).v8_int32[\(. % 4 + 4)]\t\($t.fpregs.xsave.ymmh_space[.])"))'
	words 0x200 4 '.tls[] | .entry_number, .base_addr, .limit, 81'
}

@test "arm" {
	# VFP, NEON, VFPv3: gdb shows no registers without
	checkpoint ARM ti_arm '{tls: null,
		gpregs: names("r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 fp ip sp lr pc cpsr orig_r0"),
		fpstate: {vfp_regs: list(32), fpscr: null, fpexc: null,
			fpinst: null, fpinst2: null}}' 16,12352,0,0
	registers arm '
		((range(11) | "$r\(.)\t\($t.gpregs["r\(.)"])"),
		"$r11\t\($t.gpregs.fp)", "$r12\t\($t.gpregs.ip)",
		"$sp\t\($t.gpregs.sp)", "$lr\t\($t.gpregs.lr)",
		"$pc\t\($t.gpregs.pc / 2 | floor * 2)", "$cpsr\t\($t.gpregs.cpsr)",
		"$fpscr\t\($t.fpstate.fpscr)")'
	words 0x400 8 '.fpstate.vfp_regs[]'
	words 0x401 4 .tls
}

@test "aarch64" {
	checkpoint AARCH64 ti_aarch64 '{tls: null,
		gpregs: {regs: list(31), sp: null, pc: null, pstate: null},
		fpsimd: {vregs: list(64), fpsr: null, fpcr: null},
		pac_keys: {pac_address_keys: names("apiakey_lo apiakey_hi apibkey_lo apibkey_hi apdakey_lo apdakey_hi apdbkey_lo apdbkey_hi pac_enabled_key")},
		gcs: names("gcspr_el0 features_enabled")}' 16,1073741824,0,0
	registers aarch64 '
		((range(31) | "$x\(.)\t\($t.gpregs.regs[.])"),
		"$sp\t\($t.gpregs.sp)", "$pc\t\($t.gpregs.pc)",
		"$cpsr\t\($t.gpregs.pstate)",
		(range(64) | "$v\(. / 2 | floor).d.u[\(. % 2)]\t\($t.fpsimd.vregs[.])"),
		"$fpsr\t\($t.fpsimd.fpsr)", "$fpcr\t\($t.fpsimd.fpcr)",
		"$tpidr\t\($t.tls)",
		"$pauth_dmask\t35747322042253312", "$pauth_cmask\t35747322042253312")'
}

@test "ppc64le" {
	# ALTIVEC, VSX; TM in AT_HWCAP2
	checkpoint PPC64 ti_ppc64 '
		def gp: names("nip msr orig_gpr3 ctr link xer ccr trap") +
			{gpr: list(32)};
		def rest: {fpstate: {fpregs: list(33)},
			vrstate: {vrregs: list(66), vrsave: null},
			vsxstate: {vsxregs: list(32)}};
		{gpregs: gp} + rest + {tmstate: ({gpregs: (gp +
			names("texasr tfhar tfiar"))} + rest)}' \
		16,268435584,26,1073741824,0,0
	registers powerpc:common64 '
		((range(32) | "$r\(.)\t\($t.gpregs.gpr[.])"),
		"$pc\t\($t.gpregs.nip)", "$msr\t\($t.gpregs.msr)",
		"$orig_r3\t\($t.gpregs.orig_gpr3)", "$ctr\t\($t.gpregs.ctr)",
		"$lr\t\($t.gpregs.link)", "$xer\t\($t.gpregs.xer)",
		"$cr\t\($t.gpregs.ccr)", "$trap\t\($t.gpregs.trap)",
		"$fpscr\t\($t.fpstate.fpregs[32])",
		(range(32) | "$vs\(.).v4_int32[2]\t\($t.fpstate.fpregs[.])"),
		(range(32) | "$vs\(.).v4_int32[0]\t\($t.vsxstate.vsxregs[.])"),
		(range(64) | "$vs\(. / 2 + 32 | floor).v4_int32[\(. % 2 * 2)]\t\($t.vrstate.vrregs[.])"),
		"$vrsave\t\($t.vrstate.vrsave)")'
	# of the transaction: gdb wants notes, too, that no image has
	words 0x108 8 '.tmstate.gpregs | .gpr[], .nip, .msr, .orig_gpr3, .ctr,
		.link, .xer, .ccr, 1, .trap, (range(7) | 0)'
	words 0x109 8 '.tmstate.fpstate.fpregs[]'
	words 0x10a 8 '.tmstate.vrstate | .vrregs[], .vrsave, 0'
	words 0x10b 8 '.tmstate.vsxstate.vsxregs[]'
	words 0x10c 8 '.tmstate.gpregs | .tfhar, .texasr, .tfiar'
}

@test "s390x" {
	checkpoint S390 ti_s390 '{
		gpregs: (names("psw_mask psw_addr system_call") +
			{orig_gpr2: 0, gprs: list(16), acrs: list(16)}),
		fpregs: {fpc: null, fprs: list(16)},
		vxrs_low: {regs: list(16)}, vxrs_high: {regs: list(32)},
		gs_cb: {regs: list(4)}, gs_bc: {regs: list(4)}}' 16,3071,0,0
	registers s390:64-bit '
		("$pswm\t\($t.gpregs.psw_mask)", "$pswa\t\($t.gpregs.psw_addr)",
		(range(16) | "$r\(.)\t\($t.gpregs.gprs[.])"),
		(range(16) | "$acr\(.)\t\($t.gpregs.acrs[.])"),
		"$system_call\t\($t.gpregs.system_call)",
		"$fpc\t\($t.fpregs.fpc)",
		(range(16) | "$v\(.).v2_int64[0]\t\($t.fpregs.fprs[.])"),
		(range(16) | "$v\(.).v2_int64[1]\t\($t.vxrs_low.regs[.])"),
		(range(32) | "$v\(. / 2 + 16 | floor).v2_int64[\(. % 2)]\t\($t.vxrs_high.regs[.])"))'
}

@test "mips64" {
	checkpoint MIPS ti_mips '{tls: null,
		gpregs: (names("lo hi cp0_epc cp0_badvaddr cp0_status cp0_cause") +
			([range(32) | {key: "r\(.)", value: null}] | from_entries)),
		fpregs: (names("lo hi fpu_fcr31 fpu_id") +
			([range(32) | {key: "r\(.)", value: null}] | from_entries))}'
	registers mips:isa64r2 '
		((range(1; 32) | "$r\(.)\t\($t.gpregs["r\(.)"])"),
		"$lo\t\($t.gpregs.lo)", "$hi\t\($t.gpregs.hi)",
		"$pc\t\($t.gpregs.cp0_epc)", "$bad\t\($t.gpregs.cp0_badvaddr)",
		"$sr\t\($t.gpregs.cp0_status)", "$cause\t\($t.gpregs.cp0_cause)",
		"$fsr\t\($t.fpregs.fpu_fcr31)", "$fir\t\($t.fpregs.fpu_id)")'
	words 2 8 '.fpregs | ([range(32) as $i | .["r\($i)"]][],
		.fpu_fcr31 + .fpu_id * 4294967296)'
}

@test "riscv64" {
	checkpoint RISCV64 ti_riscv64 '{tls: null,
		gpregs: names("pc ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6"),
		fpsimd: {f: list(32), fcsr: null}}'
	registers riscv:rv64 '
		(("pc ra sp gp tp t0 t1 t2 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6" |
			split(" ")[] | "$\(.)\t\($t.gpregs[.])"),
		"$fp\t\($t.gpregs.s0)",
		"$fcsr\t\($t.fpsimd.fcsr)")'
	words 2 8 '.fpsimd | .f[], .fcsr'
}

@test "loongarch64: no debugger reads it; eu-readelf does" {
	checkpoint LOONGARCH64 ti_loongarch64 '{tls: null,
		gpregs: {regs: list(32), pc: null},
		fpregs: {regs: list(32), fcc: null, fcsr: null}}'
	crit-core -o core c
	eu-readelf -h -n core >out 2>err
	[ ! -s err ]
	grep -q 'PRSTATUS' out
	words 2 8 '.fpregs | .regs[], .fcc, .fcsr'
	elf_core words core 1 8 | sed -n '15,59p' | diff - \
		<(jq '.gpregs | .regs[], 0, .pc, (range(11) | 0)' ti.json)
}
