#!/usr/bin/env node
import { createProgram } from './command/createProgram.ts'

// Whoever reads may have read enough, such as `waybill read | head`.
process.stdout.on('error', () => process.exit())
await createProgram().parseAsync()
