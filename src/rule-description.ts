import type { RuleDescription } from './formatter.ts'
import pages from './generated/rule-pages.ts'
import { knowledge } from './knowledge.ts'

/** Rules that stand for faults of a file itself, on every operating system. */
const faults: readonly RuleDescription[] = [
  { id: 'compose-interpolation', title: 'A variable that Docker Compose refuses' },
  { id: 'compose-structure', title: 'A key or a value that Docker Compose refuses' },
  { id: 'docker-usage', title: 'A command that the Docker client refuses' },
  { id: 'dockerfile-syntax', title: 'An instruction that Docker cannot read' },
  { id: 'script-syntax', title: 'A script that cannot be read' },
  { id: 'yaml-syntax', title: 'A file that is not YAML' }
]

/** All rules, with their pages. */
export const ruleDescriptions = (): readonly RuleDescription[] =>
  [...knowledge.rules, ...faults].map(({ id, title }) => ({ id, title, page: pages[id]?.replace(/[⟦⟧]/g, '') }))
