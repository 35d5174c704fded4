import type { Reference } from '@waybill/reference'
import { PROBLEM_HEADERS, problemText } from './problem.ts'
import { BROKEN } from './servedRequest.ts'
import type { NodeRequest, NodeResponse } from './serveNode.ts'

/**
 * Answers what nobody handled with a problem. As the frameworks do, it takes status and headers from the error; its message is told
 * only where the error says that it may be (`expose`), as those of `http-errors` do.
 */
export function sendProblem(error: unknown, { request, response, reference }: Unanswered): void {
  const { status, statusCode, headers, expose, message }: Partial<Record<string, unknown>> = Object(error)
  const stated = [status, statusCode].find(isFailure)
  response.statusCode = stated ?? [response.statusCode].find(isFailure) ?? 500
  // HTTP/2 has none.
  if (request.httpVersionMajor < 2) response.statusMessage = ''
  for (const name of OF_ANOTHER_BODY) response.removeHeader(name)
  if (stated) for (const [name, value] of Object.entries(Object(headers))) setHeader(response, name, value)
  const detail = expose === true && typeof message === 'string' ? message : undefined
  for (const [name, value] of Object.entries(PROBLEM_HEADERS)) response.setHeader(name, value)
  response.end(problemText({ ...BROKEN, status: response.statusCode, detail }, reference))
}

interface Unanswered {
  readonly request: NodeRequest
  /** Whose headers are not sent yet. */
  readonly response: NodeResponse
  readonly reference: Reference | undefined
}

const OF_ANOTHER_BODY = [
  'Content-Encoding',
  'Content-Language',
  'Content-Length',
  'Content-Range',
  'ETag',
  'Last-Modified',
]

function isFailure(status: unknown): status is number {
  return typeof status === 'number' && Number.isInteger(status) && status >= 400 && status < 600
}

function setHeader(response: NodeResponse, name: string, value: unknown): void {
  try {
    response.setHeader(name, Array.isArray(value) ? value.map(String) : String(value))
  } catch {
    // A name or a value that HTTP cannot carry.
  }
}
