# SPDX-License-Identifier: MIT
"""CRIU checkpoints in Python, over libcrit (ctypes, one file).

    import crit

    with crit.open("cp.tar.zst") as c:
        for t in c.tasks():
            print(t.pid, t.comm)
        with c.memory(t.pid) as m:
            print(m.args(), m[m.mappings()[0].start, 16])

Strings are str with surrogateescape, memory is bytes, errors are exceptions
(crit.Error). CRIT_LIBRARY names the library; the default is libcrit.so.0.
"""

import ctypes
import json
import os
from ctypes import (POINTER, Structure, byref, c_bool, c_char_p, c_int,
                    c_int64, c_size_t, c_uint, c_uint32, c_uint64, c_void_p)

__all__ = ["Checkpoint", "Error", "Memory", "open", "version"]

_lib = ctypes.CDLL(os.environ.get("CRIT_LIBRARY", "libcrit.so.0"))


def _text(raw):
    return None if raw is None else os.fsdecode(raw)


class Error(Exception):
    """What is wrong, and where: code, errno, entry, offset, image, path."""

    def __init__(self, err):
        buf = ctypes.create_string_buffer(1024)
        _lib.crit_error_text(err, buf, len(buf))
        super().__init__(_text(buf.value))
        number = lambda name: _lib.crit_error_number(err, name)
        self.code, self.errno = number(b"code"), number(b"sys")
        self.entry, self.offset = number(b"entry"), number(b"offset")
        self.image = _text(_lib.crit_error_string(err, b"image"))
        self.path = _text(_lib.crit_error_string(err, b"path"))


class _Struct(Structure):
    """Fields whose names begin with _ are for this module alone."""

    def __repr__(self):
        names = [f[0] for f in self._fields_ if not f[0].startswith("_")]
        return "%s(%s)" % (type(self).__name__.lstrip("_"), ", ".join(
            "%s=%r" % (n, getattr(self, n)) for n in names))


class _Task(_Struct):
    _fields_ = [("pid", c_uint32), ("ppid", c_uint32), ("pgid", c_uint32),
                ("sid", c_uint32), ("state", c_uint32),
                ("exit_code", c_uint32), ("depth", c_uint32),
                ("_comm", c_char_p), ("_threads", POINTER(c_uint32)),
                ("_n_threads", c_size_t), ("_reserved", c_void_p * 2)]


class _Descriptor(_Struct):
    _fields_ = [("pid", c_uint32), ("_at", c_char_p), ("fd", c_uint32),
                ("flags", c_uint32), ("id", c_uint32), ("_type", c_char_p),
                ("_path", c_void_p), ("_path_size", c_size_t),
                ("_facts", c_char_p), ("_notes", c_char_p),
                ("_reserved", c_void_p)]


class _Mapping(_Struct):
    _fields_ = [("pid", c_uint32), ("start", c_uint64), ("end", c_uint64),
                ("pgoff", c_uint64), ("shmid", c_uint64), ("prot", c_uint32),
                ("flags", c_uint32), ("status", c_uint32),
                ("_what", c_char_p), ("_reserved", c_void_p * 2)]


class _Pages(_Struct):
    _fields_ = [("pid", c_uint32), ("address", c_uint64),
                ("pages", c_uint64), ("present", c_bool), ("parent", c_bool),
                ("lazy", c_bool), ("_reserved", c_void_p * 2)]


class _Socket(_Struct):
    _fields_ = [("pid", c_uint32), ("fd", c_uint32), ("id", c_uint32),
                ("_kind", c_char_p), ("family", c_uint32), ("type", c_uint32),
                ("protocol", c_uint32), ("state", c_uint32),
                ("_source", c_void_p), ("_destination", c_char_p),
                ("_source_size", c_size_t), ("source_port", c_uint32),
                ("destination_port", c_uint32), ("ino", c_uint32),
                ("peer", c_uint32), ("send_buffer", c_uint32),
                ("receive_buffer", c_uint32), ("_reserved", c_void_p * 2)]


class _Run(_Struct):
    _fields_ = [("start", c_uint64), ("end", c_uint64), ("absent", c_bool),
                ("lazy", c_bool), ("zero", c_bool), ("packed", c_bool),
                ("shared", c_bool), ("depth", c_uint), ("_file", c_char_p),
                ("offset", c_uint64), ("size", c_uint64),
                ("_reserved", c_void_p * 2)]


class _Finding(_Struct):
    _fields_ = [("_rule", c_char_p), ("_severity", c_int),
                ("_image", c_char_p), ("entry", c_int64),
                ("_path", c_char_p), ("_text", c_char_p),
                ("_values", c_char_p), ("more", c_uint64),
                ("_reserved", c_void_p * 2)]


class _How(Structure):
    _fields_ = [("follow", c_bool), ("at", c_char_p), ("parent", c_char_p),
                ("shards", POINTER(c_char_p)), ("n_shards", c_size_t),
                ("_reserved", c_void_p * 4)]


class _CheckHow(Structure):
    _fields_ = [("allow", POINTER(c_char_p)), ("n_allow", c_size_t),
                ("host", c_bool), ("_reserved", c_void_p * 4)]


class _CopyHow(Structure):
    _fields_ = [("replace", c_void_p), ("n_replace", c_size_t),
                ("drop", POINTER(c_char_p)), ("n_drop", c_size_t),
                ("images_only", c_bool), ("flatten", c_bool),
                ("decompress", c_bool), ("drop_zero", c_bool),
                ("no_memory", c_bool), ("compress", c_uint32),
                ("acceleration", ctypes.c_int32), ("prefix", c_char_p),
                ("_reserved", c_void_p * 4)]


def _declare(result, name, *arguments):
    f = getattr(_lib, name)
    f.restype, f.argtypes = result, arguments


_P = c_void_p  # an object of libcrit
for _args in (
        (c_char_p, "crit_version"), (_P, "crit_new", _P),
        (None, "crit_free", _P), (_P, "crit_error_new", _P),
        (None, "crit_error_free", _P),
        (c_int64, "crit_error_number", _P, c_char_p),
        (c_char_p, "crit_error_string", _P, c_char_p),
        (c_char_p, "crit_error_text", _P, c_char_p, c_size_t),
        (_P, "crit_open_checkpoint", _P, c_char_p, POINTER(_How), _P),
        (None, "crit_dir_close", _P), (None, "crit_iterator_free", _P),
        (_P, "crit_iterate_tasks", _P, _P),
        (_P, "crit_iterate_descriptors", _P, c_uint32, _P),
        (_P, "crit_iterate_mappings", _P, c_uint32, _P),
        (_P, "crit_iterate_resident", _P, c_uint32, _P),
        (_P, "crit_iterate_sockets", _P, c_uint32, _P),
        (_P, "crit_iterate_explore", _P, c_char_p, c_uint32, _P),
        (_P, "crit_iterate_args", _P, _P), (_P, "crit_iterate_env", _P, _P),
        (_P, "crit_iterate_runs", _P, c_uint64, c_uint64, _P),
        (_P, "crit_iterate_findings", _P, POINTER(_CheckHow), _P),
        (c_int, "crit_next_task", _P, POINTER(_Task), _P),
        (c_int, "crit_next_descriptor", _P, POINTER(_Descriptor), _P),
        (c_int, "crit_next_mapping", _P, POINTER(_Mapping), _P),
        (c_int, "crit_next_resident", _P, POINTER(_Pages), _P),
        (c_int, "crit_next_socket", _P, POINTER(_Socket), _P),
        (c_int, "crit_next_run", _P, POINTER(_Run), _P),
        (c_int, "crit_next_finding", _P, POINTER(_Finding), _P),
        (c_int, "crit_next_record", _P, POINTER(_P), POINTER(c_size_t), _P),
        (c_int, "crit_next_string", _P, POINTER(_P), POINTER(c_size_t), _P),
        (_P, "crit_memory_open", _P, c_uint32, c_uint64, _P),
        (None, "crit_memory_close", _P),
        (c_uint64, "crit_memory_page_size", _P),
        (c_bool, "crit_memory_read", _P, c_uint64, c_char_p, c_size_t,
         POINTER(c_uint64), _P),
        (_P, "crit_output_memory", _P, _P),
        (_P, "crit_output_path", _P, c_char_p, _P),
        (_P, "crit_output_bytes", _P, POINTER(c_size_t)),
        (c_bool, "crit_output_close", _P, _P),
        (None, "crit_output_abort", _P),
        (c_bool, "crit_decode_dir", _P, _P, c_uint, _P),
        (c_bool, "crit_core", _P, c_uint32, c_char_p, _P, _P),
        (c_bool, "crit_copy", _P, POINTER(_CopyHow), c_char_p, _P),
        (c_bool, "crit_copy_to", _P, POINTER(_CopyHow), c_int, _P, _P)):
    _declare(*_args)


def version():
    return _text(_lib.crit_version())


class _Context:
    """A struct crit and the error of its calls."""

    def __init__(self):
        self.c = _lib.crit_new(None)
        self.err = _lib.crit_error_new(None)
        if not self.c or not self.err:
            raise MemoryError

    def close(self):
        _lib.crit_error_free(self.err)
        _lib.crit_free(self.c)

    def check(self, result):
        """The result of a call, unless it is NULL, false or -1."""
        if not result or (result is not True and result < 0):
            self.fail()
        return result

    def fail(self):
        raise Error(self.err)

    def each(self, it, pull, *out):
        """1 for each answer; the iterator is freed in the end."""
        self.check(it)
        try:
            while True:
                r = pull(it, *[byref(o) for o in out], self.err)
                if r < 0:
                    self.fail()
                if not r:
                    return
                yield r
        finally:
            _lib.crit_iterator_free(it)


class Task:
    """pid, ppid, pgid, sid, state, exit_code, depth, comm, threads."""


class Descriptor:
    """pid, at ("cwd", "root" or None), fd, flags, id, type, path, facts, notes."""


class Mapping:
    """pid, start, end, pgoff, shmid, prot, flags, status, what."""


class Pages:
    """pid, address, pages, present, parent, lazy."""


class Socket:
    """pid, fd, id, kind, family, type, protocol, state, source, ... peer."""


class Run:
    """start, end, absent, lazy, zero, packed, shared, depth, file, offset, size."""


class Finding:
    """rule, severity, image, entry, path, text, values, more."""


for _class in (Task, Descriptor, Mapping, Pages, Socket, Run, Finding):
    _class.__repr__ = lambda self: "%s(%s)" % (type(self).__name__, ", ".join(
        "%s=%r" % item for item in vars(self).items()))


def _plain(cls, raw, **more):
    """A Python object with the plain members of a struct, and more."""
    o = cls()
    for field in raw._fields_:
        if not field[0].startswith("_"):
            setattr(o, field[0], getattr(raw, field[0]))
    vars(o).update(more)
    return o


def _json(raw):
    return None if raw is None else json.loads(raw)


def _list(strings):
    raw = [os.fsencode(s) for s in strings]
    return (c_char_p * len(raw))(*raw), len(raw)


class Checkpoint:
    """A checkpoint: directory, archive, stream. See crit.open."""

    def __init__(self, path, follow=False, at=None, parent=None, shards=()):
        self._x = _Context()
        self._dir = None
        how = _How(follow=follow, at=os.fsencode(at) if at else None,
                   parent=os.fsencode(parent) if parent else None)
        how.shards, how.n_shards = _list(shards)
        try:
            self._dir = self._x.check(_lib.crit_open_checkpoint(
                self._x.c, os.fsencode(path), byref(how), self._x.err))
        except Error:
            self._x.close()
            raise

    def close(self):
        if self._dir:
            _lib.crit_dir_close(self._dir)
            self._x.close()
        self._dir = None

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def _open(self):
        if not self._dir:
            raise ValueError("the checkpoint is closed")
        return self._dir

    def _each(self, name, one, raw, *args):
        it = getattr(_lib, "crit_iterate_" + name)(self._open(), *args,
                                                   self._x.err)
        return self._x.each(it, getattr(_lib, "crit_next_" + one), raw)

    def tasks(self):
        raw = _Task()
        for _ in self._each("tasks", "task", raw):
            yield _plain(Task, raw, comm=_text(raw._comm),
                         threads=list(raw._threads[:raw._n_threads]))

    def descriptors(self, pid=0):
        raw = _Descriptor()
        for _ in self._each("descriptors", "descriptor", raw, pid):
            yield _plain(Descriptor, raw, at=_text(raw._at),
                         type=_text(raw._type), facts=_json(raw._facts),
                         path=_text(ctypes.string_at(raw._path,
                                                     raw._path_size)),
                         notes=_json(raw._notes))

    def mappings(self, pid=0):
        raw = _Mapping()
        for _ in self._each("mappings", "mapping", raw, pid):
            yield _plain(Mapping, raw, what=_text(raw._what))

    def resident(self, pid=0):
        raw = _Pages()
        for _ in self._each("resident", "resident", raw, pid):
            yield _plain(Pages, raw)

    def sockets(self, pid=0):
        raw = _Socket()
        for _ in self._each("sockets", "socket", raw, pid):
            source = ctypes.string_at(raw._source, raw._source_size)
            yield _plain(Socket, raw, kind=_text(raw._kind),
                         source=_text(source),
                         destination=_text(raw._destination))

    def records(self, what, pid=0):
        """The records of crit-x: "mounts", "limits", "container"..."""
        p, n = _P(), c_size_t()
        it = _lib.crit_iterate_explore(self._open(), os.fsencode(what), pid,
                                       self._x.err)
        for _ in self._x.each(it, _lib.crit_next_record, p, n):
            yield json.loads(ctypes.string_at(p, n.value))

    def check(self, allow=(), host=False):
        """Why CRIU would not restore it."""
        how = _CheckHow(host=host)
        how.allow, how.n_allow = _list(allow)
        raw = _Finding()
        for _ in self._each("findings", "finding", raw, byref(how)):
            yield _plain(Finding, raw, rule=_text(raw._rule),
                         severity=("note", "warning", "error")[raw._severity],
                         image=_text(raw._image), path=_text(raw._path),
                         text=_text(raw._text),
                         values=json.loads(b"{%s}" % raw._values))

    def images(self):
        """All images as the records of crit-decode, in memory."""
        x = self._x
        out = x.check(_lib.crit_output_memory(x.c, x.err))
        try:
            x.check(_lib.crit_decode_dir(self._open(), out, 0, x.err))
            n = c_size_t()
            p = _lib.crit_output_bytes(out, byref(n))
            lines = ctypes.string_at(p, n.value).splitlines()
        finally:
            _lib.crit_output_abort(out)
        return [json.loads(line) for line in lines]

    def memory(self, pid, page_size=0):
        return Memory(self, pid, page_size)

    def _to_file(self, path, write):
        x = self._x
        out = x.check(_lib.crit_output_path(x.c, os.fsencode(path), x.err))
        try:
            x.check(write(out))
        except Error:
            _lib.crit_output_abort(out)
            raise
        x.check(_lib.crit_output_close(out, x.err))

    def core(self, pid, path, sysroot=None):
        """An ELF core of a task, into a file."""
        root = os.fsencode(sysroot) if sysroot else None
        self._to_file(path, lambda out: _lib.crit_core(
            self._open(), pid, root, out, self._x.err))

    def copy(self, path, form="directory", drop=(), prefix=None, **how):
        """A whole copy: a new directory, or form "tar" or "stream". how:
        images_only, flatten, decompress, drop_zero, no_memory, compress."""
        h = _CopyHow(prefix=os.fsencode(prefix) if prefix else None, **how)
        h.drop, h.n_drop = _list(drop)
        x = self._x
        if form == "directory":
            x.check(_lib.crit_copy(self._open(), byref(h), os.fsencode(path),
                                   x.err))
            return
        number = {"tar": 1, "stream": 2}[form]
        self._to_file(path, lambda out: _lib.crit_copy_to(
            self._open(), byref(h), number, out, x.err))


class Memory:
    """The memory of a task. m[address, n] is n bytes, m[start:end] too."""

    def __init__(self, checkpoint, pid, page_size=0):
        self._x, self._from, self.pid = checkpoint._x, checkpoint, pid
        self._m = self._x.check(_lib.crit_memory_open(
            checkpoint._open(), pid, page_size, self._x.err))
        self.page_size = _lib.crit_memory_page_size(self._m)

    def close(self):
        # what belongs to a checkpoint goes before it
        if self._m and self._from._dir:
            _lib.crit_memory_close(self._m)
        self._m = None

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def _open(self):
        self._from._open()
        if not self._m:
            raise ValueError("the memory is closed")
        return self._m

    def read(self, address, n):
        """(bytes, how many of them no image has and read as zeros)"""
        buf, absent = ctypes.create_string_buffer(n), c_uint64()
        self._x.check(_lib.crit_memory_read(self._open(), address, buf, n,
                                            byref(absent), self._x.err))
        return buf.raw, absent.value

    def __getitem__(self, what):
        if isinstance(what, slice):
            return self.read(what.start, what.stop - what.start)[0]
        return self.read(*what)[0]

    def mappings(self):
        return list(self._from.mappings(self.pid))

    def runs(self, start, end):
        raw = _Run()
        it = _lib.crit_iterate_runs(self._open(), start, end, self._x.err)
        for _ in self._x.each(it, _lib.crit_next_run, raw):
            yield _plain(Run, raw, file=_text(raw._file))

    def _strings(self, ask):
        p, n = _P(), c_size_t()
        it = ask(self._open(), self._x.err)
        return [_text(ctypes.string_at(p, n.value)) for _ in
                self._x.each(it, _lib.crit_next_string, p, n)]

    def args(self):
        return self._strings(_lib.crit_iterate_args)

    def env(self):
        return self._strings(_lib.crit_iterate_env)


def open(path, **how):
    """A checkpoint: follow=True, at="checkpoint", parent=PATH, shards=[...]."""
    return Checkpoint(path, **how)
