// SPDX-License-Identifier: MIT

// questions QUESTION CHECKPOINT [PID]: what test/bindings.bats asks.
package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"crit.example/crit"
)

func each[T any](it *crit.Iterator[T], print func(T)) error {
	for it.Next() {
		print(it.Value())
	}
	return it.Err()
}

func line(columns ...any) {
	text := make([]string, len(columns))
	for i, c := range columns {
		text[i] = fmt.Sprint(c)
	}
	fmt.Println(strings.Join(text, "\t"))
}

func memory(c *crit.Checkpoint, pid uint32) error {
	m, err := c.Memory(pid)
	if err != nil {
		return err
	}
	defer m.Close()
	args, err := m.Args()
	if err != nil {
		return err
	}
	fmt.Println(strings.Join(args, "\t"))
	return each(c.Mappings(pid), func(a crit.Mapping) {
		if a.What != "[stack]" {
			return
		}
		r := io.NewSectionReader(m, int64(a.Start), int64(a.End-a.Start))
		h := sha256.New()
		if _, err := io.Copy(h, r); err != nil {
			fmt.Println(err)
		}
		fmt.Printf("%x\n", h.Sum(nil))
	})
}

func ask(question string, c *crit.Checkpoint, pid uint32) error {
	severities := []string{"note", "warning", "error"}
	switch question {
	case "ps":
		return each(c.Tasks(), func(t crit.Task) {
			threads := strings.Trim(fmt.Sprint(t.Threads), "[]")
			line(t.Pid, t.Ppid, t.Comm, strings.ReplaceAll(threads, " ", ","))
		})
	case "fds":
		return each(c.Descriptors(0), func(d crit.Descriptor) {
			if d.At == "" {
				d.At = fmt.Sprint(d.Fd)
			}
			line(d.Pid, d.At, d.Path)
		})
	case "mems":
		return each(c.Mappings(0), func(m crit.Mapping) {
			line(m.Pid, fmt.Sprintf("%#x", m.Start), fmt.Sprintf("%#x", m.End))
		})
	case "sk":
		return each(c.Sockets(0), func(s crit.Socket) {
			line(s.Pid, s.Fd, s.Kind, s.SourcePort, s.DestinationPort)
		})
	case "check":
		return each(c.Check(), func(f crit.Finding) {
			line(severities[f.Severity], f.Rule, f.Image, f.Text)
		})
	case "diff":
		other, err := crit.Open(os.Args[3])
		if err != nil {
			return err
		}
		defer other.Close()
		return each(c.Diff(other), func(d crit.Difference) {
			line(d.Section, d.Change, d.Pid, d.Image, d.Path)
		})
	case "summary":
		row, err := c.Summary(false)
		os.Stdout.Write(row)
		return err
	case "stats":
		s, err := c.DumpStats()
		line(s.FrozenTime, s.PagesWritten)
		return err
	case "search":
		m, err := c.Memory(pid)
		if err != nil {
			return err
		}
		defer m.Close()
		return each(m.Search("l[o]+p", true), func(a crit.Match) {
			line(fmt.Sprintf("%#x", a.Address), string(a.Bytes))
		})
	case "limits":
		return each(c.Records("limits", 0), func(r []byte) { line(string(r)) })
	}
	return memory(c, pid)
}

func main() {
	pid := 0
	c, err := crit.Open(os.Args[2])
	if err == nil {
		defer c.Close()
		if len(os.Args) > 3 {
			pid, _ = strconv.Atoi(os.Args[3])
		}
		err = ask(os.Args[1], c, uint32(pid))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
