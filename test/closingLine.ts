import type { Reporter, TestModule } from 'vitest/node'

/** Closes a run with the plain line `N passed, N failed` that build servers read. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state))
    const count = (state: string): number => states.filter((each) => each === state).length
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length
    const skipped = count('skipped') > 0 ? `, ${count('skipped')} skipped` : ''
    console.log(`\n${count('passed')} passed, ${count('failed') + broken} failed${skipped}`)
  }
}
