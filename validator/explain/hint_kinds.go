package explain

// The kinds of hints.
const (
	HintTeeForSet       = "tee-for-set"      // local.tee where local.set was meant
	HintSetForTee       = "set-for-tee"      // local.set where local.tee was meant
	HintGetForSet       = "get-for-set"      // a variable is set where it was to be read
	HintMissingDrop     = "missing-drop"     // an operand is left over
	HintMissingOperand  = "missing-operand"  // the stack has too few operands
	HintSwappedOperands = "swapped-operands" // the operands fit in another order
	HintSiblingOperator = "sibling-operator" // an operator of other types fits what is there
	HintConversion      = "conversion"       // a conversion is missing
	HintIndexRange      = "index-range"      // an index is beyond the last one
	HintBranchDepth     = "branch-depth"     // another label fits
	HintBlockType       = "block-type"       // the block's type lacks a result, or has one too many
	HintMissingElse     = "missing-else"     // an if that leaves something needs an else
	HintMissingEnd      = "missing-end"      // a block is not ended
	HintExtraEnd        = "extra-end"        // there is one end too many
	HintMisplaced       = "misplaced"        // an else or catch without its block
	HintImmutable       = "immutable"        // what is set is immutable
	HintAlignment       = "alignment"        // the alignment is larger than natural
	HintUninitialized   = "uninitialized"    // a local is read before it is set
	HintDataCount       = "data-count"       // the data count section is missing
	HintDeclareFunc     = "declare-function" // ref.func of a function nobody mentions
	HintFeature         = "feature"          // a proposal is off
	HintLimit           = "limit"            // a limit can be raised
	HintDuplicate       = "duplicate"        // a name is there twice
	HintNullable        = "nullable"         // null has to be excluded
	HintCast            = "cast"             // a cast to a subtype is missing
	HintSelectType      = "select-type"      // select of references needs its type
	HintConstant        = "constant"         // what may stand in a constant expression
	HintByte            = "byte"             // a byte is none of those that may stand there
	HintSize            = "size"             // a size does not agree with what is there
	HintFormat          = "format"           // the bytes are no module
	HintLEB             = "leb"              // an integer is written in too many bytes
	HintTruncated       = "truncated"        // the bytes end too early
	HintSectionOrder    = "section-order"    // sections are out of order
)
