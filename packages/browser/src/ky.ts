export { kyHooks } from './kyHooks.ts'
