import { defineRule } from '../src/rule.ts'

export default defineRule({
  id: 'unsupported-address',
  title: 'Addresses of containers and networks'
})
