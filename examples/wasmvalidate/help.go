package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/wasmstate/wasmstate/ops"
)

// What the help and the manual page say beside the flags.
var (
	purpose = "Says of each WebAssembly module whether it is valid, and if not, why and where."

	operandHelp = "A FILE is a module; a directory, which is searched for *.wasm, *.wasm.gz and archives; " +
		"an archive of modules (.zip, .tar, .tar.gz, .tgz) or, as ARCHIVE!ENTRY, one of them; a module compressed by " +
		"gzip (.gz); a quoted pattern with *, ?, [], {} and **; or - for standard input. A command is one only " +
		"where no file has its name."

	outputHelp = "Verdicts go to standard output, one line a file, in the order given; everything else goes to " +
		"standard error. Of the valid files in a directory or an archive nothing is printed as text."

	featuresHelp = "A LIST of features is read from left to right; a minus sign takes one out. The sets are " +
		strings.Join(featureSets, ", ") + "; the proposals are " + strings.Join(ops.All.Names(), ", ") + "."
)

// featureSets are the names of sets of proposals.
var featureSets = []string{"mvp", "wasm1", "wasm2", "wasm3", "lime1", "default", "all"}

// topic is a word and what there is to say about it.
type topic struct{ head, text string }

var exitHelp = []topic{
	{"0", "every file is valid"},
	{"1", "a file is not valid"},
	{"2", "the command was used wrongly, or a file could not be read"},
	{"130", "it was interrupted"},
}

var examples = []topic{
	{"wasmvalidate app.wasm", "is it valid, and if not, why?"},
	{"wasmvalidate -explain always -all 10 app.wasm", "what is wrong in its functions, with the operators around it and where the operands come from"},
	{"wasmvalidate -features wasm2 plugins/", "all modules in a folder, with what WebAssembly 2.0 allows"},
	{"wasmvalidate 'build/**/*.wasm'", "a pattern, for shells that do not know **"},
	{"curl -s https://example.com/a.wasm | wasmvalidate -stream -", "while it is downloaded, without keeping it"},
	{"wasmvalidate -json *.wasm | jq -r 'select(.valid|not).file'", "the names of those that are not valid"},
	{"wasmvalidate -format sarif dist/ > wasm.sarif", "a log for code scanners"},
	{"wasmvalidate -format github dist/", "annotations in a GitHub workflow"},
	{"wasmvalidate features app.wasm", "which proposals it needs, and where"},
	{"wasmvalidate features -json *.wasm | jq -r '.features[].feature'", "what they need, for a program"},
	{"wasmvalidate dump app.wasm", "where its sections are"},
	{"wasmvalidate dump -func main app.wasm", "the operators of a function, with the operand stack"},
	{"source <(wasmvalidate completion bash)", "completion of flags in this shell"},
	{"wasmvalidate man | man -l -", "the manual page"},
}

// examples returns the examples of one command.
func (c *subcommand) examples() (list []topic) {
	for _, e := range examples {
		if strings.Contains(e.head, "wasmvalidate "+c.name) {
			list = append(list, e)
		}
	}
	return list
}

// printHelp is the command help. As it was asked for by name, what it prints goes
// to standard output.
func printHelp(_ context.Context, c *call) int {
	about := commands()[0]
	if len(c.operands) > 0 {
		i := slices.IndexFunc(commands(), func(s *subcommand) bool { return s.name == c.operands[0] })
		if i < 1 {
			return c.complain(among(c.operands[0], commandNames()))
		}
		about = commands()[i]
	}
	writeHelp(c.stdout, about, newStyle(c.color, c.stdout))
	return exitValid
}

// writeHelp writes the help of a command.
func writeHelp(w io.Writer, cmd *subcommand, paint style) {
	h := helpWriter{w: w, width: min(width(w), 100), style: paint}
	if cmd.name != "" {
		h.line("usage: " + cmd.usage())
		h.paragraph(capital(cmd.summary) + ".")
		h.flags(cmd)
		if list := cmd.examples(); len(list) > 0 {
			h.section("Examples:", list)
		}
		return
	}
	for i, c := range commands() {
		h.line([]string{"usage: ", "       "}[min(i, 1)] + c.usage())
	}
	h.paragraph(purpose)
	h.paragraph(operandHelp)
	h.paragraph(outputHelp)
	h.flags(cmd)
	var list []topic
	for _, c := range commands()[1:] {
		list = append(list, topic{c.name, c.summary})
	}
	h.paragraph(featuresHelp)
	h.section("Commands:", list)
	h.section("Examples:", examples)
	h.section("Exit status:", exitHelp)
}

// helpWriter lays help out in columns.
type helpWriter struct {
	w     io.Writer
	width int
	style style
}

func (h helpWriter) line(text string) { fmt.Fprintln(h.w, text) }

func (h helpWriter) paragraph(text string) {
	h.line("")
	for _, l := range wrap(text, h.width) {
		h.line(l)
	}
}

// flags writes the table of the flags of a command.
func (h helpWriter) flags(cmd *subcommand) {
	var list []topic
	for _, o := range optionsOf(cmd.name) {
		list = append(list, topic{"-" + strings.TrimSpace(o.name+" "+o.value), o.help()})
	}
	if len(list) > 0 {
		h.section("Flags:", list)
	}
}

// section writes topics under a title: their texts beside them in a column or,
// where a topic is too long for that, below it.
func (h helpWriter) section(title string, list []topic) {
	const indent, column, most = "  ", 22, 20
	h.line("")
	h.line(h.style.head(title))
	long := false
	for _, t := range list {
		long = long || len(t.head) >= most
	}
	for _, t := range list {
		if long {
			h.line(indent + h.style.good(t.head))
			for _, l := range wrap(t.text, h.width-2*len(indent)) {
				h.line(indent + indent + l)
			}
			continue
		}
		head := fmt.Sprintf("%-*s", column-len(indent), t.head)
		head = h.style.good(t.head) + head[len(t.head):]
		for _, l := range wrap(t.text, h.width-column) {
			h.line(indent + head + l)
			head = strings.Repeat(" ", column-len(indent))
		}
	}
}

// help returns what the help says about an option.
func (o option) help() string {
	text := o.usage
	if len(o.choices) > 0 {
		text += " (" + o.value + " is " + strings.Join(o.choices, ", ") + ")"
	}
	if v := o.initial(); v != "" {
		text += " (default: " + v + ")"
	}
	return text
}

// wrap breaks a text into lines of at most so many columns, as far as its words
// allow.
func wrap(text string, columns int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case len(line)+1+len(word) > columns:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}

// capital returns text with a capital at its front.
func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
