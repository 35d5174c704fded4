import { property } from './property.ts'

/**
 * What an error is called in a step, as OpenTelemetry's `error.type`: the HTTP status it stands for, else its name, where that is
 * an error's. Never its message: in a browser that is prose from anywhere, and may quote what the customer typed.
 */
export function errorType(error: unknown): string {
  const status = property(property(error, 'response'), 'status') ?? property(error, 'status')
  const name = property(error, 'name')
  // Of anything else the text may throw.
  const texts = [typeof status === 'number' ? `${status}` : status, name].filter((each) => typeof each === 'string')
  return texts.find((text) => TYPE.test(text)) ?? 'Error'
}

const TYPE = /^([1-5]\d\d|(?!.{41})[A-Z][A-Za-z]*(Error|Exception))$/
