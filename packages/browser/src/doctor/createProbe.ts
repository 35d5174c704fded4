/** Small questions to a server that a call just failed at: without a body, and by methods that change nothing. */
export function createProbe(fetch: typeof globalThis.fetch): Probe {
  async function ask(url: string, init: RequestInit): Promise<Response | undefined> {
    try {
      return await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS), ...init })
    } catch {
      return undefined
    }
  }
  const succeeds = async (url: string, init: RequestInit): Promise<boolean> => (await ask(url, init)) !== undefined

  return {
    answers: (url) => succeeds(url, { mode: 'no-cors', credentials: 'omit' }),
    allows: (url, { credentials, headers }) =>
      // A value that no server takes for a reference, so that nobody's trail grows by the question.
      succeeds(url, {
        method: 'HEAD',
        credentials,
        headers: headers.map((name) => [name, '-']),
      }),
    async redirectOf(url, { credentials }) {
      const first = await ask(url, { method: 'HEAD', credentials, redirect: 'manual' })
      if (first?.type !== 'opaqueredirect') return undefined
      return (await ask(url, { method: 'HEAD', credentials }))?.url
    },
    async isForbidden(url) {
      let isForbidden = false
      const note = (event: SecurityPolicyViolationEvent): void => {
        isForbidden ||= event.effectiveDirective === 'connect-src'
      }
      document.addEventListener('securitypolicyviolation', note)
      await succeeds(url, { mode: 'no-cors', credentials: 'omit' })
      // The event is a task of its own, after the rejection.
      await new Promise((go) => setTimeout(go, 0))
      document.removeEventListener('securitypolicyviolation', note)
      return isForbidden
    },
  }
}

export interface Probe {
  /** Whether anything answers there, CORS aside. */
  answers(url: string): Promise<boolean>
  /** Whether CORS lets this page send these headers there and read the answer. */
  allows(url: string, call: { credentials: RequestCredentials; headers: readonly string[] }): Promise<boolean>
  /** Where it ends when it redirects, and this page may read the answer there. */
  redirectOf(url: string, call: { credentials: RequestCredentials }): Promise<string | undefined>
  /** Whether this page's own Content-Security-Policy keeps it from calling. */
  isForbidden(url: string): Promise<boolean>
}

const TIMEOUT_MS = 5000
