import { defineRule } from '../src/rule.ts'

export default defineRule({
  id: 'no-ipsec',
  title: 'Encrypted traffic between containers'
})
