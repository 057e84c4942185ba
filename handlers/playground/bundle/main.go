// Command bundle makes handlers/playground/dist from handlers/playground/web: the page, its script and styles, and the
// licence notices of what went into them. The result is committed, so that building Tsunagi needs Go alone.
//
//	go run ./handlers/playground/bundle           write dist
//	go run ./handlers/playground/bundle -verify   rebuild in memory and compare with dist
//
// It fetches the pinned npm packages when they are missing and runs none of their scripts. Begin reading at run.
package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	verify := flag.Bool("verify", false, "compare with the committed bundle, write nothing")
	root := flag.String("root", "handlers/playground", "the playground's folder")
	flag.Parse()
	if err := run(*root, *verify); err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(1)
	}
}

func run(root string, verify bool) error {
	web, err := filepath.Abs(filepath.Join(root, "web"))
	if err != nil {
		return fmt.Errorf("find the page's source: %w", err)
	}
	if err := install(web); err != nil {
		return err
	}
	files, err := build(web)
	if err != nil {
		return err
	}
	for _, name := range []string{"app.js", "app.css", "NOTICES.txt"} {
		if files[name+".gz"], err = packed(files[name]); err != nil {
			return fmt.Errorf("pack %s: %w", name, err)
		}
	}
	delete(files, "app.js") // the notices stay: they are read in the sources too
	delete(files, "app.css")
	dist := filepath.Join(root, "dist")
	if verify {
		return compare(dist, files)
	}
	return write(dist, files)
}

// packed makes the program a megabyte smaller: it carries the page as browsers fetch it.
func packed(content []byte) ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(content); err != nil {
		return nil, err
	}
	err = z.Close()
	return out.Bytes(), err
}

// unpacked undoes packed, so that two are compared by what they hold: the packing may differ between versions of Go.
func unpacked(name string, content []byte) []byte {
	if !strings.HasSuffix(name, ".gz") {
		return content
	}
	z, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return nil
	}
	out, err := io.ReadAll(z)
	if err != nil {
		return nil
	}
	return out
}

func write(dist string, files map[string][]byte) error {
	if err := os.MkdirAll(dist, 0o755); err != nil {
		return fmt.Errorf("make %s: %w", dist, err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dist, name), content, 0o644); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		fmt.Printf("%s %d bytes\n", filepath.Join(dist, name), len(content))
	}
	return nil
}

// compare names every file that is missing, too many, or not what the source gives.
func compare(dist string, files map[string][]byte) error {
	entries, err := os.ReadDir(dist)
	if err != nil {
		return fmt.Errorf("read %s: %w", dist, err)
	}
	var faults []string
	for _, entry := range entries {
		if _, ok := files[entry.Name()]; !ok {
			faults = append(faults, entry.Name()+" is not made from the source")
		}
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(dist, name))
		if err != nil || !bytes.Equal(unpacked(name, got), unpacked(name, want)) {
			faults = append(faults, name+" differs from the source")
		}
	}
	if len(faults) == 0 {
		return nil
	}
	slices.Sort(faults)
	return fmt.Errorf("%s is out of date, run go run ./handlers/playground/bundle: %s", dist, strings.Join(faults, "; "))
}
