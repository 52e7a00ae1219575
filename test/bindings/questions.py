# SPDX-License-Identifier: MIT
# questions.py QUESTION CHECKPOINT [PID]: what test/bindings.bats asks.
import hashlib
import json
import sys

import crit


def tab(*columns):
    print(*columns, sep="\t")


def ask(question, c, pid):
    if question == "ps":
        for t in c.tasks():
            tab(t.pid, t.ppid, t.comm, ",".join(map(str, t.threads)))
    elif question == "fds":
        for d in c.descriptors():
            tab(d.pid, d.at or d.fd, d.path)
    elif question == "mems":
        for m in c.mappings():
            tab(m.pid, hex(m.start), hex(m.end))
    elif question == "sk":
        for s in c.sockets():
            tab(s.pid, s.fd, s.kind, s.source_port, s.destination_port)
    elif question == "check":
        for f in c.check():
            tab(f.severity, f.rule, f.image or "", f.text)
    elif question == "limits":
        for r in c.records("limits"):
            print(json.dumps(r))
    else:
        with c.memory(pid) as m:
            tab(*m.args())
            stack, = [a for a in m.mappings() if a.what == "[stack]"]
            tab(hashlib.sha256(m[stack.start:stack.end]).hexdigest())


try:
    with crit.open(sys.argv[2]) as checkpoint:
        ask(sys.argv[1], checkpoint, int((sys.argv + ["0"])[3]))
except crit.Error as e:
    sys.exit(str(e))
