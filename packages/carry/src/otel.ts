export { createContextManager } from './createContextManager.ts'
