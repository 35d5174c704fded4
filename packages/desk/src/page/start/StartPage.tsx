import type { DeskClient } from '../createDeskClient.ts'
import { FindCustomer } from '../person/FindCustomer.tsx'
import { useTexts } from '../texts/useTexts.ts'
import { Failures } from './Failures.tsx'
import type { FailuresMemory } from './useFailures.ts'

/** What the desk can be asked, before anything was, and what of late calls for somebody without being asked for. */
export function StartPage({ client, memory, onOpen, onCustomer, onSignedOut }: StartPageProps) {
  const { start } = useTexts()
  return (
    <div className="start">
      <section className="welcome">
        <div>
          <h1>{start.title}</h1>
          <p>{start.hint}</p>
          <dl>
            {start.askable.map(([what, example]) => (
              <div key={what}>
                <dt>{what}</dt>
                <dd>{example}</dd>
              </div>
            ))}
          </dl>
        </div>
        <FindCustomer client={client} onCustomer={onCustomer} onSearch={onOpen} onSignedOut={onSignedOut} />
      </section>
      <Failures client={client} memory={memory} onOpen={onOpen} onSignedOut={onSignedOut} />
    </div>
  )
}

export interface StartPageProps {
  readonly client: Pick<DeskClient, 'failures' | 'lookUp'>
  readonly memory: FailuresMemory
  readonly onOpen: (reference: string) => void
  readonly onCustomer: (person: string) => void
  readonly onSignedOut: () => void
}
