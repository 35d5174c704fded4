export { checkCarrying } from './doctor/checkCarrying.ts'
export type { CheckCarryingOptions } from './doctor/checkCarrying.ts'
export { doctor } from './doctor/doctor.ts'
export type { DoctorOptions } from './doctor/doctor.ts'
