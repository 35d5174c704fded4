import type { TraceContext } from '../context/TraceContext.ts'

/** Contexts of the steps that tell a model call: a request that is made under one is that call, and is not told again. */
export const toldCalls = new WeakSet<TraceContext>()
