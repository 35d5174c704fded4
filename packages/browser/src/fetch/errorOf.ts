import type { StepError } from '@waybill/trail'
import { property } from './property.ts'

/**
 * What an error is called in a step: the HTTP status it stands for, else its name. Never its message: in a browser that
 * is prose from anywhere, and may quote what the customer typed.
 */
export function errorOf(error: unknown): StepError {
  const status = property(property(error, 'response'), 'status') ?? property(error, 'status')
  if (typeof status === 'number' && status > 0) return { type: String(status) }
  const name = property(error, 'name')
  return { type: typeof name === 'string' && /^\w{1,40}$/.test(name) ? name : 'Error' }
}
