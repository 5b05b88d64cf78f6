package main

import (
	"context"
	"io"
	"os"
)

// subcommand is one of the things that wasmvalidate does.
type subcommand struct {
	name    string // the first argument; "" for the validation of files
	operand string // what follows the flags
	summary string
	run     func(context.Context, *call) int
}

// commands returns all commands; the first is the one without a name.
func commands() []*subcommand {
	return []*subcommand{
		{"", "FILE...", "say of each FILE whether it is valid", validateFiles},
		{"features", "FILE...", "list the proposals that each FILE needs, with the first place that needs each", listFeatures},
		{"dump", "FILE", "list the sections of FILE, or with -func the operators of one function", dumpFile},
		{"completion", "SHELL", "print the completion script for bash, zsh or fish", printCompletion},
		{"man", "", "print the manual page", printManual},
		{"help", "[COMMAND]", "print this help, or that of a command", printHelp},
	}
}

// call is one use of a command.
type call struct {
	command *subcommand
	settings
	operands       []string // the arguments behind the flags
	stdin          io.Reader
	stdout, stderr io.Writer
}

// findCommand returns the command that the arguments call for, and the arguments
// of the command. A file that has the name of a command is a file; a directory is
// not, because there are many of those names.
func findCommand(args []string) (*subcommand, []string) {
	all := commands()
	if len(args) == 0 {
		return all[0], args
	}
	for _, c := range all[1:] {
		if c.name != args[0] {
			continue
		}
		if info, err := os.Stat(c.name); err != nil || info.IsDir() {
			return c, args[1:]
		}
	}
	return all[0], args
}

// usage returns how the command is called.
func (c *subcommand) usage() string {
	u := "wasmvalidate"
	if c.name != "" {
		u += " " + c.name
	}
	if len(optionsOf(c.name)) > 0 {
		u += " [flags]"
	}
	if c.operand != "" {
		u += " " + c.operand
	}
	return u
}
