import type { RuleDescription } from './formatter.ts'
import pages from './generated/rule-pages.ts'
import { knowledge } from './knowledge.ts'

/** Rules that stand for faults of files themselves and not for what Windows does. */
const faults: readonly RuleDescription[] = [
  { id: 'baseline', title: 'An entry of the baseline that nothing matches' },
  { id: 'compose-interpolation', title: 'A variable that Docker Compose refuses' },
  { id: 'compose-structure', title: 'A key or a value that Docker Compose refuses' },
  { id: 'docker-usage', title: 'A command that the Docker client refuses' },
  { id: 'dockerfile-syntax', title: 'An instruction that Docker cannot read' },
  { id: 'json-syntax', title: 'A file that is not JSON' },
  { id: 'script-syntax', title: 'A script that cannot be read' },
  { id: 'suppression', title: 'A comment for porthole that does nothing, or not what it says' },
  { id: 'yaml-syntax', title: 'A file that is not YAML' }
]

/** All rules, with their pages. */
export const ruleDescriptions = (): readonly RuleDescription[] =>
  [...knowledge.rules, ...faults].map(({ id, title }) => ({ id, title, page: pages[id]?.replace(/[⟦⟧]/g, '') }))
