# SPDX-License-Identifier: MIT
# gocriu.py CALL CHECKPOINT PID: what a call of go-criu's crit package or of its
# MemoryReader answers, by the calls that libcrit(3) names for it, in the words of
# test/bindings.bats.
import json
import os
import sys

import crit


def tab(*columns):
    print(*columns, sep="\t")


def decode(c, pid, path):
    print(json.dumps(crit.decode(os.path.join(path, "pstree.img"))))


def encode(c, pid, path):
    with open(os.path.join(path, "files.img"), "rb") as f:
        document = crit.decode(f.name)
        print(crit.encode(document) == f.read())


def info(c, pid, path):
    i = crit.info(os.path.join(path, "files.img"))
    tab(i["magic"], i["entries"], i["payload_bytes"], i["extra_bytes"], i["size"])


def rss(c, pid, path):
    for r in c.resident(pid):
        tab(hex(r.address), r.pages)


def pages_id(c, pid, path):
    image = os.path.join(path, "pagemap-%d.img" % pid)
    print(crit.decode(image)["entries"][0]["pages_id"])


def mem_pages(c, pid, path):
    with c.memory(pid) as m:
        a = [a for a in m.mappings() if a.what == "[stack]"][0]
        sys.stdout.buffer.write(m[a.start:a.end])


def ps_args(c, pid, path):
    print(*c.memory(pid).args(), sep="\n")


def ps_env(c, pid, path):
    print(*c.memory(pid).env(), sep="\n")


def shmem_size(c, pid, path):
    print(c.memory(pid).shared())


def search(c, pid, path):
    for m in c.memory(pid).search("l[o]+p", regex=True):
        tab(hex(m.address), m.bytes.decode())


def dump_stats(c, pid, path):
    print(json.dumps(c.dump_statistics()))


def restore_stats(c, pid, path):
    print(json.dumps(c.restore_statistics()))


call, path, pid = sys.argv[1], sys.argv[2], int(sys.argv[3])
with crit.open(path) as checkpoint:
    globals()[call](checkpoint, pid, path)
