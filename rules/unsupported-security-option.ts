import { defineRule } from '../src/rule.ts'

export default defineRule({
  id: 'unsupported-security-option',
  title: 'Security options that Windows does not have'
})
