import { useEffect, useRef } from 'react'
import type { MouseEvent } from 'react'
import type { DeskClient } from './createDeskClient.ts'
import { Notice } from './Notice.tsx'
import { Results } from './Results.tsx'
import { SearchBox } from './SearchBox.tsx'
import { SignIn } from './SignIn.tsx'
import { useDesk } from './useDesk.ts'

/** The whole page: a search box, and under it whatever is known. */
export function DeskPage({ client }: DeskPageProps) {
  const desk = useDesk(client)
  const { access, search, retry } = desk
  const offline = access === 'offline' || (search.state === 'failed' && search.reason === 'offline')

  const again = useRef(retry)
  useEffect(() => {
    again.current = retry
  })
  useEffect(() => {
    if (!offline) return undefined
    const onOnline = (): void => void again.current()
    addEventListener('online', onOnline)
    return () => removeEventListener('online', onOnline)
  }, [offline])

  if (access === 'checking') return <main aria-busy="true" className="centred" />
  if (access === 'signed-out') return <SignIn onSignIn={desk.signIn} />
  if (access === 'offline') {
    return (
      <main className="centred">
        <Notice kind="offline" onRetry={retry} />
      </main>
    )
  }
  return (
    <>
      <header className="bar">
        <a className="brand" href="/" onClick={(event) => homeClick(event, desk.look)}>
          Waybill <span>desk</span>
        </a>
        <SearchBox text={search.text} busy={search.state === 'looking'} onSearch={desk.look} />
        <button type="button" className="quiet" onClick={() => void desk.signOut()}>
          Sign out
        </button>
      </header>
      <main className="content" aria-busy={search.state === 'looking'}>
        <Results search={search} onSearch={desk.look} onRetry={retry} onRefresh={desk.refresh} />
      </main>
    </>
  )
}

export interface DeskPageProps {
  readonly client: DeskClient
}

function homeClick(event: MouseEvent, look: (text: string) => void): void {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return
  event.preventDefault()
  look('')
}
