import { type Decisions, findManyMax, type Moment } from '../decisions/decisions.ts'
import { isNamespace } from '../domain/identifier.ts'
import type { OrganisationId } from '../domain/ids.ts'
import { parseInstantBytes } from '../domain/parse-instant-bytes.ts'
import type { Reason } from '../domain/reasons.ts'
import type { Principal } from './authenticate.ts'
import { asObject, type JsonObject, requiredText } from './hot/members.ts'
import { type Asked, optionalObject, readEntities } from './hot/read-question.ts'
import { BatchScanner, column, columns } from './hot/scan-batch.ts'
import { AnswerWriter } from './hot/write-answers.ts'
import type { Metrics } from './metrics.ts'
import { itemsMax } from './schemas/decisions.ts'
import { Slices } from './slice.ts'
import type { Usage } from './usage/create-usage.ts'

/** Whether a slice is over is asked every so many items. */
const itemsAtOnce = 64
/** An answer has about so many bytes. */
const answerBytes = 480

/** An item that was answered on its own. */
export type Decided = { readonly isAllowed: boolean; readonly json: string }

/**
 * Answers a plain batch straight from its bytes (see `BatchScanner`), item by item as if each were asked alone; those
 * of its items that are not plain are asked by `decideItem`. Undefined where the whole is not plain, and nothing was
 * asked then.
 */
export async function answerPlainBatch(
  bytes: Buffer,
  options: {
    readonly decisions: Pick<Decisions, 'prepare' | 'policy' | 'revision' | 'lagMs'>
    readonly caller: Pick<Principal, 'organisationId' | 'name'>
    readonly metrics: Metrics
    readonly usage: Usage
    /** The semantic that the members at the top ask for. Throws what is wrong with them. */
    readonly semanticOf: (defaults: JsonObject) => unknown
    readonly decideItem: (defaults: JsonObject, item: unknown) => Decided | Promise<Decided>
  },
): Promise<Buffer | undefined> {
  const { decisions, caller, metrics, usage } = options
  const slices = new Slices()
  const scanner = new BatchScanner(bytes, itemsMax)
  for (;;) {
    const state = scanner.step(itemsAtOnce)
    if (state === 'not_plain') return undefined
    if (state === 'done') break
    if (slices.isOver()) await slices.next()
  }
  const defaults: Record<string, unknown> = {}
  for (const [name, text] of Object.entries(scanner.members)) defaults[name] = JSON.parse(text) as unknown
  const commonPurpose = purposeOf(defaults.action)
  // A context at the top says more than a plain item could: others know how to read it.
  if (commonPurpose === undefined || (defaults.context ?? null) !== null) return undefined

  const semantic = options.semanticOf(defaults)
  metrics.asked(scanner.items)
  const asker = new PlainAsker(bytes, scanner, decisions, caller.organisationId, commonPurpose)
  const writer = new AnswerWriter(scanner.items * answerBytes)
  writer.text('{"evaluations":[')
  try {
    for (let item = 0; item < scanner.items; item++) {
      if (item > 0) writer.comma()
      const answer = asker.ask(item)
      let isAllowed: boolean
      if (answer === undefined) {
        const decided = await options.decideItem(defaults, asker.json(item))
        asker.renew()
        writer.text(decided.json)
        isAllowed = decided.isAllowed
      } else {
        const { purpose, decision } = answer
        const drawn = usage.counted(caller, purpose, decision.reason, true)
        if (drawn !== null) usage.keep(caller, 'evaluations', asker.asked(item).question, answer, drawn)
        writer.answer(answer)
        isAllowed = answer.decision.allowed
      }
      if (semantic === (isAllowed ? 'permit_on_first_permit' : 'deny_on_first_deny')) break
      if (item % itemsAtOnce === 0 && slices.isOver()) {
        await slices.next()
        asker.renew()
      }
    }
  } finally {
    for (const [reason, count] of asker.counts) metrics.decided('evaluations', reason, count)
  }
  writer.text(']}')
  return writer.written
}

/** The purpose of an action at the top; null where there is none, undefined where it is no action. */
function purposeOf(action: unknown): string | null | undefined {
  if (action === undefined) return null
  try {
    const members = asObject(action, '')
    optionalObject(members.properties, '')
    return requiredText(members.name, 255, '')
  } catch {
    return undefined
  }
}

/** Asks the plain items of one batch. */
class PlainAsker {
  readonly #bytes: Buffer
  readonly #spans: Int32Array
  readonly #decisions: Pick<Decisions, 'prepare' | 'policy' | 'revision' | 'lagMs'>
  readonly #organisationId: OrganisationId
  readonly #commonPurpose: string | null
  readonly #moments = new Map<string, Moment>()
  /** Of the last item's purpose. */
  #last: { readonly purpose: string; readonly moment: Moment } | undefined
  /** How many answers each reason had. */
  readonly counts = new Map<Reason, number>()
  #revision: ReturnType<Decisions['revision']>
  #lagMs: number
  /** Where the last item's columns end. */
  readonly #end: number
  readonly #ids = { starts: new Int32Array(findManyMax), ends: new Int32Array(findManyMax), count: 0 }
  readonly #found = new Int32Array(findManyMax)
  #foundFrom = 0
  #foundTo = 0
  readonly #type = new LastText()
  readonly #purpose = new LastText()
  #isNamespace = false

  constructor(
    bytes: Buffer,
    { spans, items }: BatchScanner,
    decisions: Pick<Decisions, 'prepare' | 'policy' | 'revision' | 'lagMs'>,
    organisationId: OrganisationId,
    commonPurpose: string | null,
  ) {
    this.#bytes = bytes
    this.#spans = spans
    this.#end = items * columns
    this.#decisions = decisions
    this.#organisationId = organisationId
    this.#commonPurpose = commonPurpose
    this.#revision = decisions.revision()
    this.#lagMs = Math.round(decisions.lagMs())
  }

  /** Must be called after others have had their turn: time, policy and revision may be others. */
  renew(): void {
    this.#moments.clear()
    this.#last = undefined
    this.#foundTo = 0
    this.#revision = this.#decisions.revision()
    this.#lagMs = Math.round(this.#decisions.lagMs())
  }

  /** Undefined where the item is not plain, or cannot be asked now. */
  ask(item: number) {
    const spans = this.#spans
    const bytes = this.#bytes
    const base = item * columns
    if (spans[base + column.type]! < 0) return undefined
    const purpose = this.#purposeOf(base)
    if (purpose === null) return undefined
    if (this.#last?.purpose !== purpose) {
      const moment = this.#moments.get(purpose) ?? this.#begin(purpose)
      if (moment === undefined) return undefined
      this.#last = { purpose, moment }
    }
    const { moment } = this.#last
    if (item >= this.#foundTo) this.#find(item, moment)
    if (!this.#isNamespace) return undefined
    const time = spans[base + column.collectedAt]!
    // One that cannot be read lies in the future, which the decision denies.
    const collectedAtMs =
      time < 0
        ? null
        : (parseInstantBytes(bytes, time, spans[base + column.collectedAt + 1]!) ?? Number.MAX_SAFE_INTEGER)
    const decision = moment.decideFound(this.#found[item - this.#foundFrom]!, collectedAtMs)
    const { reason } = decision
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + 1)
    return { purpose, decision, revision: this.#revision, lagMs: this.#lagMs, nowMs: moment.nowMs }
  }

  #purposeOf(base: number): string | null {
    const start = this.#spans[base + column.purpose]!
    if (start < 0) return this.#commonPurpose
    this.#purpose.read(this.#bytes, start, this.#spans[base + column.purpose + 1]!)
    return this.#purpose.text
  }

  /** A plain item as the question it is. */
  asked(item: number): Asked {
    const { subject, action, resource } = this.json(item) as JsonObject
    return readEntities({ subject, action: action ?? { name: this.#commonPurpose }, resource })
  }

  /** Finds whom the item and those behind it are about, as long as their ids are of one namespace. */
  #find(from: number, moment: Moment): void {
    const spans = this.#spans
    const bytes = this.#bytes
    const ids = this.#ids
    const type = spans[from * columns + column.type]!
    if (this.#type.read(bytes, type, spans[from * columns + column.type + 1]!)) {
      this.#isNamespace = isNamespace(this.#type.text)
    }
    ids.count = 0
    for (let base = from * columns; ids.count < findManyMax && base < this.#end; base += columns) {
      const start = spans[base + column.type]!
      if (start < 0 || !this.#type.is(bytes, start, spans[base + column.type + 1]!)) break
      ids.starts[ids.count] = spans[base + column.id]!
      ids.ends[ids.count] = spans[base + column.id + 1]!
      ids.count += 1
    }
    this.#foundFrom = from
    this.#foundTo = from + ids.count
    if (this.#isNamespace) moment.findMany(this.#type.text, bytes, ids, this.#found)
  }

  json(item: number): unknown {
    const base = item * columns
    const text = this.#bytes.toString(
      'utf8',
      this.#spans[base + column.start]!,
      this.#spans[base + column.end]!,
    )
    return JSON.parse(text)
  }

  /** Undefined while the index is being loaded: what is said then, others know. */
  #begin(purpose: string): Moment | undefined {
    if (this.#decisions.policy(this.#organisationId) === undefined) return undefined
    const terms = {
      purpose,
      demandsCollectedAt: false,
      property: null,
      categories: null,
      recipient: null,
      regime: null,
      sourcePurpose: null,
    }
    const moment = this.#decisions.prepare(this.#organisationId, terms).begin()
    this.#moments.set(purpose, moment)
    return moment
  }
}

/** Text that many items say alike: it is made once as long as it stays the same. */
class LastText {
  text = ''
  #bytes: Buffer = Buffer.alloc(0)

  /** Whether it is another than before. The bytes are ASCII. */
  read(bytes: Buffer, start: number, end: number): boolean {
    if (this.is(bytes, start, end)) return false
    this.#bytes = bytes.subarray(start, end)
    this.text = bytes.toString('latin1', start, end)
    return true
  }

  is(bytes: Buffer, start: number, end: number): boolean {
    const last = this.#bytes
    const length = end - start
    if (length !== last.length) return false
    for (let at = 0; at < length; at++) if (last[at] !== bytes[start + at]) return false
    return true
  }
}
