export { useMutationReference } from './useMutationReference.ts'
export { useQueryReference } from './useQueryReference.ts'
export { waybillMutations } from './waybillMutations.ts'
export { waybillQueries } from './waybillQueries.ts'
