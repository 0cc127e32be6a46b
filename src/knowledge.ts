import rules from '../rules/index.ts'
import compose from './languages/compose.ts'
import dockerfile from './languages/dockerfile.ts'
import { shellScript } from './languages/shell-script.ts'
import type { Knowledge } from './linter.ts'
import { Matrix, type Row } from './matrix.ts'
import rows from '../rules/matrix.json' with { type: 'json' }

/** All that porthole knows: the support matrix, the rules, and the notations it reads. */
export const knowledge: Knowledge = { matrix: new Matrix(rows as unknown as readonly Row[]), rules, languages: [compose, dockerfile, shellScript('bash'), shellScript('powershell'), shellScript('cmd')] }
