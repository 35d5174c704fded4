export { doctor } from './doctor/doctor.ts'
export type { DoctorOptions } from './doctor/doctor.ts'
