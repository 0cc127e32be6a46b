import { defineRule } from '../src/rule.ts'

export default defineRule({
  id: 'unsupported-network-option',
  title: 'Options of networks'
})
