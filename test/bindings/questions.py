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
    elif question == "diff":
        with crit.open(sys.argv[3]) as other:
            for d in c.diff(other):
                tab(d.section, d.change, d.pid, d.image or "", d.path)
    elif question == "summary":
        print(json.dumps(c.summary()))
    elif question == "stats":
        s = c.dump_statistics()
        tab(s["frozen_time"], s["pages_written"])
    elif question == "search":
        with c.memory(pid) as m:
            for a in m.search("l[o]+p", regex=True):
                tab(hex(a.address), a.bytes.decode())
    elif question == "limits":
        for r in c.records("limits"):
            print(json.dumps(r))
    else:
        with c.memory(pid) as m:
            tab(*m.args())
            stack, = [a for a in m.mappings() if a.what == "[stack]"]
            tab(hashlib.sha256(m[stack.start:stack.end]).hexdigest())


def number(words):
    return int(words[0]) if words and words[0].isdigit() else 0


try:
    with crit.open(sys.argv[2]) as checkpoint:
        ask(sys.argv[1], checkpoint, number(sys.argv[3:]))
except crit.Error as e:
    sys.exit(str(e))
