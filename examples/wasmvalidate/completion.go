package main

import (
	"context"
	"io"
	"strings"
)

// shells are those that there is a completion script for.
var shells = []string{"bash", "zsh", "fish"}

// printCompletion prints the completion script for a shell.
func printCompletion(_ context.Context, c *call) int {
	var b strings.Builder
	switch shell := c.operands[0]; shell {
	case "bash":
		bashCompletion(&b)
	case "zsh":
		zshCompletion(&b)
	case "fish":
		fishCompletion(&b)
	default:
		return c.complain(among(shell, shells))
	}
	if _, err := io.WriteString(c.stdout, b.String()); err != nil {
		return c.complain(err)
	}
	return exitValid
}

// commandNames returns the names of the commands that have one.
func commandNames() []string {
	var names []string
	for _, c := range commands()[1:] {
		names = append(names, c.name)
	}
	return names
}

// flagNames returns the flags of a command, as they are typed.
func flagNames(command string) string {
	var names []string
	for _, o := range optionsOf(command) {
		names = append(names, "-"+o.name)
	}
	return strings.Join(append(names, "-h"), " ")
}
