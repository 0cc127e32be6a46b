import type { RuleDescription } from './formatter.ts'
import pages from './generated/rule-pages.ts'
import { knowledge } from './knowledge.ts'
import { faultRules, ownRules } from './known-name.ts'

/** All rules, with their pages. */
export const ruleDescriptions = (): readonly RuleDescription[] =>
  [...knowledge.rules, ...faultRules, ...ownRules].map(({ id, title }) => ({ id, title, page: pages[id]?.replace(/[⟦⟧]/g, '') }))
