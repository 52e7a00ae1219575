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

__all__ = ["Checkpoint", "Error", "Memory", "anonymize", "decode", "drawings",
           "encode", "explorers", "info", "open", "renumber", "rules",
           "version"]

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


class _Difference(_Struct):
    _fields_ = [("_section", c_char_p), ("_change", c_int), ("pid", c_uint32),
                ("_image", c_char_p), ("_path", c_char_p), ("_line", c_char_p),
                ("_size", c_size_t), ("_reserved", c_void_p * 2)]


class _Match(_Struct):
    _fields_ = [("address", c_uint64), ("_bytes", c_void_p),
                ("_size", c_size_t), ("_before", c_size_t),
                ("_after", c_size_t), ("_reserved", c_void_p * 2)]


def _numbers(names, reserved):
    return [(n, c_uint64) for n in names.split()] + [
        ("_reserved", c_uint64 * reserved)]


class _DumpStats(_Struct):
    _fields_ = _numbers(
        "freezing_time frozen_time memdump_time memwrite_time pages_scanned "
        "pages_skipped_parent pages_written irmap_resolve pages_lazy "
        "page_pipes page_pipe_bufs shpages_scanned shpages_skipped_parent "
        "shpages_written", 4)


class _RestoreStats(_Struct):
    _fields_ = _numbers("pages_compared pages_skipped_cow forking_time "
                        "restore_time pages_restored resume_time", 3)


class _Info(Structure):
    _fields_ = [(n, c_uint64) for n in ("entries", "payload_bytes",
                                        "extra_bytes")]


class _How(Structure):
    _fields_ = [("follow", c_bool), ("at", c_char_p), ("parent", c_char_p),
                ("shards", POINTER(c_char_p)), ("n_shards", c_size_t),
                ("_reserved", c_void_p * 4)]


class _CheckHow(Structure):
    _fields_ = [("allow", POINTER(c_char_p)), ("n_allow", c_size_t),
                ("host", c_bool), ("_reserved", c_void_p * 4)]


class _DiffHow(Structure):
    _fields_ = [("only", POINTER(c_char_p)), ("n_only", c_size_t),
                ("ignore", POINTER(c_char_p)), ("n_ignore", c_size_t),
                ("pages", c_bool), ("text", c_bool),
                ("_reserved", c_void_p * 4)]


class _Replacement(Structure):
    _fields_ = [("name", c_char_p), ("bytes", c_char_p), ("size", c_size_t)]


class _CopyHow(Structure):
    _fields_ = [("replace", POINTER(_Replacement)), ("n_replace", c_size_t),
                ("drop", POINTER(c_char_p)), ("n_drop", c_size_t),
                ("images_only", c_bool), ("flatten", c_bool),
                ("decompress", c_bool), ("drop_zero", c_bool),
                ("no_memory", c_bool), ("backup", c_bool),
                ("compress", c_uint32),
                ("acceleration", ctypes.c_int32), ("prefix", c_char_p),
                ("_reserved", c_void_p * 4)]


def _declare(result, name, *arguments):
    f = getattr(_lib, name)
    f.restype, f.argtypes = result, arguments


_P = c_void_p  # an object of libcrit
_AUXV = ctypes.CFUNCTYPE(c_bool, _P, c_uint64, c_uint64)
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
        (c_bool, "crit_copy_to", _P, POINTER(_CopyHow), c_int, _P, _P),
        (c_bool, "crit_copy_to_shards", _P, POINTER(_CopyHow), POINTER(_P),
         c_size_t, _P),
        (c_bool, "crit_copy_in_place", _P, POINTER(_CopyHow), _P),
        (c_bool, "crit_summary", _P, c_uint, _P, _P),
        (c_bool, "crit_draw", _P, c_char_p, c_int, c_uint32, _P, _P),
        (_P, "crit_iterate_differences", _P, _P, POINTER(_DiffHow), _P),
        (c_int, "crit_next_difference", _P, POINTER(_Difference), _P),
        (_P, "crit_iterate_matches", _P, c_char_p, c_size_t, c_bool, c_size_t,
         _P),
        (c_int, "crit_next_match", _P, POINTER(_Match), _P),
        (c_bool, "crit_memory_at", _P, c_uint64, POINTER(_Run), _P),
        (c_bool, "crit_memory_auxv", _P, _AUXV, _P, _P),
        (c_bool, "crit_memory_shared", _P, POINTER(c_uint64), _P),
        (c_bool, "crit_memory_write", _P, c_uint64, c_char_p, c_size_t,
         c_char_p, _P),
        (c_bool, "crit_memory_setenv", _P, c_char_p, _P),
        (c_bool, "crit_dump_statistics", _P, POINTER(_DumpStats), _P),
        (c_bool, "crit_restore_statistics", _P, POINTER(_RestoreStats), _P),
        (c_char_p, "crit_explorer", c_size_t, POINTER(c_char_p)),
        (c_char_p, "crit_drawing", c_size_t, POINTER(c_char_p)),
        (c_char_p, "crit_check_rule", c_size_t, POINTER(c_char_p), _P),
        (_P, "crit_open", _P, c_char_p, _P), (None, "crit_close", _P),
        (c_char_p, "crit_magic", _P), (c_uint64, "crit_offset", _P),
        (c_bool, "crit_info", _P, POINTER(_Info), _P),
        (c_bool, "crit_decode", _P, _P, c_uint, _P),
        (c_bool, "crit_encode", _P, c_char_p, c_size_t, _P, c_uint, _P),
        (c_bool, "crit_pids", _P, c_int, c_char_p, _P, _P),
        (c_bool, "crit_anon", _P, c_int, c_char_p, c_size_t, _P, _P)):
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


    def to_bytes(self, write):
        """What a call writes to an output."""
        out = self.check(_lib.crit_output_memory(self.c, self.err))
        try:
            self.check(write(out))
            n = c_size_t()
            return ctypes.string_at(_lib.crit_output_bytes(out, byref(n)),
                                    n.value)
        finally:
            _lib.crit_output_abort(out)

    def to_files(self, paths, write):
        """The same into files, which are complete or as they were."""
        outs = []
        try:
            for path in paths:
                outs.append(self.check(_lib.crit_output_path(
                    self.c, os.fsencode(path), self.err)))
            self.check(write(outs))
            while outs:
                self.check(_lib.crit_output_close(outs.pop(), self.err))
        finally:
            for out in outs:
                _lib.crit_output_abort(out)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()


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


class Difference:
    """section, change ("changed", "gone", "appeared"), pid, image, path, record."""


class Match:
    """address, bytes, before, after (bytes around it)."""


for _class in (Task, Descriptor, Mapping, Pages, Socket, Run, Finding,
               Difference, Match):
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


def _choice(words, word):
    """The number of a word in a list, as the library counts."""
    if word not in words:
        raise ValueError("%r is not one of %s" % (word, ", ".join(words)))
    return words.index(word)


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

    def diff(self, other, only=(), ignore=(), pages=False):
        """What changed from this one to another."""
        how = _DiffHow(pages=pages)
        how.only, how.n_only = _list(only)
        how.ignore, how.n_ignore = _list(ignore)
        raw = _Difference()
        for _ in self._each("differences", "difference", raw, other._open(),
                            byref(how)):
            yield _plain(Difference, raw, section=_text(raw._section),
                         change=("changed", "gone", "appeared")[raw._change],
                         image=_text(raw._image), path=_text(raw._path),
                         record=json.loads(raw._line))

    def images(self):
        """All images as the records of crit-decode, in memory."""
        lines = self._x.to_bytes(lambda out: _lib.crit_decode_dir(
            self._open(), out, 0, self._x.err))
        return [json.loads(line) for line in lines.splitlines()]

    def summary(self, zero_pages=False):
        """The row of crit-summary(5)."""
        return json.loads(self._x.to_bytes(lambda out: _lib.crit_summary(
            self._open(), 128 if zero_pages else 0, out, self._x.err)))

    def draw(self, what, form=None, pid=0):
        """A picture: "tree", "memory"... as "svg", "dot" or "html"."""
        form = form or ("html" if what == "report" else "svg")
        number = _choice(("svg", "dot", "html"), form)
        return self._x.to_bytes(lambda out: _lib.crit_draw(
            self._open(), os.fsencode(what), number, pid, out, self._x.err))

    def _stats(self, ask, raw):
        self._x.check(ask(self._open(), byref(raw), self._x.err))
        return {f[0]: getattr(raw, f[0]) for f in raw._fields_[:-1]}

    def dump_statistics(self):
        return self._stats(_lib.crit_dump_statistics, _DumpStats())

    def restore_statistics(self):
        return self._stats(_lib.crit_restore_statistics, _RestoreStats())

    def memory(self, pid, page_size=0):
        return Memory(self, pid, page_size)

    def core(self, pid, path, sysroot=None):
        """An ELF core of a task, into a file."""
        root = os.fsencode(sysroot) if sysroot else None
        self._x.to_files([path], lambda outs: _lib.crit_core(
            self._open(), pid, root, outs[0], self._x.err))

    def copy(self, path, form="directory", drop=(), prefix=None, replace={},
             shards=(), **how):
        """A whole copy: a new directory, or form "tar" or "stream" (with the
        further files of it, shards). replace: bytes of images by name. how:
        images_only, flatten, decompress, drop_zero, no_memory, compress."""
        number = _choice(("directory", "tar", "stream"), form)
        h = _CopyHow(prefix=os.fsencode(prefix) if prefix else None, **how)
        h.drop, h.n_drop = _list(drop)
        h.replace = (_Replacement * len(replace))(*[
            (os.fsencode(name), data, len(data))
            for name, data in replace.items()])
        h.n_replace = len(replace)
        x = self._x
        if form == "directory":
            x.check(_lib.crit_copy(self._open(), byref(h), os.fsencode(path),
                                   x.err))
        elif form == "stream":
            x.to_files([path, *shards], lambda outs: _lib.crit_copy_to_shards(
                self._open(), byref(h), (_P * len(outs))(*outs), len(outs),
                x.err))
        else:
            x.to_files([path], lambda outs: _lib.crit_copy_to(
                self._open(), byref(h), number, outs[0], x.err))

    def copy_in_place(self, **how):
        """Rewrites the pages of a directory: flatten, compress=BYTES... Then
        open it again."""
        self._x.check(_lib.crit_copy_in_place(
            self._open(), byref(_CopyHow(**how)), self._x.err))


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

    def at(self, address):
        """What is at an address, and as far as it is of that kind."""
        raw = _Run()
        self._x.check(_lib.crit_memory_at(self._open(), address, byref(raw),
                                          self._x.err))
        return _plain(Run, raw, file=_text(raw._file))

    def search(self, what, regex=False, context=0):
        """Matches of bytes, or of a regular expression."""
        what = os.fsencode(what)
        raw = _Match()
        it = _lib.crit_iterate_matches(self._open(), what, len(what), regex,
                                       context, self._x.err)
        for _ in self._x.each(it, _lib.crit_next_match, raw):
            data = ctypes.string_at(raw._bytes - raw._before, raw._before +
                                    raw._size + raw._after)
            end = raw._before + raw._size
            yield _plain(Match, raw, bytes=data[raw._before:end],
                         before=data[:raw._before], after=data[end:])

    def auxv(self):
        """The auxiliary vector, by AT_... of elf.h."""
        found = {}

        def one(_, number, value):
            found[number] = value
            return True
        self._x.check(_lib.crit_memory_auxv(self._open(), _AUXV(one), None,
                                            self._x.err))
        return found

    def shared(self):
        """Bytes of mappings that are shared."""
        n = c_uint64()
        self._x.check(_lib.crit_memory_shared(self._open(), byref(n),
                                              self._x.err))
        return n.value

    def write(self, address, data, sysroot=None):
        """Into the memory of a checkpoint that is a directory."""
        root = os.fsencode(sysroot) if sysroot else None
        self._x.check(_lib.crit_memory_write(self._open(), address, data,
                                             len(data), root, self._x.err))

    def setenv(self, variable):
        """"NAME=VALUE", of a variable that is there."""
        self._x.check(_lib.crit_memory_setenv(
            self._open(), os.fsencode(variable), self._x.err))

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


def _names(ask, *more):
    """{name: about} of a list of the library."""
    names, about = {}, c_char_p()
    while True:
        name = ask(len(names), byref(about), *more)
        if name is None:
            return names
        names[_text(name)] = _text(about.value)


def explorers():
    """What Checkpoint.records can be asked."""
    return _names(_lib.crit_explorer)


def drawings():
    """What Checkpoint.draw can be asked."""
    return _names(_lib.crit_drawing)


def rules():
    """What Checkpoint.check looks at."""
    return _names(_lib.crit_check_rule, None)


def info(path):
    """An image: magic, entries, payload_bytes, extra_bytes, size."""
    with _Context() as x:
        image = x.check(_lib.crit_open(x.c, os.fsencode(path), x.err))
        try:
            raw = _Info()
            x.check(_lib.crit_info(image, byref(raw), x.err))
            return {"magic": _text(_lib.crit_magic(image)),
                    **{f[0]: getattr(raw, f[0]) for f in raw._fields_},
                    "size": _lib.crit_offset(image)}
        finally:
            _lib.crit_close(image)


def decode(path, pretty=False):
    """An image as CRIT's document: {"magic": ..., "entries": [...]}."""
    with _Context() as x:
        image = x.check(_lib.crit_open(x.c, os.fsencode(path), x.err))
        try:
            return json.loads(x.to_bytes(lambda out: _lib.crit_decode(
                image, out, 1 | (2 if pretty else 0), x.err)))
        finally:
            _lib.crit_close(image)


def encode(document):
    """The bytes of the image that a document describes."""
    text = json.dumps(document).encode()
    with _Context() as x:
        return x.to_bytes(lambda out: _lib.crit_encode(
            x.c, text, len(text), out, 8, x.err))


def _change(fd, change):
    with _Context() as x:
        return x.to_bytes(lambda out: change(x, fd, out))


def renumber(fd, pids):
    """The records that a descriptor gives, with other process ids: "+1000"."""
    return _change(fd, lambda x, fd, out: _lib.crit_pids(
        x.c, fd, os.fsencode(pids), out, x.err))


def anonymize(fd, key):
    """The same with nothing private in them; the same key gives the same."""
    return _change(fd, lambda x, fd, out: _lib.crit_anon(
        x.c, fd, key, len(key), out, x.err))
