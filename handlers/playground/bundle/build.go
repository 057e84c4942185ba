package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// install fetches the packages of package-lock.json, checked by their hashes, unless they are there already.
func install(web string) error {
	if _, err := os.Stat(filepath.Join(web, "node_modules", ".package-lock.json")); err == nil {
		return nil
	}
	npm := exec.Command("npm", "ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund")
	npm.Dir, npm.Stdout, npm.Stderr = web, os.Stderr, os.Stderr
	if err := npm.Run(); err != nil {
		return fmt.Errorf("fetch the page's packages with npm ci: %w", err)
	}
	return nil
}

// build gives every file of dist by name.
func build(web string) (map[string][]byte, error) {
	result := api.Build(options(web))
	if len(result.Errors) > 0 {
		lines := api.FormatMessages(result.Errors, api.FormatMessagesOptions{})
		return nil, errors.New("bundle the page:\n" + strings.Join(lines, "\n"))
	}
	page, err := os.ReadFile(filepath.Join(web, "src", "index.html"))
	if err != nil {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	notices, err := notices(web, result.Metafile)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{"index.html": page, "NOTICES.txt": notices}
	for _, file := range result.OutputFiles {
		files[filepath.Base(file.Path)] = file.Contents
	}
	return files, nil
}

func options(web string) api.BuildOptions {
	return api.BuildOptions{
		AbsWorkingDir:       web,
		EntryPointsAdvanced: []api.EntryPoint{{InputPath: "src/main.tsx", OutputPath: "app"}},
		Outdir:              "out",
		Bundle:              true,
		Metafile:            true,
		MinifyWhitespace:    true,
		MinifyIdentifiers:   true,
		MinifySyntax:        true,
		Charset:             api.CharsetUTF8,
		Format:              api.FormatIIFE,
		Target:              api.ES2022,
		JSX:                 api.JSXAutomatic,
		LegalComments:       api.LegalCommentsNone,
		Define:              map[string]string{"process.env.NODE_ENV": `"production"`},
		Plugins:             []api.Plugin{classNotID()},
		LogLevel:            api.LogLevelSilent,
	}
}

// classNotID lets the block renderer mark its root by class alone: its id would stand many times in one page.
func classNotID() api.Plugin {
	load := func(args api.OnLoadArgs) (api.OnLoadResult, error) {
		old, replacement, loader := `id:"slack_blocks_to_jsx",`, ``, api.LoaderJS
		if filepath.Ext(args.Path) == ".css" {
			old, replacement, loader = `#slack_blocks_to_jsx`, `.slack_blocks_to_jsx`, api.LoaderCSS
		}
		content, err := os.ReadFile(args.Path)
		if err != nil {
			return api.OnLoadResult{}, fmt.Errorf("read %s: %w", args.Path, err)
		}
		if !bytes.Contains(content, []byte(old)) {
			return api.OnLoadResult{}, fmt.Errorf("%s no longer contains %s", filepath.Base(args.Path), old)
		}
		text := strings.ReplaceAll(string(content), old, replacement)
		return api.OnLoadResult{Contents: &text, Loader: loader}, nil
	}
	return api.Plugin{Name: "class-not-id", Setup: func(build api.PluginBuild) {
		build.OnLoad(api.OnLoadOptions{Filter: `slack-blocks-to-jsx/dist/(index\.mjs|style\.css)$`}, load)
	}}
}

// inputs are the files that went into the bundle, as esbuild's metafile lists them.
func inputs(metafile string) ([]string, error) {
	var meta struct {
		Outputs map[string]struct {
			Inputs map[string]struct {
				BytesInOutput int `json:"bytesInOutput"`
			} `json:"inputs"`
		} `json:"outputs"`
	}
	if err := json.Unmarshal([]byte(metafile), &meta); err != nil {
		return nil, fmt.Errorf("read the bundle's metafile: %w", err)
	}
	var paths []string
	for _, output := range meta.Outputs {
		for path := range output.Inputs {
			paths = append(paths, path)
		}
	}
	return paths, nil
}
