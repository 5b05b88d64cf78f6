// Package validator says whether WebAssembly modules and single function bodies
// are valid, and if not, exactly why and where.
//
// A whole module is validated by [Validate] when it is in memory, by
// [ValidateReader] or a [Stream] while it arrives, and by [ValidateReaderAt] when
// it is too large to be in memory. All of them take the same options, validate
// function bodies on as many goroutines as [WithWorkers] says, and give the same
// verdict: a [*module.Module] with the declarations of a valid module, or an
// [*Error].
//
// An engine wants the bodies apart. [Spine] validates everything else and returns
// one [FuncToValidate] for each body; [NewLazy] keeps them until somebody asks.
// What validates a body is a function validator, which is made once, because its
// buffers are worth more than most functions, and then assigned to one function
// after another. It has two types, so that a wrong order of calls does not
// compile:
//
//	UnassignedFuncValidator  --Assign-->             AssignedFuncValidator
//	AssignedFuncValidator    --Finish or Abandon-->  UnassignedFuncValidator
//
// An assigned validator validates the body as a whole, with Validate, or one
// operator at a time, with DefineLocals and Op, and tells between operators what
// an engine wants to know: the types on the operand stack, the open blocks,
// whether the code can be reached. A [Pool] keeps validators for many goroutines.
// What a body may ask of its module is an interface, [Resources], which a type of
// one's own may satisfy.
//
// # Which call
//
//   - The bytes are there, and the verdict is wanted: [Validate]. It is a gate's
//     call, with [WithFeatures] and [WithLimits].
//   - They arrive: [ValidateReader] reads them, a [Stream] is written to. They are in
//     a file that is too large for memory: [ValidateReaderAt].
//   - An engine compiles all bodies, on many threads: [Spine], then
//     [FuncToValidate.IntoValidator] with the buffers of the thread, or a [Pool].
//   - It compiles a body when it is first called: [NewLazy].
//   - It translates while it decodes: [Spine], then [FuncToValidate.Assign] and
//     [AssignedFuncValidator.Op], with questions in between.
//   - A program makes code and wants to know what fits: [AssignedFuncValidator.TryOp].
//   - People want to see all that is wrong: [Errors], and package explain for each.
//
// There is an example of each below, a program in the folder examples of the
// repository, and a page with reasons in its folder guide.
//
// # Verdicts
//
// The specification decodes a module before it validates it. So a module that is
// malformed anywhere is malformed, even where an earlier byte breaks a rule, and
// an error of kind [Invalid] means that all of the module was decoded. Among the
// errors of a kind the first in the file is returned. None of this depends on the
// number of goroutines, nor on the pieces in which the bytes arrived.
//
// # Untrusted input
//
// Any bytes may be given to this package. It uses time and memory in proportion to
// them, bounded by [Limits], and ends early when its context does.
//
// The rules are those of the WebAssembly specification 3.0, section 3 "Validation",
// and of the proposals that [ops.Features] lists.
package validator
