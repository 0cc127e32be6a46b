import { defineRule } from '../src/rule.ts'

export default defineRule({
  id: 'unsupported-run-option',
  title: 'Network options of containers'
})
