// SPDX-License-Identifier: MIT

// tasks CHECKPOINT...: tasks, what they have open.
package main

import (
	"fmt"
	"os"
	"strings"

	"crit.example/crit"
)

func show(path string) error {
	c, err := crit.Open(path)
	if err != nil {
		return err
	}
	defer c.Close()
	it := c.Tasks()
	for it.Next() {
		t := it.Value()
		indent := strings.Repeat("  ", int(t.Depth))
		fmt.Printf("%s%d %s\n", indent, t.Pid, t.Comm)
		if t.State != 1 {
			continue
		}
		files := c.Descriptors(t.Pid)
		for files.Next() {
			d := files.Value()
			if d.At == "" {
				d.At = fmt.Sprint(d.Fd)
			}
			fmt.Printf("%s  %s %s\n", indent, d.At, d.Path)
		}
		if files.Err() != nil {
			return files.Err()
		}
	}
	return it.Err()
}

func main() {
	for _, path := range os.Args[1:] {
		if err := show(path); err != nil {
			fmt.Fprintln(os.Stderr, "tasks:", err)
			os.Exit(1)
		}
	}
}
