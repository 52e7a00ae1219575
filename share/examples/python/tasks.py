#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tasks.py CHECKPOINT...: tasks, what they have open, their command lines."""

import sys

import crit


def show(path):
    with crit.open(path) as c:
        for t in c.tasks():
            print("  " * t.depth + "%d %s" % (t.pid, t.comm))
            for d in c.descriptors(t.pid) if t.state == 1 else ():
                print("  " * t.depth + "  %s %s" % (d.at or d.fd, d.path))


try:
    for path in sys.argv[1:]:
        show(path)
except crit.Error as e:
    sys.exit("tasks.py: %s" % e)
