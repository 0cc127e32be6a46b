import { defineRule } from '../src/rule.ts'

export default defineRule({
  id: 'unsupported-driver-option',
  title: 'Driver options of networks and endpoints'
})
