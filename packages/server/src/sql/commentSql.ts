import type { ServerWaybill } from '../ServerWaybill.ts'

/**
 * A statement with the reference and the `traceparent` in force as a comment after it, in the format of
 * [sqlcommenter](https://google.github.io/sqlcommenter/spec/), for those who read the database's own logs. Opt in per statement: the
 * text becomes another one each time, so a named prepared statement must not have it, and a cache of plans or statements gains nothing.
 * Where no context is in force, or the statement may hold a comment already, it stays as it is.
 */
export function commentSql(waybill: ServerWaybill, text: string): string {
  const { traceparent, 'Trace-Reference': reference } = waybill.inject({ traceparent: '', 'Trace-Reference': '' })
  // After a comment that runs to the end of its line ours would be a part of it.
  if (!reference || /--|\/\*|#/.test(text)) return text
  const [, statement = '', end = ''] = /^(.*?)(;?\s*)$/s.exec(text) ?? []
  return `${statement} /*reference=${valueOf(reference)},traceparent=${valueOf(traceparent)}*/${end}`
}

/** Neither quote nor comment can end early, whatever it holds. */
function valueOf(value: string): string {
  return `'${encodeURIComponent(value).replace(/['*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)}'`
}
