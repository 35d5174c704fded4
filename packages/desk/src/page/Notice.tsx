/** One state that is no answer: one sentence, one thing to do. */
export function Notice({ kind, level: Heading = 'h1', onRetry }: NoticeProps) {
  const { title, text, retry } = NOTICES[kind]
  return (
    <section className="notice" role="alert">
      <Heading>{title}</Heading>
      <p>{text}</p>
      {retry !== null && onRetry && (
        <button type="button" className="main-button" onClick={() => void onRetry()}>
          {retry}
        </button>
      )}
    </section>
  )
}

export interface NoticeProps {
  readonly kind: keyof typeof NOTICES
  /** The heading's, where it is a part of a page that has another. @default 'h1' */
  readonly level?: 'h1' | 'h2' | 'h3' | undefined
  readonly onRetry?: (() => unknown) | undefined
}

const NOTICES = {
  offline: {
    title: 'The desk cannot be reached',
    text: 'Check your connection. This page tries again when it is back.',
    retry: 'Try again',
  },
  'too-often': { title: 'Too many look-ups', text: 'Wait a minute, then try again.', retry: 'Try again' },
  'too-long': { title: 'The text is too long', text: 'Paste only the part that holds the code.', retry: null },
  'no-such-customer': {
    title: 'This address leads to no customer',
    text: 'It may have been cut off. Search for the customer’s id or order number instead.',
    retry: null,
  },
  'no-read': {
    title: 'You may not look trails up',
    text: 'That takes the scope “read”, which you do not have. Ask whoever runs the desk for it.',
    retry: null,
  },
  'no-admin': {
    title: 'You may not read the log',
    text: 'That takes the scope “admin”, which you do not have. Ask whoever runs the desk for it.',
    retry: 'Sign in with another token',
  },
  'signed-in-by-proxy': {
    title: 'You are still signed in',
    text: 'Your company’s sign-in in front of the desk says who you are. Sign out there.',
    retry: 'Go on',
  },
  failed: {
    title: 'The look-up failed',
    text: 'This is a fault of the desk, not of the code. Try again; if it stays, tell whoever runs the desk.',
    retry: 'Try again',
  },
} as const
