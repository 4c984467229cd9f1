import type { Reason } from '../../domain/reasons.ts'
import type {
  FlipCause,
  FlipCount,
  FlipExample,
  FlipItem,
  FlipReport,
  FlipService,
  StoppedService,
} from './flip-report.ts'

const examplesMax = 20
/** Groups past so many are left out of the lists, the smallest first; they stay in the sums. */
const groupsMax = 200

type Mutable<Of> = { -readonly [Name in keyof Of]: Of[Name] }
type Count = Mutable<FlipCount>
type Group<Of> = Mutable<Of> & { examples: FlipExample[] }
type Cause = Omit<Group<FlipCause>, 'services'> & { services: Map<string, FlipService & Count> }

const none = (): Count => ({ questions: 0, weight: 0 })

/** One question that was decided twice. */
export type DecidedTwice = {
  readonly before: { readonly allowed: boolean; readonly reason: Reason }
  readonly after: { readonly allowed: boolean; readonly reason: Reason }
  readonly weight: number
}

/** One whose answer changes, and all that is told of it. */
export type Flip = DecidedTwice & {
  readonly item: FlipItem
  readonly service: FlipService
  readonly example: FlipExample
}

/** Adds up what became of each question. */
export class FlipTally {
  readonly #allowed = none()
  readonly #denied = none()
  readonly #unchanged = { allowed: none(), denied: none() }
  readonly #causes = new Map<string, Cause>()
  readonly #stopped = new Map<string, Group<StoppedService>>()
  readonly #flows = new Map<string, Count & { before: Reason; after: Reason }>()
  readonly #sample = { ...none(), asked: 0, from: null as string | null, to: null as string | null }

  /** A day is over of which `asked` questions were counted; days come in order, and `day` is one in UTC. */
  day(day: string, asked: number, questions: number): void {
    this.#sample.asked += asked
    if (questions === 0) return
    this.#sample.from ??= day
    this.#sample.to = day
  }

  unchanged({ after, weight }: DecidedTwice): void {
    add(this.#sample, weight)
    add(after.allowed ? this.#unchanged.allowed : this.#unchanged.denied, weight)
  }

  flipped({ before, after, weight, item, service, example }: Flip): void {
    add(this.#sample, weight)
    const reasons = { before: before.reason, after: after.reason }
    const flow = `${before.reason} ${after.reason}`
    add(
      entry(this.#flows, flow, () => ({ ...none(), ...reasons })),
      weight,
    )
    const { purpose } = example
    const cause = `${item.kind} ${item.key} ${flow}`
    let group: Count & { examples: FlipExample[] }
    if (after.allowed) {
      add(this.#allowed, weight)
      const made = entry(this.#causes, `${purpose} ${cause}`, () => ({
        ...{ ...none(), purpose, item, ...reasons },
        ...{ services: new Map(), examples: [] },
      }))
      add(
        entry(made.services, service.key, () => ({ ...service, ...none() })),
        weight,
      )
      group = made
    } else {
      add(this.#denied, weight)
      group = entry(this.#stopped, `${service.key} ${purpose} ${cause}`, () => ({
        ...{ ...service, purpose, ...none(), item, ...reasons },
        examples: [],
      }))
    }
    add(group, weight)
    if (group.examples.length < examplesMax) group.examples.push(example)
  }

  result(): FlipReport {
    const causes = [...this.#causes.values()].map((cause) => ({
      ...cause,
      services: mostFirst([...cause.services.values()]),
    }))
    return {
      sample: rounded(this.#sample),
      allowed: { ...rounded(this.#allowed), causes: mostFirst(causes) },
      denied: { ...rounded(this.#denied), services: mostFirst([...this.#stopped.values()]) },
      unchanged: {
        allowed: rounded(this.#unchanged.allowed),
        denied: rounded(this.#unchanged.denied),
      },
      flows: mostFirst([...this.#flows.values()]),
    }
  }
}

function add(count: Count, weight: number): void {
  count.questions += 1
  count.weight += weight
}

function entry<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

const rounded = <Of extends FlipCount>(count: Of): Of => ({ ...count, weight: Math.round(count.weight) })

function mostFirst<Of extends FlipCount>(counts: readonly Of[]): readonly Of[] {
  return counts
    .map(rounded)
    .sort((a, b) => b.weight - a.weight || b.questions - a.questions)
    .slice(0, groupsMax)
}
