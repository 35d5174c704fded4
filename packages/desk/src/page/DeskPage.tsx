import type { DeskClient } from './createDeskClient.ts'
import { forgetName } from './answer/ownName.ts'
import { followInPage } from './followInPage.ts'
import { Notice } from './Notice.tsx'
import { Results } from './Results.tsx'
import { SearchBox } from './find/SearchBox.tsx'
import { SignIn } from './access/SignIn.tsx'
import { SingleKeys, useSingleKeysSetting } from './singleKeys.ts'
import { useTexts } from './texts/useTexts.ts'
import { useDesk } from './useDesk.ts'
import { useRecentLookUps } from './find/useRecentLookUps.ts'
import { useWhenOnline } from './useWhenOnline.ts'

/** The whole page: a search box, and under it whatever is known. */
export function DeskPage({ client }: DeskPageProps) {
  const { page } = useTexts()
  const desk = useDesk(client)
  const { access, search, retry } = desk
  const keys = useSingleKeysSetting()
  // Where the desk does not say who it is, nobody else can be signed in.
  const recent = useRecentLookUps({ who: access.state === 'signed-in' ? (access.session.who ?? '') : null, search })
  const offline = access.state === 'offline' || (search.state === 'failed' && search.reason === 'offline')

  useWhenOnline(offline, retry)
  const forget = (): void => {
    recent.forget()
    forgetName()
  }

  if (access.state === 'checking') return <main aria-busy="true" className="centred" />
  if (access.state === 'signed-out') return <SignIn onSignIn={desk.signIn} />
  if (access.state !== 'signed-in') {
    return (
      <main className="centred">
        <Notice kind={access.state} onRetry={retry} />
      </main>
    )
  }
  const { who, scopes } = access.session
  return (
    <SingleKeys value={keys.areOn}>
      <header className="bar">
        <a className="brand" href="/" onClick={followInPage(() => desk.look(''))}>
          {page.brand} <span>{page.desk}</span>
        </a>
        <SearchBox text={search.text} state={BOX_STATES[search.state]} recent={recent.read} onSearch={desk.look} />
        {who !== null && (
          <p className="who" title={who}>
            <span className="unseen">{page.signedInAs} </span>
            {who}
          </p>
        )}
        <nav className="places">
          {VIEWS.map(({ view, scope }) =>
            scopes.includes(scope) ? (
              <a
                key={view}
                className="quiet"
                href={`/${view}`}
                aria-current={search.state === view ? 'page' : undefined}
                onClick={followInPage(() => desk.lookAt(view))}
              >
                {page.views[view]}
              </a>
            ) : null,
          )}
          <button
            type="button"
            className="quiet"
            onClick={() => {
              forget()
              // Until it is done, answers may still come in and be kept.
              void desk.signOut().then(forget)
            }}
          >
            {page.signOut}
          </button>
        </nav>
      </header>
      <main className="content" aria-busy={search.state === 'looking'}>
        <Results desk={desk} client={client} />
      </main>
      <footer className="foot">
        <label>
          <input type="checkbox" checked={keys.areOn} onChange={(event) => keys.turn(event.currentTarget.checked)} />
          {page.keys.before} <kbd>/</kbd> {page.keys.search}, <kbd>c</kbd> {page.keys.copy}, <kbd>⇧C</kbd>{' '}
          {page.keys.copyForCustomer}
        </label>
      </footer>
    </SingleKeys>
  )
}

export interface DeskPageProps {
  readonly client: DeskClient
}

/** Only for those who may; whoever comes by an address all the same is told which scope they lack. */
const VIEWS = [
  { view: 'map', scope: 'read' },
  { view: 'log', scope: 'admin' },
] as const

const BOX_STATES = {
  idle: 'start',
  looking: 'busy',
  answered: 'done',
  customer: 'done',
  map: 'done',
  log: 'done',
  failed: 'done',
} as const
