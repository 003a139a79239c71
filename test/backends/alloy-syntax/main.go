// Command alloy-syntax reads Alloy configuration files with Alloy's own parser and checks that they are
// formatted as `alloy fmt` would. One line per fault on stderr; ends with 1 when there was any.
//
// With -transform before one file it prints that file's transform statements instead; see transform.go.
package main

import (
	"bytes"
	"fmt"
	"os"

	"github.com/grafana/alloy/syntax/parser"
	"github.com/grafana/alloy/syntax/printer"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == "-transform" {
		if err := printTransform(os.Stdout, os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	failed := false
	for _, path := range os.Args[1:] {
		if err := check(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			failed = true
		}
	}
	if failed {
		os.Exit(1)
	}
}

func check(path string) error {
	source, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	file, err := parser.ParseFile(path, source)
	if err != nil {
		return err
	}
	var canonical bytes.Buffer
	if err := printer.Fprint(&canonical, file); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if !bytes.Equal(bytes.TrimSpace(canonical.Bytes()), bytes.TrimSpace(source)) {
		return fmt.Errorf("%s: not formatted as alloy fmt would", path)
	}
	return nil
}
