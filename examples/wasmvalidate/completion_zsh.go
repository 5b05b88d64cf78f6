package main

import (
	"fmt"
	"strings"
)

func zshCompletion(b *strings.Builder) {
	fmt.Fprint(b, `#compdef wasmvalidate
# Completion of wasmvalidate for zsh.
#   source <(wasmvalidate completion zsh)
_wasmvalidate() {
    local -a flags commands
    commands=(
`)
	for _, c := range commands()[1:] {
		fmt.Fprintf(b, "        %s\n", zshQuote(c.name+":"+strings.ReplaceAll(c.summary, ":", `\:`)))
	}
	fmt.Fprint(b, "    )\n    case ${words[2]} in\n")
	for _, c := range append(commands()[1:], commands()[0]) {
		pattern := c.name
		if pattern == "" {
			pattern = "*"
		}
		fmt.Fprintf(b, "    %s)\n        flags=(\n", pattern)
		for _, o := range optionsOf(c.name) {
			fmt.Fprintf(b, "            %s\n", zshQuote(o.zsh()))
		}
		fmt.Fprint(b, "        ) ;;\n")
	}
	fmt.Fprintf(b, `    esac
    if (( CURRENT == 2 )) && [[ ${words[2]} != -* ]]; then
        _describe command commands
        _files
    elif [[ ${words[2]} == completion ]]; then
        _values shell %s
    elif (( ${commands[(I)${words[2]}:*]} )); then
        words=(${words[1]} ${words[3,-1]})
        (( CURRENT-- ))
        _arguments $flags '*:file:_files'
    else
        _arguments $flags '*:file:_files'
    fi
}
if [ "$funcstack[1]" = _wasmvalidate ]; then
    _wasmvalidate "$@"
else
    compdef _wasmvalidate wasmvalidate
fi
`, strings.Join(shells, " "))
}

// zsh returns the option as _arguments takes it.
func (o option) zsh() string {
	escape := strings.NewReplacer("[", `\[`, "]", `\]`, ":", `\:`)
	s := "-" + o.name + "[" + escape.Replace(o.usage) + "]"
	switch {
	case len(o.choices) > 0:
		s += ":" + o.value + ":(" + strings.Join(o.choices, " ") + ")"
	case o.file:
		s += ":" + o.value + ":_files"
	case o.value != "":
		s += ":" + o.value + ": "
	}
	return s
}

func zshQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
