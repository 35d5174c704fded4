/**
 * Asks a desk for something that needs a token of its; undefined, after saying why, when it was not had.
 */
export async function askDesk({ desk, tokenEnv, path, json }: AskDeskOptions): Promise<Response | undefined> {
  const token = process.env[tokenEnv]
  if (!token)
    return fail(
      `$${tokenEnv} is not set, and the desk does this for nobody without a token. Set it to one with the scope admin.`,
      2,
    )
  if (!URL.canParse(desk))
    return fail('This is no address of a desk. Write one such as --desk http://localhost:4100.', 2)
  const response = await fetch(desk.replace(/\/$/, '') + path, {
    headers: { authorization: `Bearer ${token}`, ...(json && { 'content-type': 'application/json' }) },
    ...(json && { method: 'POST', body: JSON.stringify(json) }),
  }).catch(() => null)
  if (!response) return fail(`There is no answer from ${new URL(desk).origin}. Check that the desk runs there.`)
  if (response.ok) return response
  if (response.status === 401 || response.status === 403)
    return fail(`The desk does not let the token in $${tokenEnv} do this. Give it one with the scope admin.`)
  const title: unknown = Object(await response.json().catch(() => null)).title
  return fail(`The desk answered with ${response.status}${typeof title === 'string' ? `: ${title}` : '.'}`)
}

export interface AskDeskOptions {
  readonly desk: string
  /** The environment variable that holds the token. */
  readonly tokenEnv: string
  readonly path: string
  /** Sent by POST. @default GET */
  readonly json?: object | undefined
}

function fail(message: string, code = 1): undefined {
  console.error(`[waybill] ${message}`)
  process.exitCode = code
}
