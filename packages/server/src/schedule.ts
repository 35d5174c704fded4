export { runBatch } from './schedule/runBatch.ts'
export type { BatchCounts, BatchItem, BatchOptions } from './schedule/runBatch.ts'
export { scheduled } from './schedule/scheduled.ts'
