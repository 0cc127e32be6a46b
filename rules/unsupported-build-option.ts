import { defineRule } from '../src/rule.ts'

export default defineRule({
  id: 'unsupported-build-option',
  title: 'Networks of builds'
})
