// Breaks each row of the decision table once, and the index's plans, and shows that the tests notice. `npm run mutants`
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bin, root, run } from './bootstrap.mjs'

/** A file of the packed index, from `lib/domain`. */
const index = (file) => `../decisions/index/${file}`

/** One change of the source a row; each text must be there exactly once. */
const mutants = [
  [0, 'decide.ts', "if (query.freshness !== 'fresh') {", 'if (false) {'],
  [1, 'decide.ts', 'if (purpose.isRetired)', 'if (false)'],
  [2, 'decide.ts', "if (rule.rule === 'prohibited')", 'if (false)'],
  [3, 'decide.ts', 'if (links.length > 1) {', 'if (false) {'],
  [3, 'decide.ts', 'collectedMs < state.erasedBeforeMs', 'false'],
  [4, 'decide.ts', 'if (state.isRestricted)', 'if (false)'],
  [5, 'decide.ts', 'if (refusal !== undefined) {', 'if (false) {'],
  [6, 'decide.ts', 'if (child !== undefined) {', 'if (false) {'],
  [7, 'check-grant.ts', "if (grant.capacity !== 'capable')", 'if (false)'],
  [7, 'decide.ts', "if (capacity !== 'capable')", 'if (false)'],
  [8, 'find-notice.ts', 'atMs < notice.publishedAtMs ||', ''],
  [8, 'compatible-use.ts', "if (bases.includes('consent') || source === null)", 'if (source === null)'],
  [9, 'check-grant.ts', 'if (!grant.isProven || notice === undefined)', 'if (notice === undefined)'],
  [9, 'check-grant.ts', 'if (grant.isInvalidated || notice.isInvalidated)', 'if (false)'],
  [
    9,
    'check-grant.ts',
    "if (grant.seq < plan.struckBeforeSeq) return fail(9, 'consent_invalidated', basis)",
    '',
  ],
  [
    9,
    'decide.ts',
    'return denyVoidLift(question, listen) ?? tell(result, listen)',
    'return tell(result, listen)',
  ],
  [10, 'check-grant.ts', 'if (query.nowMs >= expiresAtMs)', 'if (false)'],
  [11, 'check-grant.ts', 'version < material)', 'false)'],
  [
    11,
    'fold-policy.ts',
    '(isDeclaredMaterial || isMaterialChange(last, definition))',
    'isMaterialChange(last, definition)',
  ],
  [12, 'check-coverage.ts', 'if (!isCovered ||', 'if ('],
  [12, 'check-grant.ts', 'if (row.property !== null && row.property !== query.property)', 'if (false)'],
  [13, 'check-grant.ts', 'if (time < fromMs) {', 'if (false) {'],
  [14, 'check-grant.ts', 'if (query.nowMs >= until)', 'if (false)'],
  // What the rows rest on: the fold, and from when on a grant covers data.
  [5, 'rows.ts', "return grant.actor !== 'guardian' || refusal.byGuardian", 'return true'],
  [5, 'fold-refusal.ts', "body.act === 'objected' || body.act === 'opted_out'", 'false'],
  [8, 'fold-grant.ts', 'event.occurredAtMs < other.latestRefusal.atMs,', 'false,'],
  [9, 'fold-grant.ts', "if (body.actor === 'controller') return false", ''],
  [13, 'fold-grant.ts', 'fromMs < endMs &&', ''],
  [13, 'collected-from.ts', 'if (meets || other === row) fromMs', 'if (false) fromMs'],
  [
    13,
    'collected-from.ts',
    'if (notice === undefined || isStruck(policy, earlier)) break',
    'if (notice === undefined) break',
  ],
  [8, 'candidates.ts', 'if (wasRefusedNearer(row.purpose)) return []', ''],
  // Recalls: what they strike, and what comes of it.
  [9, 'recall.ts', 'const byKey = via === null ? 0 : (recalls.keys.get(via)?.seq ?? 0)', 'const byKey = 0'],
  [9, 'recall.ts', 'const byImport = mark === null ? 0 :', 'const byImport = mark !== null ? 0 :'],
  [9, 'fold-grant.ts', 'isProven && isStruck(policy, said)', 'false'],
  [
    13,
    'fold-grant.ts',
    'if (grant === null || !holds(policy, grant)) return false',
    'if (grant === null) return false',
  ],
  [13, 'fold-grant.ts', '(row.grantLiftedRefusal && before === null)', 'false'],
  [5, 'fold-grant.ts', "if (liftedItself && grant.actor === 'guardian')", 'if (false)'],
  [6, 'child-refusal.ts', 'if (row !== undefined) {', 'if (false) {'],
  [13, 'lifted-from.ts', 'if (last < 0) return Number.NEGATIVE_INFINITY', 'return Number.NEGATIVE_INFINITY'],
  [5, 'plan-links.ts', '...refusedAgain(policy, row)', ''],
  [9, index('scan-rows.ts'), 'if (question.policy.recalls.imports.has(mark)) return', ''],
  [13, index('row-plan.ts'), "if (isPartlyStruck) return { ...marked, kind: 'slow' }", ''],
  [6, index('row-plan.ts'), 'if (bears && mayBeRefusedAgain(question.policy, shape))', 'if (false)'],
  [
    9,
    index('row-plan.ts'),
    "if (mayBeRefusedAgain(question.policy, shape)) return { ...plan, kind: 'slow' }\n  const lifted",
    'const lifted',
  ],
  // The plans of the packed index, which must say what the rows say.
  [
    3,
    index('question-plan.ts'),
    'if (shape !== undefined && (shape.erased || shape.links.length > 0))',
    'if (false)',
  ],
  [4, index('question-plan.ts'), 'if (shape?.restricted)', 'if (false)'],
  [5, index('question-plan.ts'), 'if (shape?.gpc && this', 'if (false && this'],
  [5, index('scan-rows.ts'), 'if (!mayBeOutlived) this', 'this'],
  [6, index('scan-rows.ts'), 'if (child !== undefined) {', 'if (false) {'],
  [8, index('scan-rows.ts'), 'if (wasRefused && (grants > 1 || !grant.isOwn)) return', ''],
  [
    13,
    index('scan-rows.ts'),
    'this.collectedFromMs = Math.max(liftedMs, ',
    'this.collectedFromMs = Math.max(-1, ',
  ],
  [8, index('decide-fast.ts'), '(decision.allowed || scan.isLast)', 'true'],
  [13, index('row-plan.ts'), 'fromAt: covered === 0 ? 1 :', 'fromAt: true ? 1 :'],
  // The same for every collection time at once.
  [9, 'check-grant.ts', 'if (plan.failsEarly !== null) return spans.setRefusal(plan.failsEarly.reason)', ''],
  [
    9,
    'check-grant.ts',
    "if (grant.seq < plan.struckBeforeSeq) return spans.setRefusal('consent_invalidated')",
    '',
  ],
  [10, 'check-grant.ts', "if (nowMs >= expiresAtMs) return spans.setRefusal('consent_expired')", ''],
  [12, 'check-grant.ts', 'if (plan.failsLate !== null) return spans.setRefusal(plan.failsLate.reason)', ''],
  [13, 'check-grant.ts', 'spans.add(nowMs + clockSkewMs + 1,', 'spans.add(nowMs + 2 * clockSkewMs,'],
  [13, 'check-grant.ts', "spans.setRefusal('collected_before_consent')", 'spans.setRefusal(reason)'],
  [
    14,
    'check-grant.ts',
    'const fromMs = Math.max(collectedFromMs, keptFromMs)',
    'const fromMs = collectedFromMs',
  ],
  [8, index('span-fast.ts'), 'if (!scan.isLast) return false', ''],
  [8, index('span-fast.ts'), 'known?.nowMs !== query.nowMs', 'known === undefined'],
]

const copy = mkdtempSync(join(tmpdir(), 'assent-mutants-'))
process.on('exit', () => rmSync(copy, { recursive: true, force: true }))
process.on('SIGINT', () => process.exit(130))
for (const room of ['lib/domain', 'lib/decisions'])
  cpSync(join(root, room), join(copy, room), { recursive: true })
cpSync(join(root, 'package.json'), join(copy, 'package.json'))
cpSync(join(root, 'tsconfig.json'), join(copy, 'tsconfig.json'))
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
writeFileSync(
  join(copy, 'vitest.config.ts'),
  "export default { test: { include: ['lib/domain/{decide,histories,decide.property}.test.ts', 'lib/decisions/consent-index.test.ts'], testTimeout: 120_000, bail: 1, maxWorkers: 2 } }\n",
)

const suite = () =>
  run(bin('vitest'), ['run', '--root', copy], { cwd: copy, env: { ...process.env, NO_COLOR: '1' } })
const unbroken = await suite()
if (unbroken.code !== 0) {
  process.stdout.write(`The tests fail before anything is broken:\n${unbroken.output.slice(-4_000)}\n`)
  process.exit(1)
}
let survived = 0
for (const [row, file, text, replacement] of mutants) {
  const path = join(copy, 'lib/domain', file)
  const source = readFileSync(path, 'utf8')
  if (source.split(text).length !== 2) {
    process.stdout.write(`row ${row}: ${JSON.stringify(text)} is not exactly once in ${file}\n`)
    process.exit(1)
  }
  writeFileSync(path, source.replace(text, replacement))
  const { code, output } = await suite()
  writeFileSync(path, source)
  const killer = /FAIL.*?> (.*)/.exec(output)?.[1]
  if (code === 0) survived += 1
  process.stdout.write(
    `row ${String(row).padStart(2)}  ${code === 0 ? 'SURVIVED' : 'killed'}  ${file}: ${text}\n`,
  )
  if (code !== 0) process.stdout.write(`          by: ${killer ?? 'an error'}\n`)
}
process.stdout.write(`\n${mutants.length - survived} of ${mutants.length} mutants killed\n`)
process.exitCode = survived === 0 ? 0 : 1
