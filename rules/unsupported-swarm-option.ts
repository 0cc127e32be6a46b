import { defineRule } from '../src/rule.ts'

export default defineRule({
  id: 'unsupported-swarm-option',
  title: 'Swarms, services and overlay networks'
})
