// Package guide has the pages that say which of the library's calls to choose and
// why: for those who come from wasmparser, for authors of engines, for programs
// that let modules in or keep them out, and on the design. They are the files that
// end in .md beside this one; README.md lists them.
//
// There is no code here but the tests, which compile the Go in the repository's
// Markdown and follow its links.
package guide
