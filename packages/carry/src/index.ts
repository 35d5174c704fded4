export { carrySource } from './carrySource.ts'
export type { CarriedSource, CarrySourceOptions, LeftAlone, ReasonLeftAlone } from './carrySource.ts'
