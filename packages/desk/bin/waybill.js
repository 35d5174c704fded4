#!/usr/bin/env node
// The `waybill` command. Words that every Node since 10 knows, in a folder that is CommonJS, so that an old one can say what it lacks.
'use strict'
var path = require('path')

var NEEDED = [22, 18]
var running = process.versions.node.split('.').map(Number)

if (running[0] < NEEDED[0] || (running[0] === NEEDED[0] && running[1] < NEEDED[1])) {
  console.error(
    '[waybill] The waybill command needs Node.js ' +
      NEEDED.join('.') +
      ' or newer, and this is ' +
      process.versions.node +
      '.',
  )
  process.exitCode = 1
} else if (__dirname.split(path.sep).indexOf('node_modules') !== -1) {
  void import('../dist/cli.js')
} else {
  // In the repository it runs the sources, which need no build.
  var flags = ['--conditions=waybill-source', '--disable-warning=ExperimentalWarning']
  var args = flags.concat(path.join(__dirname, '..', 'src', 'cli.ts'), process.argv.slice(2))
  var status = require('child_process').spawnSync(process.execPath, args, { stdio: 'inherit' }).status
  process.exitCode = status === null ? 1 : status
}
