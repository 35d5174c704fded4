import { problem } from '../problem.ts'
import type { Scope } from './Access.ts'

/** For whoever came with nothing that the desk knows. */
export function notKnown(scopes: readonly Scope[]): Response {
  const isBrowser = scopes.includes('browser')
  return problem({
    status: 401,
    title: 'No token that this desk knows came with the request.',
    detail: `Send "Authorization: Bearer <token>" with one of scope ${inWords(scopes.filter((scope) => scope !== 'browser'))}${
      isBrowser ? '; browsers add "?key=<browser key>" to the address.' : ', or sign in on the page.'
    }`,
    headers: ASK,
  })
}

/** For whoever came with a token that was in force once. */
export function ended(state: 'revoked' | 'expired'): Response {
  return problem({
    status: 401,
    title: state === 'revoked' ? 'This token was revoked.' : 'This token has expired.',
    detail: 'Ask whoever runs the desk for another: waybill token create.',
    headers: ASK,
  })
}

/** For whoever came with a token for something else. */
export function wrongScope(scopes: readonly Scope[]): Response {
  return problem({
    status: 403,
    title: `This needs the scope ${inWords(scopes)}, which the token does not have.`,
    detail: scopes.includes('browser')
      ? 'Servers send a token of scope ingest; a browser key goes in the address, as "?key=<browser key>".'
      : 'Ask whoever runs the desk for one that has it: waybill token create --scope.',
  })
}

/** For a page that may not use the browser key. */
export function foreignOrigin(): Response {
  return problem({
    status: 403,
    title: 'This browser key is not for pages of this origin.',
    detail: 'Name the origin where the key is made: waybill token create --origin, or browserOrigins.',
  })
}

/** For an address from which too many wrong tokens came. */
export function tooManyGuesses(waitSeconds: number): Response {
  return problem({
    status: 429,
    title: 'Too many wrong tokens came from this address.',
    detail: `No other is looked at from here for ${waitSeconds} s.`,
    headers: { 'retry-after': String(waitSeconds) },
  })
}

const ASK = { 'www-authenticate': 'Bearer realm="waybill"' }

function inWords(scopes: readonly Scope[]): string {
  return scopes.join(' or ')
}
