import { defineRule } from '../src/rule.ts'

export default defineRule({
  id: 'unsupported-published-port',
  title: 'Published ports'
})
