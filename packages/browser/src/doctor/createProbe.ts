/** Small questions to a server that a call just failed at: without a body, and by methods that change nothing. */
export function createProbe(fetch: typeof globalThis.fetch): Probe {
  async function succeeds(url: string, init: RequestInit): Promise<boolean> {
    try {
      await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS), ...init })
      return true
    } catch {
      return false
    }
  }

  return {
    answers: (url) => succeeds(url, { mode: 'no-cors', credentials: 'omit' }),
    allows: (url, { credentials, headers }) =>
      // A value that no server takes for a reference, so that nobody's trail grows by the question.
      succeeds(url, {
        method: 'HEAD',
        credentials,
        headers: headers.map((name) => [name, '-']),
      }),
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
  /** Whether this page's own Content-Security-Policy keeps it from calling. */
  isForbidden(url: string): Promise<boolean>
}

const TIMEOUT_MS = 5000
