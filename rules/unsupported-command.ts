import { defineRule } from '../src/rule.ts'

export default defineRule({
  id: 'unsupported-command',
  title: 'Docker commands that a Windows engine refuses'
})
