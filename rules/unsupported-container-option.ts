import { defineRule } from '../src/rule.ts'

export default defineRule({
  id: 'unsupported-container-option',
  title: 'Container options that Windows refuses or ignores'
})
