package explain

import (
	"fmt"
	"strings"

	"github.com/wasmstate/wasmstate/module"
)

// What an [Item] is that is no item of a section: the section itself, and the part
// of a body before its operators.
const (
	wholeSection  = "section"
	wholeLocals   = "local declarations"
	localsGroup   = "group of locals"
	recGroup      = "recursion group"
	singleType    = "type"
	importOfAKind = "imported "
)

// unknownSection is the name of a section with an id that there is not.
var unknownSection = module.SectionID(0xFF).String()

// place says in which function, item or section the error is.
func (d *Diagnosis) place() string {
	var parts []string
	if d.Func != nil {
		parts = append(parts, "in "+d.Func.text())
	}
	switch {
	case d.Item == nil || d.Item.What == wholeSection:
		if d.Func == nil && d.Section != nil {
			parts = append(parts, "in "+d.Section.text())
			if d.Item != nil && d.Item.Field != "" {
				parts[0] += ": its " + d.Item.Field
			}
		}
		return strings.Join(parts, ", ")
	case d.Func == nil:
		parts = append(parts, "in "+d.Item.whole())
	default:
		parts = append(parts, d.Item.whole())
	}
	if d.Func == nil && d.Section != nil {
		parts = append(parts, "of "+d.Section.text())
	}
	return strings.Join(parts, ", ")
}

// text names the function with its type.
func (f *Func) text() string {
	text := fmt.Sprintf("function %d", f.Index)
	if f.Name != "" {
		text += " $" + f.Name
		if f.Named != "name section" {
			text += " (" + f.Named + ")"
		}
	}
	if f.Type != "" {
		text += ", of type " + f.Type
	}
	return text
}

// text names the section: "the type section".
func (s *Section) text() string {
	switch {
	case s.Name == unknownSection:
		return fmt.Sprintf("a section with the id %d", s.ID)
	case module.SectionID(s.ID) != module.SectionCustom:
		return "the " + s.Name + " section"
	case s.Name == "":
		return "a custom section"
	}
	return fmt.Sprintf(`the custom section "%s"`, s.Name)
}

// text names the item by its index, where it has one, or by its number.
func (it *Item) text() string {
	switch {
	case it.What == wholeLocals:
		return "the " + it.What
	case it.Index >= 0 && it.What != recGroup:
		return fmt.Sprintf("%s %d", it.What, it.Index)
	}
	return fmt.Sprintf("%s %d", it.What, it.Number)
}

// whole names the item with all that is known of it.
func (it *Item) whole() string {
	text := it.text()
	if it.Index >= 0 && it.Index != it.Number && it.What != recGroup {
		text += fmt.Sprintf(", number %d of the section", it.Number)
	}
	if it.Name != "" {
		text += fmt.Sprintf(`, "%s"`, it.Name)
	}
	if it.Field != "" {
		text += ": " + fieldText(it.Field)
	}
	if it.What == recGroup && it.Index >= 0 {
		text += fmt.Sprintf(", which is type %d", it.Index)
	}
	return text
}

// fieldText puts an article in front of a field that has no number.
func fieldText(field string) string {
	first, _, _ := strings.Cut(field, " of definition ")
	if last := first[len(first)-1]; '0' <= last && last <= '9' {
		return field
	}
	return "the " + field
}
