import { defineRule } from '../src/rule.ts'

export default defineRule({
  id: 'no-azure-transparent',
  title: 'Transparent networks on Azure'
})
