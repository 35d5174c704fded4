import { randomBytes } from 'node:crypto'
import { mintReference } from '@waybill/reference'
import { actByHttp, headersOf } from './act.ts'
import type { Acted } from './act.ts'
import { actInBrowser } from './actInBrowser.ts'
import { callHttp } from './callHttp.ts'
import { createVariables } from './createVariables.ts'
import type { DrillConfig, DrillDeed, DrillHop } from './DrillConfig.ts'
import { DrillError } from './DrillError.ts'
import { faultsOf } from './Finding.ts'
import type { Finding } from './Finding.ts'
import { givenTo, judgeAnswer, judgeScreen } from './judgeAnswer.ts'
import type { Judged } from './judgeAnswer.ts'
import { judgeDesk } from './judgeDesk.ts'
import { judgeRecords } from './judgeRecords.ts'
import { judgeRun } from './judgeRun.ts'
import { lookUntil } from './lookUntil.ts'
import { openSource } from './openSource.ts'
import type { OpenSource } from './openSource.ts'
import { probeForged } from './probeForged.ts'
import { runCommand } from './runCommand.ts'

/**
 * Drives one action through a running system and says of every hop whether the reference is there. What forced a failure is undone
 * whatever happens, an abort included.
 *
 * @throws DrillError when the drill itself cannot go on; the signal's reason when it was aborted.
 */
export async function runDrill(config: DrillConfig, options: DrillOptions): Promise<DrillReport> {
  const { base, folder, signal, tell, environment, executable } = options
  const namespace = config.namespace || options.namespace
  const variables = createVariables(environment)
  const marker = `drill-${randomBytes(5).toString('hex')}`
  variables.set('DRILL_MARKER', marker)
  const shared = { base, folder, variables, signal, namespace }
  const startedAt = performance.now()

  const isSchedule = ({ kind }: DrillHop): boolean => kind === 'schedule'
  const looks = new Map<string, OpenSource>()
  for (const hop of config.hops) {
    if (hop.source.by !== 'desk' && !isSchedule(hop)) looks.set(hop.name, await openSource(hop, shared))
  }

  const does = async (deed: DrillDeed, where: string, { extra, signal: until }: DoOptions = {}): Promise<void> => {
    if (deed.by === 'command') return void (await runCommand(deed.command, { where, variables, folder, signal: until }))
    const { status } = await callHttp(deed.call, { base, where, variables, signal: until, extra })
    if (status >= 400) throw new DrillError(`${where} was answered with ${status}. Try it by hand.`)
  }

  const judgeAll = async (acted: Acted): Promise<Judged[]> => {
    const answer = judgeAnswer(acted)
    const reference = acted.sent ?? acted.answered ?? acted.shown?.id ?? null
    const judged: Judged[] = [answer]
    for (const hop of config.hops.filter((each) => !isSchedule(each))) {
      const { given, cause } = givenTo(hop, judged)
      const lost = judged.find(({ finding }) => LOSSES.has(finding.verdict))?.finding.name ?? null
      const look = looks.get(hop.name)
      const { source } = hop
      const judgement =
        look === undefined
          ? await judgeDesk(deskOf(source, variables.fill), {
              ...shared,
              where: `"${hop.name}"`,
              hop,
              reference,
              isLostBefore: lost !== null,
            })
          : judgeRecords(await look.read(), { hop, match: matchOf(hop, variables.fill), reference, given, namespace })
      const { verdict, also, detail, others } = judgement
      const from = verdict !== 'follows' ? null : look === undefined ? lost : cause
      const finding = { name: hop.name, kind: hop.kind, verdict, also, detail, others, cause: from }
      judged.push({ ...judgement, finding })
    }
    return judged
  }

  const act = async (): Promise<readonly [Acted, readonly Judged[]]> => {
    tell(config.action.by === 'browser' ? `clicking "${config.action.click}"` : 'doing the action')
    const acted =
      config.action.by === 'browser'
        ? await actInBrowser(config.action, { ...shared, executable })
        : await actByHttp(config.action, shared)
    const judged = await lookUntil(() => judgeAll(acted), {
      isDone: (all) => all.every(({ isSettled }) => isSettled),
      withinMs: config.withinMs,
      signal,
      onWait(all) {
        const waiting = all.filter(({ isSettled }) => !isSettled).map(({ finding }) => finding.name)
        tell(`waiting for ${waiting.join(', ')}`)
      },
    })
    return [acted, judged]
  }

  const undone = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const { failure } = config
    if (failure === null) return await work()
    tell('forcing the failure')
    try {
      await does(failure.force, 'failure.force', { signal })
      return await work()
    } finally {
      if (failure.undo !== null) {
        tell('undoing the failure')
        // Without the signal: this is what has to be done when everything else was broken off.
        await does(failure.undo, 'failure.undo').catch((cause: unknown) => {
          const said = cause instanceof DrillError ? ` ${cause.message.replace('[waybill] ', '')}` : ''
          throw new DrillError(`The failure is still forced: what undoes it did not work. Undo it by hand.${said}`, {
            cause,
          })
        })
      }
    }
  }

  const [acted, judged] = await undone(act)
  const reference = acted.sent ?? acted.answered ?? acted.shown?.id ?? null
  const findings: Finding[] = judged.map(({ finding }) => finding)
  if (acted.shown !== null) findings.splice(1, 0, judgeScreen(acted.shown, judged[0]!))

  const customers = new Set([reference, acted.answered, acted.shown?.id].filter((id) => typeof id === 'string'))
  for (const hop of config.hops.filter(isSchedule)) {
    tell(`setting "${hop.name}" off`)
    const source = await openSource(hop, shared)
    // Whoever sets a run off by hand has a reference as well, which is not the run's.
    const caller = mintReference()
    await does(hop.trigger!, `"${hop.name}"`, { signal, extra: headersOf(caller, namespace) })
    const judge = async (): Promise<Finding> =>
      judgeRun(await source.read(), {
        hop,
        match: matchOf(hop, variables.fill),
        taken: new Set([...customers, caller]),
        namespace,
      })
    const isDone = ({ verdict }: Finding): boolean => verdict !== 'no-record'
    findings.push(await lookUntil(judge, { isDone, withinMs: config.withinMs, signal }))
  }

  if (config.forged !== false) {
    tell('sending forged headers')
    const call = config.forged ?? {
      method: 'GET',
      url: acted.url,
      headers: config.action.by === 'http' ? config.action.call.headers : {},
      body: undefined,
    }
    const hops = config.hops.filter(({ kind, source }) => kind === 'api' && source.by !== 'desk')
    const logs = await Promise.all(hops.map(async (hop) => ({ hop, source: await openSource(hop, shared) })))
    findings.push(await probeForged(call, { ...shared, logs }))
  }
  return {
    reference,
    marker,
    tookMs: Math.round(performance.now() - startedAt),
    faults: findings.flatMap(faultsOf).length,
    findings: findings.map((finding) => ({ ...finding, others: finding.others.map(idText) })),
  }
}

export interface DrillOptions {
  /** The address that is drilled. */
  readonly base: string
  /** What files of the configuration are relative to, and where its commands run. */
  readonly folder: string
  /** Where the file has none. */
  readonly namespace: string
  readonly environment: NodeJS.ProcessEnv
  /** A browser's executable. @default Playwright's own */
  readonly executable?: string | undefined
  readonly signal: AbortSignal
  /** Hears what is done just now. */
  readonly tell: (what: string) => void
}

export interface DrillReport {
  /** With which was drilled; null when there was none anywhere. */
  readonly reference: string | null
  /** The value that the drill sent along as `$DRILL_MARKER`. */
  readonly marker: string
  readonly tookMs: number
  readonly faults: number
  readonly findings: readonly Finding[]
}

interface DoOptions {
  readonly extra?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** After which nothing that comes later can be whole. */
const LOSSES: ReadonlySet<Finding['verdict']> = new Set(['changed', 'changed-on-retry', 'missing', 'follows'])

/** What stands in a field for ids may be anything: only what looks like one is told. */
function idText(id: string): string {
  return /^(?=.*\d)[\w:./-]{4,64}$/.test(id) ? id : 'a value that is no id'
}

type Fill = (text: string, where: string) => string

function matchOf({ name, match }: DrillHop, fill: Fill): DrillHop['match'] {
  if (match === null) return null
  const where = `The match of "${name}"`
  if (typeof match === 'string') return fill(match, where)
  return Object.fromEntries(Object.entries(match).map(([field, wanted]) => [field, fill(wanted, where)]))
}

function deskOf(source: DrillHop['source'], fill: Fill) {
  if (source.by !== 'desk') throw new TypeError('[waybill] Only a desk is asked.')
  return { ...source, url: fill(source.url, 'desk.url'), token: fill(source.token, 'desk.token') }
}
