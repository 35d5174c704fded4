/**
 * An error as it is logged: what it is and where it arose. Its message is kept only where it is known to hold nothing that somebody sent: the
 * desk's own, SQLite's and the operating system's. A parser's message quotes what it could not read.
 */
export function errorFields(error: unknown, depth = 0): ErrorFields {
  if (!(error instanceof Error)) return { type: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const { stack = '', message } = error
  // The message comes first in it, and may look like frames.
  const frames = stack
    .slice(stack.indexOf(message) + message.length)
    .split('\n')
    .filter((line) => /^ {4}at /.test(line))
  return {
    type: error.name,
    ...(code && { code }),
    ...(isOurs(error, code) && { message }),
    stack: frames.slice(0, MOST_FRAMES).map((line) => line.trim()),
    ...(error.cause !== undefined && depth < MOST_CAUSES && { cause: errorFields(error.cause, depth + 1) }),
  }
}

export interface ErrorFields {
  readonly type: string
  readonly code?: string
  readonly message?: string
  readonly stack?: readonly string[]
  readonly cause?: ErrorFields
}

const MOST_FRAMES = 20
const MOST_CAUSES = 3

function isOurs({ message, ...error }: Error, code: string | undefined): boolean {
  return message.startsWith('[waybill]') || code === 'ERR_SQLITE_ERROR' || 'errno' in error
}
