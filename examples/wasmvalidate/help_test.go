package main

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/wasmstate/wasmstate/ops"
)

// Help, manual and completions name every flag and every command.
func TestEverythingIsTold(t *testing.T) {
	dir := t.TempDir()
	for _, test := range []struct {
		name, text string
		flag       func(option) string
	}{
		{"help", command(t, dir, "", "-h").stderr + command(t, dir, "", "dump", "-h").stderr,
			func(o option) string { return "  -" + o.name }},
		{"manual", command(t, dir, "", "man").stdout, func(o option) string { return `\-` + roff(o.name) }},
		{"bash", command(t, dir, "", "completion", "bash").stdout, func(o option) string { return "-" + o.name }},
		{"zsh", command(t, dir, "", "completion", "zsh").stdout, func(o option) string { return "'-" + o.name + "[" }},
		{"fish", command(t, dir, "", "completion", "fish").stdout, func(o option) string { return " -o " + o.name + " " }},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, o := range options() {
				if !strings.Contains(test.text, test.flag(o)) {
					t.Errorf("%s is missing", test.flag(o))
				}
			}
			for _, c := range commands() {
				if !strings.Contains(test.text, c.name) {
					t.Errorf("%s is missing", c.name)
				}
			}
		})
	}
}

// Help that is asked for by name goes to standard output.
func TestHelpCommand(t *testing.T) {
	is := is.New(t)
	for _, args := range [][]string{{"help"}, {"help", "dump"}} {
		r := command(t, t.TempDir(), "", args...)
		is.Equal(r.status, 0)
		is.Equal(r.stderr, "")
		is.Equal(r.stdout, command(t, t.TempDir(), "", append(args[1:], "-h")...).stderr)
	}
}

// The help of each command has examples of it, and of no other.
func TestExamplesOfCommands(t *testing.T) {
	is := is.New(t)
	for _, c := range commands()[1:] {
		if c.name == "help" {
			continue
		}
		text := command(t, t.TempDir(), "", "help", c.name).stdout
		_, list, found := strings.Cut(text, "\nExamples:\n")
		is.True(found)
		is.Equal(strings.Count(list, "wasmvalidate "), strings.Count(list, "wasmvalidate "+c.name))
	}
}

// Every set that the help names is one.
func TestFeatureSets(t *testing.T) {
	for _, name := range featureSets {
		if _, err := ops.ParseFeatures(name); err != nil {
			t.Error(err)
		}
	}
}

// Each line of the help fits the terminal, as far as words allow.
func TestHelpWidth(t *testing.T) {
	is := is.New(t)
	for line := range strings.Lines(command(t, t.TempDir(), "", "-h").stderr) {
		is.True(len(strings.TrimSuffix(line, "\n")) <= 80)
	}
}

// The scripts are ones that their shells take, and bash completes with its own.
func TestCompletionScripts(t *testing.T) {
	for _, shell := range shells {
		t.Run(shell, func(t *testing.T) {
			program, err := exec.LookPath(shell)
			if err != nil {
				t.Skip(shell, "is missing")
			}
			check := exec.Command(program, "-n")
			check.Stdin = strings.NewReader(command(t, t.TempDir(), "", "completion", shell).stdout)
			if text, err := check.CombinedOutput(); err != nil || len(text) > 0 {
				t.Errorf("%v\n%s", err, text)
			}
		})
	}
}

func TestBashCompletes(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("bash is missing")
	}
	dir := t.TempDir()
	put(t, dir, "module.wasm", nil)
	script := command(t, dir, "", "completion", "bash").stdout
	for _, test := range []struct{ words, want string }{
		{"wasmvalidate -expl", "-explain"},
		{"wasmvalidate -format sa", "sarif"},
		{"wasmvalidate dump -f", "-func"},
		{"wasmvalidate features -ex", ""},
		{"wasmvalidate comp", "completion"},
		{"wasmvalidate completion z", "zsh"},
		{"wasmvalidate mod", "module.wasm"},
		{"wasmvalidate -json mod", "module.wasm"},
	} {
		t.Run(test.words, func(t *testing.T) {
			is := is.New(t)
			// compopt works only while bash completes.
			cmd := exec.Command(bash, "--norc", "-c", script+"\ncompopt() { :; }; COMP_WORDS=("+test.words+
				"); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); _wasmvalidate; echo \"${COMPREPLY[*]}\"")
			cmd.Dir = dir
			out, err := cmd.Output()
			is.NoErr(err)
			is.Equal(strings.TrimSpace(string(out)), test.want)
		})
	}
}

// The manual page is one that the formatter takes without complaint.
func TestManual(t *testing.T) {
	is := is.New(t)
	page := command(t, t.TempDir(), "", "man").stdout
	is.True(strings.HasPrefix(page, ".TH WASMVALIDATE 1 "))
	for _, section := range []string{"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "EXIT STATUS", "ENVIRONMENT", "EXAMPLES"} {
		is.True(strings.Contains(page, "\n.SH "+section+"\n"))
	}
	groff, err := exec.LookPath("groff")
	if err != nil {
		t.Skip("groff is missing")
	}
	format := exec.Command(groff, "-man", "-Tutf8", "-ww", "-z")
	format.Stdin = strings.NewReader(page)
	text, err := format.CombinedOutput()
	is.NoErr(err)
	is.Equal(string(text), "")
}

func TestVersion(t *testing.T) {
	is := is.New(t)
	r := command(t, t.TempDir(), "", "-version")
	is.Equal(r.status, 0)
	is.True(strings.HasPrefix(r.stdout, "wasmvalidate "))
}
