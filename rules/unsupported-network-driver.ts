import { defineRule } from '../src/rule.ts'

export default defineRule({
  id: 'unsupported-network-driver',
  title: 'Drivers and names of networks'
})
