// SPDX-License-Identifier: MIT

// Package crit reads CRIU checkpoints, over libcrit.
//
//	c, err := crit.Open("cp.tar.zst")
//	defer c.Close()
//	it := c.Tasks()
//	for it.Next() {
//		fmt.Println(it.Value().Pid, it.Value().Comm)
//	}
//	err = it.Err()
//
// A Checkpoint, and what comes from it, is for one goroutine at a time.
// Different ones can be used side by side.
package crit

/*
#cgo pkg-config: crit
#include <crit.h>
#include <stdlib.h>
*/
import "C"

import (
	"errors"
	"fmt"
	"io"
	"unsafe"
)

// Error says what is wrong, and where. Entry and Offset are -1 where they are
// not known.
type Error struct {
	Code          int
	Errno         int
	Entry, Offset int64
	Image, Path   string
	Text          string
}

func (e *Error) Error() string { return e.Text }

// ErrClosed is what a closed checkpoint or memory says.
var ErrClosed = errors.New("crit: it is closed")

func newError(err *C.struct_crit_error) error {
	var text [1024]C.char

	C.crit_error_text(err, &text[0], C.size_t(len(text)))
	return &Error{
		Code: int(err.code), Errno: int(err.sys),
		Entry: int64(err.entry), Offset: int64(err.offset),
		Image: C.GoString(&err.image[0]), Path: C.GoString(&err.path[0]),
		Text: C.GoString(&text[0]),
	}
}

// Version is that of the library.
func Version() string { return C.GoString(C.crit_version()) }

// Checkpoint is a directory, an archive or a stream of images.
type Checkpoint struct {
	c   *C.struct_crit
	dir *C.struct_crit_dir
	err *C.struct_crit_error
}

// Open opens a checkpoint of any kind.
func Open(path string) (*Checkpoint, error) {
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	c := &Checkpoint{c: C.crit_new(nil), err: C.crit_error_new(nil)}
	if c.c != nil && c.err != nil {
		c.dir = C.crit_open_checkpoint(c.c, name, nil, c.err)
	}
	if c.dir != nil {
		return c, nil
	}
	err := errors.New("crit: out of memory")
	if c.err != nil && c.c != nil {
		err = newError(c.err)
	}
	c.Close()
	return nil, err
}

// Close ends it. Memory that came from it must be closed before.
func (c *Checkpoint) Close() error {
	C.crit_dir_close(c.dir)
	C.crit_error_free(c.err)
	C.crit_free(c.c)
	c.dir, c.err, c.c = nil, nil, nil
	return nil
}

// Iterator gives one value after another: for it.Next() { it.Value() }, and
// then it.Err(). One that is not read to its end is to be closed.
type Iterator[T any] struct {
	it    *C.struct_crit_iterator
	next  func(*C.struct_crit_iterator, *C.struct_crit_error) (T, int)
	own   *C.struct_crit_error
	value T
	err   error
}

func iterate[T any](c *Checkpoint,
	ask func(*C.struct_crit_error) *C.struct_crit_iterator,
	next func(*C.struct_crit_iterator, *C.struct_crit_error) (T, int)) *Iterator[T] {
	i := &Iterator[T]{next: next}
	if c.dir == nil {
		i.err = ErrClosed
		return i
	}
	i.own = C.crit_error_new(nil)
	i.it = ask(i.own)
	if i.it == nil {
		i.err = newError(i.own)
		i.Close()
	}
	return i
}

// Next says whether there is a value, and goes to it.
func (i *Iterator[T]) Next() bool {
	if i.it == nil {
		return false
	}
	value, r := i.next(i.it, i.own)
	if r > 0 {
		i.value = value
		return true
	}
	if r < 0 {
		i.err = newError(i.own)
	}
	i.Close()
	return false
}

// Value is the element that Next moved to.
func (i *Iterator[T]) Value() T { return i.value }

// Err is what could not be read.
func (i *Iterator[T]) Err() error { return i.err }

// Close may be called at any time, and again.
func (i *Iterator[T]) Close() {
	C.crit_iterator_free(i.it)
	C.crit_error_free(i.own)
	i.it, i.own = nil, nil
}

// All reads what is left.
func (i *Iterator[T]) All() ([]T, error) {
	var all []T

	for i.Next() {
		all = append(all, i.Value())
	}
	return all, i.Err()
}

// Task is one of pstree.img.
type Task struct {
	Pid, Ppid, Pgid, Sid   uint32
	State, ExitCode, Depth uint32
	Comm                   string
	Threads                []uint32
}

// Tasks are those of the checkpoint, parents before their children.
func (c *Checkpoint) Tasks() *Iterator[Task] {
	return iterate(c, func(err *C.struct_crit_error) *C.struct_crit_iterator {
		return C.crit_iterate_tasks(c.dir, err)
	}, func(it *C.struct_crit_iterator, err *C.struct_crit_error) (Task, int) {
		var t C.struct_crit_task

		r := int(C.crit_next_task(it, &t, err))
		if r <= 0 {
			return Task{}, r
		}
		task := Task{
			Pid: uint32(t.pid), Ppid: uint32(t.ppid),
			Pgid: uint32(t.pgid), Sid: uint32(t.sid),
			State: uint32(t.state), ExitCode: uint32(t.exit_code),
			Depth: uint32(t.depth), Comm: C.GoString(t.comm),
		}
		for _, tid := range unsafe.Slice(t.threads, int(t.n_threads)) {
			task.Threads = append(task.Threads, uint32(tid))
		}
		return task, r
	})
}

// Descriptor is an open file of a task, or its working or root directory
// (At "cwd", "root"). Facts and Notes are JSON.
type Descriptor struct {
	Pid           uint32
	At            string
	Fd, Flags, ID uint32
	Type, Path    string
	Facts, Notes  string
}

// Descriptors are those of a task; pid 0: of all.
func (c *Checkpoint) Descriptors(pid uint32) *Iterator[Descriptor] {
	return iterate(c, func(err *C.struct_crit_error) *C.struct_crit_iterator {
		return C.crit_iterate_descriptors(c.dir, C.uint32_t(pid), err)
	}, func(it *C.struct_crit_iterator, err *C.struct_crit_error) (Descriptor, int) {
		var d C.struct_crit_descriptor

		r := int(C.crit_next_descriptor(it, &d, err))
		if r <= 0 {
			return Descriptor{}, r
		}
		return Descriptor{
			Pid: uint32(d.pid), At: C.GoString(d.at), Fd: uint32(d.fd),
			Flags: uint32(d.flags), ID: uint32(d.id),
			Type:  C.GoString(d._type),
			Path:  C.GoStringN(d.path, C.int(d.path_size)),
			Facts: C.GoString(d.facts), Notes: C.GoString(d.notes),
		}, r
	})
}

// Mapping is an area of a task's memory.
type Mapping struct {
	Pid                 uint32
	Start, End          uint64
	Pgoff, Shmid        uint64
	Prot, Flags, Status uint32
	What                string
}

// Mappings are those of a task; pid 0: of all.
func (c *Checkpoint) Mappings(pid uint32) *Iterator[Mapping] {
	return iterate(c, func(err *C.struct_crit_error) *C.struct_crit_iterator {
		return C.crit_iterate_mappings(c.dir, C.uint32_t(pid), err)
	}, func(it *C.struct_crit_iterator, err *C.struct_crit_error) (Mapping, int) {
		var m C.struct_crit_mapping

		r := int(C.crit_next_mapping(it, &m, err))
		if r <= 0 {
			return Mapping{}, r
		}
		return Mapping{
			Pid: uint32(m.pid), Start: uint64(m.start),
			End: uint64(m.end), Pgoff: uint64(m.pgoff),
			Shmid: uint64(m.shmid), Prot: uint32(m.prot),
			Flags: uint32(m.flags), Status: uint32(m.status),
			What: C.GoString(m.what),
		}, r
	})
}

// Socket is an open socket of a task.
type Socket struct {
	Pid, Fd, ID                   uint32
	Kind                          string
	Family, Type, Protocol, State uint32
	Source, Destination           string
	SourcePort, DestinationPort   uint32
}

// Sockets are those of a task; pid 0: of all.
func (c *Checkpoint) Sockets(pid uint32) *Iterator[Socket] {
	return iterate(c, func(err *C.struct_crit_error) *C.struct_crit_iterator {
		return C.crit_iterate_sockets(c.dir, C.uint32_t(pid), err)
	}, func(it *C.struct_crit_iterator, err *C.struct_crit_error) (Socket, int) {
		var s C.struct_crit_socket

		r := int(C.crit_next_socket(it, &s, err))
		if r <= 0 {
			return Socket{}, r
		}
		return Socket{
			Pid: uint32(s.pid), Fd: uint32(s.fd), ID: uint32(s.id),
			Kind: C.GoString(s.kind), Family: uint32(s.family),
			Type: uint32(s._type), Protocol: uint32(s.protocol),
			State:           uint32(s.state),
			Source:          C.GoStringN(s.source, C.int(s.source_size)),
			Destination:     C.GoString(s.destination),
			SourcePort:      uint32(s.source_port),
			DestinationPort: uint32(s.destination_port),
		}, r
	})
}

// Finding is a reason why CRIU may not restore the checkpoint. Severity: 0
// note, 1 warning, 2 error.
type Finding struct {
	Rule              string
	Severity          int
	Image, Path, Text string
	Entry             int64
}

// Check looks for them.
func (c *Checkpoint) Check() *Iterator[Finding] {
	return iterate(c, func(err *C.struct_crit_error) *C.struct_crit_iterator {
		return C.crit_iterate_findings(c.dir, nil, err)
	}, func(it *C.struct_crit_iterator, err *C.struct_crit_error) (Finding, int) {
		var f C.struct_crit_finding

		r := int(C.crit_next_finding(it, &f, err))
		if r <= 0 {
			return Finding{}, r
		}
		return Finding{
			Rule: C.GoString(f.rule), Severity: int(f.severity),
			Image: C.GoString(f.image), Path: C.GoString(f.path),
			Text: C.GoString(f.text), Entry: int64(f.entry),
		}, r
	})
}

// Difference is a thing that changed from one checkpoint to another. Record is all
// of it, as JSON.
type Difference struct {
	Section, Change string
	Pid             uint32
	Image, Path     string
	Record          []byte
}

// Diff compares with another checkpoint.
func (c *Checkpoint) Diff(other *Checkpoint) *Iterator[Difference] {
	changes := []string{"changed", "gone", "appeared"}
	if other.dir == nil {
		return &Iterator[Difference]{err: ErrClosed}
	}
	return iterate(c, func(err *C.struct_crit_error) *C.struct_crit_iterator {
		return C.crit_iterate_differences(c.dir, other.dir, nil, err)
	}, func(it *C.struct_crit_iterator, err *C.struct_crit_error) (Difference, int) {
		var d C.struct_crit_difference

		r := int(C.crit_next_difference(it, &d, err))
		if r <= 0 {
			return Difference{}, r
		}
		return Difference{
			Section: C.GoString(d.section), Change: changes[d.change],
			Pid: uint32(d.pid), Image: C.GoString(d.image),
			Path:   C.GoString(d.path),
			Record: C.GoBytes(unsafe.Pointer(d.line), C.int(d.size)),
		}, r
	})
}

// output is what a call writes to memory.
func (c *Checkpoint) output(write func(*C.struct_crit_output) C.bool) ([]byte, error) {
	if c.dir == nil {
		return nil, ErrClosed
	}
	out := C.crit_output_memory(c.c, c.err)
	if out == nil {
		return nil, newError(c.err)
	}
	defer C.crit_output_abort(out)
	if !write(out) {
		return nil, newError(c.err)
	}
	var n C.size_t
	p := C.crit_output_bytes(out, &n)
	return C.GoBytes(p, C.int(n)), nil
}

// Summary is the row of crit-summary(5), a JSON object. zeroPages: the memory is
// read, and pages of zeros are counted.
func (c *Checkpoint) Summary(zeroPages bool) ([]byte, error) {
	flags := C.uint(C.CRIT_RECORDS)
	if zeroPages {
		flags |= C.CRIT_ZERO_PAGES
	}
	return c.output(func(out *C.struct_crit_output) C.bool {
		return C.crit_summary(c.dir, flags, out, c.err)
	})
}

// Draw is a picture as SVG: "tree", "memory", "files", "sockets".
func (c *Checkpoint) Draw(what string) ([]byte, error) {
	name := C.CString(what)
	defer C.free(unsafe.Pointer(name))
	return c.output(func(out *C.struct_crit_output) C.bool {
		return C.crit_draw(c.dir, name, C.CRIT_SVG, 0, out, c.err)
	})
}

// DumpStats are those of stats-dump: microseconds, and numbers of pages.
type DumpStats struct {
	FreezingTime, FrozenTime, MemdumpTime, MemwriteTime uint64
	PagesScanned, PagesSkippedParent, PagesWritten      uint64
}

// DumpStats reads them.
func (c *Checkpoint) DumpStats() (DumpStats, error) {
	var s C.struct_crit_dump_stats

	if c.dir == nil {
		return DumpStats{}, ErrClosed
	}
	if !C.crit_dump_statistics(c.dir, &s, c.err) {
		return DumpStats{}, newError(c.err)
	}
	return DumpStats{
		uint64(s.freezing_time), uint64(s.frozen_time),
		uint64(s.memdump_time), uint64(s.memwrite_time),
		uint64(s.pages_scanned), uint64(s.pages_skipped_parent),
		uint64(s.pages_written),
	}, nil
}

// Records are those of crit-x, a JSON object each: "mounts", "limits", ...
func (c *Checkpoint) Records(what string, pid uint32) *Iterator[[]byte] {
	name := C.CString(what)
	defer C.free(unsafe.Pointer(name))
	return iterate(c, func(err *C.struct_crit_error) *C.struct_crit_iterator {
		return C.crit_iterate_explore(c.dir, name, C.uint32_t(pid), err)
	}, func(it *C.struct_crit_iterator, err *C.struct_crit_error) ([]byte, int) {
		var p *C.char
		var n C.size_t

		r := int(C.crit_next_record(it, &p, &n, err))
		return C.GoBytes(unsafe.Pointer(p), C.int(n)), r
	})
}

// Memory is that of a task. It is an io.ReaderAt by address.
type Memory struct {
	of *Checkpoint
	m  *C.struct_crit_memory
}

var _ io.ReaderAt = (*Memory)(nil)

// Memory opens the memory of a task.
func (c *Checkpoint) Memory(pid uint32) (*Memory, error) {
	if c.dir == nil {
		return nil, ErrClosed
	}
	m := C.crit_memory_open(c.dir, C.uint32_t(pid), 0, c.err)
	if m == nil {
		return nil, newError(c.err)
	}
	return &Memory{c, m}, nil
}

// Close ends it.
func (m *Memory) Close() error {
	C.crit_memory_close(m.m)
	m.m = nil
	return nil
}

// PageSize is that of the dumped machine.
func (m *Memory) PageSize() uint64 { return uint64(C.crit_memory_page_size(m.m)) }

// ReadAt reads len(p) bytes at an address. What no image has reads as zeros.
func (m *Memory) ReadAt(p []byte, address int64) (int, error) {
	n, _, err := m.Read(p, uint64(address))
	return n, err
}

// Read is ReadAt, and says how many bytes no image has. Addresses of the upper
// half are no int64.
func (m *Memory) Read(p []byte, address uint64) (n int, absent uint64, err error) {
	if m.m == nil || m.of.dir == nil {
		return 0, 0, ErrClosed
	}
	if len(p) == 0 {
		return 0, 0, nil
	}
	var lost C.uint64_t
	if !C.crit_memory_read(m.m, C.uint64_t(address), unsafe.Pointer(&p[0]),
		C.size_t(len(p)), &lost, m.of.err) {
		return 0, 0, newError(m.of.err)
	}
	return len(p), uint64(lost), nil
}

// Match is a place where the bytes are that were looked for.
type Match struct {
	Address uint64
	Bytes   []byte
}

// Search looks for bytes, or for a POSIX extended regular expression.
func (m *Memory) Search(what string, regex bool) *Iterator[Match] {
	if m.m == nil {
		return &Iterator[Match]{err: ErrClosed}
	}
	text := C.CString(what)
	defer C.free(unsafe.Pointer(text))
	return iterate(m.of, func(err *C.struct_crit_error) *C.struct_crit_iterator {
		return C.crit_iterate_matches(m.m, text, C.size_t(len(what)),
			C.bool(regex), 0, err)
	}, func(it *C.struct_crit_iterator, err *C.struct_crit_error) (Match, int) {
		var a C.struct_crit_match

		r := int(C.crit_next_match(it, &a, err))
		if r <= 0 {
			return Match{}, r
		}
		return Match{uint64(a.address), C.GoBytes(a.bytes, C.int(a.size))}, r
	})
}

// Write writes into the memory of a checkpoint that is a directory.
func (m *Memory) Write(p []byte, address uint64) error {
	if m.m == nil || m.of.dir == nil {
		return ErrClosed
	}
	if len(p) == 0 {
		return nil
	}
	if !C.crit_memory_write(m.m, C.uint64_t(address), unsafe.Pointer(&p[0]),
		C.size_t(len(p)), nil, m.of.err) {
		return newError(m.of.err)
	}
	return nil
}

func (m *Memory) strings(ask func(*C.struct_crit_error) *C.struct_crit_iterator) ([]string, error) {
	if m.m == nil {
		return nil, ErrClosed
	}
	return iterate(m.of, ask, func(it *C.struct_crit_iterator,
		err *C.struct_crit_error) (string, int) {
		var p *C.char
		var n C.size_t

		r := int(C.crit_next_string(it, &p, &n, err))
		return C.GoStringN(p, C.int(n)), r
	}).All()
}

// Args are the arguments of the task.
func (m *Memory) Args() ([]string, error) {
	return m.strings(func(err *C.struct_crit_error) *C.struct_crit_iterator {
		return C.crit_iterate_args(m.m, err)
	})
}

// Env is its environment.
func (m *Memory) Env() ([]string, error) {
	return m.strings(func(err *C.struct_crit_error) *C.struct_crit_iterator {
		return C.crit_iterate_env(m.m, err)
	})
}

// Copy copies a checkpoint to a new directory; flatten: with the pages of its
// parents.
func (c *Checkpoint) Copy(path string, flatten bool) error {
	if c.dir == nil {
		return ErrClosed
	}
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	how := C.struct_crit_copy_how{flatten: C.bool(flatten)}
	if !C.crit_copy(c.dir, &how, name, c.err) {
		return fmt.Errorf("copy to %s: %w", path, newError(c.err))
	}
	return nil
}
