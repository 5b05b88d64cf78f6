package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/wasmstate/wasmstate/validator"
	"github.com/wasmstate/wasmstate/validator/explain"
)

// sarifReporter collects what is wrong and writes it as one log at the end.
//
// Source: SARIF 2.1.0, "Static Analysis Results Interchange Format", with errata.
type sarifReporter struct {
	w     io.Writer
	run   sarifRun
	files map[string]int // index of each artifact
}

// The properties are those of the standard that have something to say here. The
// numbers are of its sections.
type (
	sarifLog struct { // 3.13
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct { // 3.14
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		Artifacts   []sarifArtifact   `json:"artifacts,omitempty"`
		Results     []sarifResult     `json:"results"`
	}
	sarifTool struct { // 3.18
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct { // 3.19
		Name    string      `json:"name"`
		Version string      `json:"version"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct { // 3.49
		ID        string    `json:"id"`
		ShortText sarifText `json:"shortDescription"`
		FullText  sarifText `json:"fullDescription"`
	}
	sarifInvocation struct { // 3.20
		Successful    bool                `json:"executionSuccessful"`
		ExitCode      int                 `json:"exitCode"`
		Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct { // 3.58
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifArtifact struct { // 3.24
		Location    sarifArtifactLocation `json:"location"`
		ParentIndex *int                  `json:"parentIndex,omitempty"`
		MIMEType    string                `json:"mimeType,omitempty"`
	}
	sarifResult struct { // 3.27
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
		Related   []sarifLocation `json:"relatedLocations,omitempty"`
	}
	sarifText struct { // 3.11, 3.12
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifLocation struct { // 3.28
		Message  *sarifText             `json:"message,omitempty"`
		Physical sarifPhysicalLocation  `json:"physicalLocation"`
		Logical  []sarifLogicalLocation `json:"logicalLocations,omitempty"`
	}
	sarifPhysicalLocation struct { // 3.29
		Artifact sarifArtifactLocation `json:"artifactLocation"`
		Region   *sarifRegion          `json:"region,omitempty"`
	}
	sarifArtifactLocation struct { // 3.4
		URI   string `json:"uri"`
		Index int    `json:"index"`
	}
	sarifRegion struct { // 3.30.3 "Binary regions"
		ByteOffset int `json:"byteOffset"`
		ByteLength int `json:"byteLength"`
	}
	sarifLogicalLocation struct { // 3.33
		Name          string `json:"name,omitempty"`
		QualifiedName string `json:"fullyQualifiedName"`
		Kind          string `json:"kind"`
	}
)

// sarifRules are the ways in which a module may be refused, in the order of
// their validator.Kind.
var sarifRules = []sarifRule{
	{validator.Malformed.String(), sarifText{Text: "The module is malformed."},
		sarifText{Text: "The bytes do not follow the binary format of WebAssembly (chapter 5 of the specification)."}},
	{validator.Invalid.String(), sarifText{Text: "The module is invalid."},
		sarifText{Text: "The module decodes, and breaks a validation rule of WebAssembly (chapter 3 of the specification)."}},
	{validator.Limit.String(), sarifText{Text: "The module goes past a limit."},
		sarifText{Text: "The module asks for more than is allowed; it may be valid."}},
}

func newSARIFReporter(w io.Writer) *sarifReporter {
	return &sarifReporter{w: w, files: map[string]int{}, run: sarifRun{
		Tool:        sarifTool{sarifDriver{"wasmvalidate", version(), sarifRules}},
		Invocations: []sarifInvocation{{Successful: true}},
		Results:     []sarifResult{},
	}}
}

func (s *sarifReporter) verdict(v verdict) error {
	location := s.locate(v)
	if v.trouble != nil {
		in := &s.run.Invocations[0]
		in.Successful = false
		in.Notifications = append(in.Notifications,
			sarifNotification{"error", sarifText{Text: sarifBraces.Replace(v.trouble.Error())}, []sarifLocation{location}})
	}
	for _, m := range v.mistakes {
		at := location
		at.Physical.Region = &sarifRegion{m.Offset, 1}
		if int64(m.Offset) >= v.bytes {
			at.Physical.Region.ByteLength = 0 // the end of the file
		}
		if m.Func >= 0 {
			at.Logical = []sarifLogicalLocation{{plain(m.funcName), fmt.Sprintf("func %d", m.Func), "function"}}
		}
		s.run.Results = append(s.run.Results, sarifResult{
			m.Kind.String(), int(m.Kind - validator.Malformed), "error",
			sarifMessage(v, m), []sarifLocation{at}, related(location, m.diagnosis),
		})
	}
	return nil
}

// sarifMessage says what a mistake is. The diagnosis, if there is one, is a block of
// code in the Markdown; as plain text there are its hints.
func sarifMessage(v verdict, m mistake) sarifText {
	text := sarifText{Text: sarifBraces.Replace(v.sentence(m))}
	if m.diagnosis == nil {
		return text
	}
	listing := m.diagnosis.Text(explain.TextOptions{File: plainName(v.file)})
	text.Markdown = sarifBraces.Replace("    " + strings.ReplaceAll(strings.TrimSpace(listing), "\n", "\n    "))
	for _, h := range m.diagnosis.Hints {
		text.Text += sarifBraces.Replace("\nhint: " + h.Text)
	}
	return text
}

// sarifBraces writes the braces of a message, which otherwise are those of placeholders
// (3.11.5 "Messages with placeholders").
var sarifBraces = strings.NewReplacer("{", "{{", "}", "}}")

// related returns where in a file the operands come from that a diagnosis is about.
func related(file sarifLocation, d *explain.Diagnosis) []sarifLocation {
	var list []sarifLocation
	if d == nil {
		return nil
	}
	for _, w := range d.Want {
		if w.Found == nil || w.Found.Origin == nil {
			continue
		}
		at := file
		at.Message = &sarifText{Text: sarifBraces.Replace(fmt.Sprintf("%s of `%s`", w.Found.Type, w.Found.Origin.Text))}
		at.Physical.Region = &sarifRegion{w.Found.Origin.Offset, 1}
		list = append(list, at)
	}
	return list
}

// locate returns where a file is: among the artifacts, one in an archive behind
// the archive.
func (s *sarifReporter) locate(v verdict) sarifLocation {
	var parent *int
	uri := sarifURI(v.file)
	if archive, entry, ok := splitEntry(v.file); ok {
		parent = ref(s.artifact(archive, sarifArtifact{Location: sarifArtifactLocation{URI: sarifURI(archive)}}))
		uri = (&url.URL{Path: "/" + strings.TrimLeft(entry, "/")}).String()
	}
	index := s.artifact(v.file, sarifArtifact{
		Location: sarifArtifactLocation{URI: uri}, ParentIndex: parent, MIMEType: "application/wasm",
	})
	return sarifLocation{Physical: sarifPhysicalLocation{Artifact: s.run.Artifacts[index].Location}}
}

// artifact returns the index of the artifact with a name, which it adds if it is
// not there yet.
func (s *sarifReporter) artifact(name string, a sarifArtifact) int {
	if i, ok := s.files[name]; ok {
		return i
	}
	a.Location.Index = len(s.run.Artifacts)
	s.files[name] = a.Location.Index
	s.run.Artifacts = append(s.run.Artifacts, a)
	return a.Location.Index
}

// sarifURI returns the URI of a file.
func sarifURI(name string) string {
	u := url.URL{Path: filepath.ToSlash(name)}
	if filepath.IsAbs(name) {
		u.Scheme = "file"
		u.Path = "/" + strings.TrimPrefix(u.Path, "/") // where one begins with a drive, it has none yet
	}
	return u.String()
}

func (s *sarifReporter) close(status int) error {
	in := &s.run.Invocations[0]
	in.ExitCode = status
	in.Successful = in.Successful && status != exitInterrupted
	enc := json.NewEncoder(s.w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(sarifLog{
		"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", "2.1.0",
		[]sarifRun{s.run},
	})
}
