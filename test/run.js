#!/usr/bin/env node
// Plain JavaScript that any Node >= 18 can begin: installs what is missing, then runs the tests on a Node that can run TypeScript.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bootstrap } from '../demo-app/launch/bootstrap.js'

process.exitCode = await bootstrap(join(dirname(fileURLToPath(import.meta.url)), 'runTests.ts'))
