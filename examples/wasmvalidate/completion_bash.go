package main

import (
	"fmt"
	"strings"
)

func bashCompletion(b *strings.Builder) {
	fmt.Fprint(b, `# Completion of wasmvalidate for bash.
#   source <(wasmvalidate completion bash)
_wasmvalidate() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} flags
    COMPREPLY=()
    case $prev in
`)
	for _, o := range options() {
		switch {
		case len(o.choices) > 0:
			fmt.Fprintf(b, "    -%s) COMPREPLY=($(compgen -W %q -- \"$cur\")); return ;;\n", o.name, strings.Join(o.choices, " "))
		case o.file:
			fmt.Fprintf(b, "    -%s) compopt -o default; return ;;\n", o.name)
		case o.value != "":
			fmt.Fprintf(b, "    -%s) return ;;\n", o.name)
		}
	}
	fmt.Fprint(b, "    esac\n    case ${COMP_WORDS[1]} in\n")
	for _, c := range commands()[1:] {
		switch c.operand {
		case "SHELL":
			fmt.Fprintf(b, "    %s) [ \"$COMP_CWORD\" = 1 ] || { COMPREPLY=($(compgen -W %q -- \"$cur\")); return; } ;;\n", c.name, strings.Join(shells, " "))
		default:
			fmt.Fprintf(b, "    %s) flags=%q ;;\n", c.name, flagNames(c.name))
		}
	}
	fmt.Fprintf(b, `    *) flags=%q ;;
    esac
    if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "$flags" -- "$cur"))
        return
    fi
    if [ "$COMP_CWORD" = 1 ]; then
        COMPREPLY=($(compgen -W %q -- "$cur"))
    fi
    compopt -o default
    COMPREPLY+=($(compgen -f -- "$cur"))
}
complete -F _wasmvalidate wasmvalidate
`, flagNames(""), strings.Join(commandNames(), " "))
}
