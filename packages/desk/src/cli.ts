#!/usr/bin/env node
import { createProgram } from './command/createProgram.ts'

await createProgram().parseAsync()
