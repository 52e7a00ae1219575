# SPDX-License-Identifier: MIT
# For the table of edits.

# the tasks of the tests have numbers from 1001 on
def moved_pid: if . >= 1000 and . < 2000 then . + 7000 else . end;

# all tasks get other numbers: in names of images, in the tree, where signals of
# files go, and who owns a terminal
def moved:
	if .image then
		.image |= sub("-(?<p>1[0-9]{3})[.]img$"; "-\(.p | tonumber | moved_pid).img")
	else . end |
	(.. | objects | .pid?, .ppid?, .pgid?, .pgrp?, .sid? | numbers) |= moved_pid |
	(.entries[].threads? | arrays | .[]) |= moved_pid;
