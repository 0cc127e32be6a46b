/** The public interface; it uses nothing of Node, and runs in a browser as it is. */
export { knowledge } from './knowledge.ts'
export { lint, type Knowledge, type LintOptions, type LintResult } from './linter.ts'
export { parseTargets, TargetError, windowsVersions, type Target } from './target.ts'
export { Lines, type Position } from './position.ts'
export type { Diagnostic, Fix, Related, Severity, TargetVerdict } from './diagnostic.ts'
export type { Effect, Matrix, Row, Source, Support } from './matrix.ts'
export type { Range } from './text.ts'
