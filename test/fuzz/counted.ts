/** What tests use of a build that counts its work. */
export { campaign, failureOf, seedsOf } from './campaign.ts'
export { quotesMatter } from './property.ts'
export { readers, unreachedRows } from './reader.ts'
export { countBuiltins, stepsOf } from './work.ts'
