package main

import (
	"encoding"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/wasmstate/wasmstate/ops"
)

// settings are what the flags say.
type settings struct {
	features  ops.Features
	workers   int
	stream    bool
	json      bool
	format    format
	filesFrom string
	progress  when
	color     when
	explain   when
	errors    int
	quiet     bool
	verbose   bool
	unpack    int64
	function  string
	version   bool
}

// defaults returns the settings of a call without flags.
func defaults() settings {
	return settings{
		features: ops.Default, format: formatText, progress: auto, color: auto, explain: auto,
		errors: 1, unpack: 4 << 30,
	}
}

// option is one flag. The table of options is what the flags are parsed by and
// what the help, the manual page and the completions are made from.
type option struct {
	name    string
	value   string // the name of its value; "" for a switch
	usage   string
	choices []string // the values that there are, if they are few
	file    bool     // the value is the name of a file
	of      []string // the names of the commands that have it
	target  func(*settings) any
}

// options returns the table of flags.
func options() []option {
	const validate, features, dump = "", "features", "dump"
	return []option{
		{name: "features", value: "LIST", of: []string{validate},
			usage:  "allow these proposals and sets only: wasm3,threads,-simd",
			target: func(s *settings) any { return &s.features }},
		{name: "format", value: "FORMAT", of: []string{validate}, choices: formats,
			usage:  "print verdicts as text, as json like -json, as a sarif 2.1.0 log, or as annotations for github",
			target: func(s *settings) any { return &s.format }},
		{name: "json", of: []string{validate, features},
			usage:  "print one json object for each file, on a line of its own",
			target: func(s *settings) any { return &s.json }},
		{name: "explain", value: "WHEN", of: []string{validate}, choices: whens,
			usage:  "show the operators, operands and blocks around an error, in every format; auto does so on a terminal for a single file",
			target: func(s *settings) any { return &s.explain }},
		{name: "all", value: "N", of: []string{validate},
			usage:  "report up to N errors of each file, not only the first",
			target: func(s *settings) any { return &s.errors }},
		{name: "files-from", value: "FILE", of: []string{validate}, file: true,
			usage:  "read more file names from FILE, one a line; - is standard input",
			target: func(s *settings) any { return &s.filesFrom }},
		{name: "workers", value: "N", of: []string{validate},
			usage:  "use N goroutines; 0 means one for each core",
			target: func(s *settings) any { return &s.workers }},
		{name: "stream", of: []string{validate},
			usage:  "validate while reading, in memory that does not grow with the file; there are then no names, no explanations and no further errors",
			target: func(s *settings) any { return &s.stream }},
		{name: "unpack-limit", value: "BYTES", of: []string{validate, features, dump},
			usage:  "unpack no more than so many bytes of one archive or compressed file",
			target: func(s *settings) any { return &s.unpack }},
		{name: "progress", value: "WHEN", of: []string{validate}, choices: whens,
			usage:  "show a progress bar; auto does so on a terminal for work that takes long",
			target: func(s *settings) any { return &s.progress }},
		{name: "color", value: "WHEN", of: []string{validate, features, dump}, choices: whens,
			usage:  "use colours; auto does so on a terminal unless NO_COLOR is set",
			target: func(s *settings) any { return &s.color }},
		{name: "quiet", of: []string{validate},
			usage:  "say nothing of files that are valid, and print no summary",
			target: func(s *settings) any { return &s.quiet }},
		{name: "verbose", of: []string{validate},
			usage:  "print a line also for valid files that were found in a directory or an archive",
			target: func(s *settings) any { return &s.verbose }},
		{name: "func", value: "FUNC", of: []string{dump},
			usage:  "list the operators of the function with this index or name, with the operand stack after each",
			target: func(s *settings) any { return &s.function }},
		{name: "version", of: []string{validate},
			usage:  "print the version",
			target: func(s *settings) any { return &s.version }},
	}
}

// optionsOf returns the options of a command.
func optionsOf(command string) []option {
	return slices.DeleteFunc(options(), func(o option) bool { return !slices.Contains(o.of, command) })
}

// define adds the option to the flags that are parsed into s.
func (o option) define(f *flag.FlagSet, s *settings) {
	switch p := o.target(s).(type) {
	case *bool:
		f.BoolVar(p, o.name, *p, o.usage)
	case *int:
		f.IntVar(p, o.name, *p, o.usage)
	case *int64:
		f.Int64Var(p, o.name, *p, o.usage)
	case *string:
		f.StringVar(p, o.name, *p, o.usage)
	case interface {
		encoding.TextMarshaler
		encoding.TextUnmarshaler
	}:
		f.TextVar(p, o.name, p, o.usage)
	}
}

// initial returns the value of the option when it is not given, "" for one that
// is off.
func (o option) initial() string {
	var f flag.FlagSet
	s := defaults()
	o.define(&f, &s)
	switch v := f.Lookup(o.name).DefValue; v {
	case "false", "0":
		return ""
	default:
		return v
	}
}

// parse takes the arguments of the command apart.
func (c *call) parse(args []string) error {
	c.settings = defaults()
	f := flag.NewFlagSet("wasmvalidate", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	for _, o := range optionsOf(c.command.name) {
		o.define(f, &c.settings)
	}
	if err := f.Parse(args); err != nil {
		return err
	}
	c.operands = f.Args()
	given := map[string]bool{}
	f.Visit(func(f *flag.Flag) { given[f.Name] = true })
	return c.check(given)
}

// check refuses settings that contradict themselves.
func (c *call) check(given map[string]bool) error {
	s := &c.settings
	switch {
	case s.workers < 0:
		return errors.New("-workers must not be negative")
	case s.errors < 1:
		return errors.New("-all must be at least 1")
	case s.unpack < 1:
		return errors.New("-unpack-limit must be at least 1")
	case s.quiet && s.verbose:
		return errors.New("-quiet and -verbose exclude each other")
	case s.json && given["format"] && s.format != formatJSON:
		return fmt.Errorf("-json and -format %s exclude each other", s.format)
	case s.json:
		s.format = formatJSON
	}
	if s.version || s.filesFrom != "" {
		return nil
	}
	return c.checkOperands()
}

// checkOperands refuses too many operands, and too few.
func (c *call) checkOperands() error {
	name, want, n := c.command.name, c.command.operand, len(c.operands)
	switch {
	case want == "" && n > 0:
		return fmt.Errorf("%s takes no arguments", name)
	case strings.HasPrefix(want, "FILE") && n == 0:
		return errors.New("no file is named")
	case strings.HasPrefix(want, "[") && n > 1:
		return fmt.Errorf("%s wants no more than one %s", name, strings.Trim(want, "[]"))
	case want != "" && strings.Trim(want, ".[]") == want && n != 1:
		return fmt.Errorf("%s wants one %s", name, want)
	}
	return nil
}
