export { useMutationReference } from './useMutationReference.ts'
export { waybillMutations } from './waybillMutations.ts'
