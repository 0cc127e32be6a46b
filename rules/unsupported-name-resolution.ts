import { defineRule } from '../src/rule.ts'

export default defineRule({
  id: 'unsupported-name-resolution',
  title: 'Names of containers and hosts'
})
