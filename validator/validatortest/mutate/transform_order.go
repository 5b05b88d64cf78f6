package mutate

import (
	"slices"

	"github.com/wasmstate/wasmstate/module"
)

// reorder puts the nodes in another order: list[k] comes from old[order[k]].
func reorder(list []*node, order []int) {
	old := slices.Clone(list)
	for to, from := range order {
		list[to] = old[from]
	}
}

// keepOrder changes an order so that those for which keep is true come in their old
// one.
func keepOrder(order []int, keep func(int) bool) []int {
	var kept []int
	for _, i := range order {
		if keep(i) {
			kept = append(kept, i)
		}
	}
	slices.Sort(kept)
	for k, i := range order {
		if keep(i) {
			order[k], kept = kept[0], kept[1:]
		}
	}
	return order
}

// moved returns for a new order, in which place k has what was at order[k], where
// each thing is now, base being the index of the first of them.
func moved(order []int, base int) func(uint64) uint64 {
	now := make([]int, len(order))
	for to, from := range order {
		now[from] = to
	}
	return func(i uint64) uint64 {
		if i < uint64(base) || i >= uint64(base+len(now)) {
			return i
		}
		return uint64(base + now[i-uint64(base)])
	}
}

// nothing is the number of no section that has indices in it.
const nothing = module.SectionCustom

// permuteFuncs puts the functions that the module defines in another order.
func permuteFuncs(c Chooser, root *node) {
	funcs, code := items(root, module.SectionFunction), items(root, module.SectionCode)
	if funcs == nil || code == nil || len(funcs.kids) != len(code.kids) || !understood(root) {
		return
	}
	order := perm(c, len(funcs.kids))
	reorder(funcs.kids, order)
	reorder(code.kids, order)
	imported := 0
	if imports := items(root, module.SectionImport); imports != nil {
		for _, im := range imports.kids {
			for _, kind := range importKinds(im) {
				if kind == module.ExternFunc {
					imported++
				}
			}
		}
	}
	renumber(root, aFuncIdx, nothing, moved(order, imported))
}

// importKinds returns the kinds of the import, or of all in a compact group.
func importKinds(im *node) (kinds []module.ExternKind) {
	kindOf := func(external *node) module.ExternKind {
		if k := external.kids[0].bytes[0]; k != codeExactFunc {
			return module.ExternKind(k)
		}
		return module.ExternFunc
	}
	switch len(im.kids) {
	case 3:
		return append(kinds, kindOf(im.kids[2]))
	case 4:
		for _, it := range im.kids[3].kids {
			kinds = append(kinds, kindOf(it.kids[1]))
		}
	case 5:
		for range im.kids[4].kids {
			kinds = append(kinds, kindOf(im.kids[3]))
		}
	}
	return kinds
}

// permuteImports puts the imports in another order, those of a compact group
// together, and tables and memories as they were: what does not say which one it
// means means the first.
func permuteImports(c Chooser, root *node) {
	imports := items(root, module.SectionImport)
	if imports == nil || !understood(root) {
		return
	}
	order := keepOrder(perm(c, len(imports.kids)), func(i int) bool {
		return slices.ContainsFunc(importKinds(imports.kids[i]), func(k module.ExternKind) bool {
			return k == module.ExternTable || k == module.ExternMemory
		})
	})
	now := make([][len(externIndices)][]int, len(order)) // by import as it was, and kind: the new indices
	var next [len(externIndices)]int
	for _, from := range order {
		for _, k := range importKinds(imports.kids[from]) {
			now[from][k] = append(now[from][k], next[k])
			next[k]++
		}
	}
	for k, w := range externIndices {
		var indices []int
		for _, n := range now {
			indices = append(indices, n[k]...)
		}
		renumber(root, w, nothing, func(i uint64) uint64 {
			if i < uint64(len(indices)) {
				return uint64(indices[i])
			}
			return i
		})
	}
	reorder(imports.kids, order)
}

// permuteSegments puts the element segments and the data segments in another
// order.
func permuteSegments(c Chooser, root *node) {
	if !understood(root) {
		return
	}
	for _, s := range []struct {
		id module.SectionID
		w  what
	}{{module.SectionElement, anElemIdx}, {module.SectionData, aDataIdx}} {
		if list := items(root, s.id); list != nil {
			order := perm(c, len(list.kids))
			reorder(list.kids, order)
			renumber(root, s.w, nothing, moved(order, 0))
		}
	}
}

// permuteExports puts the exports in another order.
func permuteExports(c Chooser, root *node) {
	if list := items(root, module.SectionExport); list != nil && understood(root) {
		reorder(list.kids, perm(c, len(list.kids)))
	}
}
