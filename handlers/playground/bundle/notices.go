package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const head = `The playground page contains the packages below, each under its own licence.
slack-blocks-to-jsx is changed in one point: its root element is marked by a class, not by an id.
`

// notices writes the licence of every package of which something is in the bundle.
func notices(web, metafile string) ([]byte, error) {
	paths, err := inputs(metafile)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteString(head)
	for _, folder := range packages(paths) {
		if err := notice(&out, filepath.Join(web, folder)); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}

// packages are the package folders among paths, each once, in order.
func packages(paths []string) []string {
	var folders []string
	for _, path := range paths {
		at := strings.LastIndex(path, "node_modules/")
		if at < 0 {
			continue
		}
		parts := strings.Split(path[at+len("node_modules/"):], "/")
		depth := 1
		if strings.HasPrefix(parts[0], "@") {
			depth = 2
		}
		folders = append(folders, path[:at]+"node_modules/"+strings.Join(parts[:depth], "/"))
	}
	slices.Sort(folders)
	return slices.Compact(folders)
}

func notice(out *bytes.Buffer, folder string) error {
	raw, err := os.ReadFile(filepath.Join(folder, "package.json"))
	if err != nil {
		return fmt.Errorf("read a package's description: %w", err)
	}
	var described struct{ Name, Version, License string }
	if err := json.Unmarshal(raw, &described); err != nil {
		return fmt.Errorf("read %s: %w", filepath.Base(folder), err)
	}
	if described.License == "" {
		return fmt.Errorf("package %s names no licence", described.Name)
	}
	text, err := licence(folder)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%s\n%s %s (%s)\n\n%s\n", strings.Repeat("-", 80), described.Name, described.Version, described.License, text)
	return nil
}

// licence is the text a package ships; one that ships none is named by its licence alone.
func licence(folder string) (string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", filepath.Base(folder), err)
	}
	for _, entry := range entries {
		name := strings.ToLower(entry.Name())
		if entry.IsDir() || !strings.HasPrefix(name, "license") && !strings.HasPrefix(name, "licence") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return "", fmt.Errorf("read a licence: %w", err)
		}
		return strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n")), nil
	}
	return "(The package ships no licence text of its own.)", nil
}
