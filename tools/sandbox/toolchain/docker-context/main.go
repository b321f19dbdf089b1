// Lists what Docker sends of build contexts: as the docker CLI does for BuildKit, and as an archive for the Docker API.
//
// Reads folders from standard input, one a line, and prints one line of JSON for each.
package main

import (
	"archive/tar"
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/moby/go-archive"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
	"github.com/tonistiigi/fsutil"
)

// listing is what is sent, with a slash after each folder, or why nothing is.
type listing struct {
	Sent  []string `json:"sent,omitempty"`
	Error string   `json:"error,omitempty"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	output := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		folder := lines.Text()
		patterns, err := excludes(folder)
		result := map[string]listing{}
		for name, list := range map[string]func(string, []string) ([]string, error){
			"docker":       archived,
			"docker-build": synced,
		} {
			sent, failure := []string(nil), err
			if failure == nil {
				sent, failure = list(folder, patterns)
			}
			if failure != nil {
				result[name] = listing{Error: failure.Error()}
			} else {
				result[name] = listing{Sent: sent}
			}
		}
		if err := output.Encode(result); err != nil {
			panic(err)
		}
	}
}

func excludes(folder string) ([]string, error) {
	for _, name := range []string{"Dockerfile.dockerignore", ".dockerignore"} {
		file, err := os.Open(filepath.Join(folder, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		defer file.Close()
		return ignorefile.ReadAll(file)
	}
	return nil, nil
}

// synced is what a session's file sync sends.
func synced(folder string, patterns []string) (sent []string, err error) {
	options := &fsutil.FilterOpt{ExcludePatterns: patterns}
	err = fsutil.Walk(context.Background(), folder, options, func(path string, info fs.FileInfo, err error) error {
		if err == nil && info.IsDir() {
			path += "/"
		}
		sent = append(sent, path)
		return err
	})
	return sent, err
}

// archived is what Pulumi's docker provider sends: the build files always.
func archived(folder string, patterns []string) (sent []string, err error) {
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{".dockerignore", "Dockerfile"} {
		excluded, err := matcher.MatchesOrParentMatches(name)
		if err != nil {
			return nil, err
		}
		if excluded {
			patterns = append(patterns, "!"+name)
		}
	}
	stream, err := archive.TarWithOptions(folder, &archive.TarOptions{ExcludePatterns: patterns})
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	for reader := tar.NewReader(stream); ; {
		header, err := reader.Next()
		if err == io.EOF {
			return sent, nil
		}
		if err != nil {
			return nil, err
		}
		sent = append(sent, strings.TrimPrefix(header.Name, "./"))
	}
}
