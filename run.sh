cd /tmp/h/attribution; npx prettier --write packages/browser/src/attribution.*.ts packages/browser/fixtures >/dev/null
npx --no-install vitest run --config test/vitest.config.ts --project node "$@" 2>&1 | grep -E "✓|×|Error|Tests|^.....[+] |attribution.*test.ts:|\[attribution\]" | sed 's/\x1b\[[0-9;]*m//g' | cut -c1-190; date
