export { referencesInAlert } from './alerts/alertFields.ts'
export type { AlertFields } from './alerts/alertFields.ts'
export { tracedAlerts } from './alerts/tracedAlerts.ts'
export type { Alert, AlertsOptions, RaiseOptions, TracedAlerts } from './alerts/tracedAlerts.ts'
