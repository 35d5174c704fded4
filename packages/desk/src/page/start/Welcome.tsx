/** What the desk can be asked, before anything was. */
export function Welcome() {
  return (
    <section className="welcome">
      <h1>Paste what the customer sent</h1>
      <p>A whole message will do: the desk finds the code in it.</p>
      <dl>
        {ASKABLE.map(([what, example]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{example}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

const ASKABLE = [
  ['Reference', 'RF7-K29-QXR, with or without hyphens'],
  ['Number', 'of an order, a customer, a job, a session'],
  ['Trace-id', 'from any log or tracing tool, a span id, a traceparent'],
] as const
