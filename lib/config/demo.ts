import type { OrganisationId } from '../domain/ids.ts'
import type { Choice, ConsentCommand, Ledger } from '../ledger/ledger.ts'
import { demoConfiguration } from './demo-configuration.ts'

const dayMs = 86_400_000
export const demoDays = 120
export const demoSubjects = 5_000
const callsAtOnce = 1_000

/** One thing that happens in the demo's history. */
type Step = { readonly atMs: number; readonly run: (ledger: Ledger) => Promise<unknown> }

/** What one of the demo's people does; `pick` is a number below 1 of her own. */
type Habit = {
  readonly name: string
  /** Of a thousand people, so many. */
  readonly share: number
  readonly steps: (person: Person) => readonly Step[]
}

type Person = {
  readonly organisationId: OrganisationId
  readonly id: string
  /** First day of hers, and a later one. */
  readonly first: number
  readonly later: number
}

const training = ['ai_training', 'ai_training.fine_tuning', 'ai_training.evaluation']

function say(
  person: Person,
  atMs: number,
  acts: readonly (readonly [string, Choice['act']])[],
  changes: Partial<ConsentCommand> = {},
): Step {
  const command: ConsentCommand = {
    organisationId: person.organisationId,
    subject: { namespace: 'user', id: person.id },
    property: 'demo',
    notice: { key: 'starter', version: 1, locale: Number(person.id.slice(-1)) % 3 === 0 ? 'de' : 'en' },
    regime: null,
    country: null,
    actor: 'subject',
    occurredAtMs: null,
    imported: false,
    namesGpcConflict: false,
    evidence: { method: 'banner' },
    choices: acts.map(([purpose, act]) => ({ purpose, act })),
    ...changes,
  }
  return { atMs, run: (ledger) => ledger.recordConsents(command, null) }
}

function fact(person: Person, atMs: number, body: Parameters<Ledger['recordFact']>[2]): Step {
  const subject = { namespace: 'user', id: person.id }
  return { atMs, run: (ledger) => ledger.recordFact(person.organisationId, subject, body) }
}

const yes = (person: Person, changes?: Partial<ConsentCommand>) =>
  say(
    person,
    person.first,
    [['analytics', 'grant'], ...training.map((key) => [key, 'grant'] as const)],
    changes,
  )

/** Every way to a yes or a no that an assistant's users take. */
const habits: readonly Habit[] = [
  { name: 'agrees', share: 380, steps: (p) => [yes(p)] },
  {
    name: 'agrees, and takes it back',
    share: 160,
    steps: (p) => [
      yes(p),
      say(
        p,
        p.later,
        training.map((key) => [key, 'withdraw'] as const),
      ),
    ],
  },
  {
    name: 'refuses training',
    share: 160,
    steps: (p) => [
      say(p, p.first, [
        ['analytics', 'grant'],
        ['ai_training', 'deny'],
      ]),
    ],
  },
  {
    name: 'was asked about other things only',
    share: 100,
    steps: (p) => [say(p, p.first, [['analytics', 'deny']])],
  },
  {
    name: 'refuses, then agrees',
    share: 40,
    steps: (p) => [
      say(p, p.first, [['ai_training', 'deny']]),
      say(
        p,
        p.later,
        training.map((key) => [key, 'grant'] as const),
      ),
    ],
  },
  {
    name: 'refuses one part',
    share: 30,
    steps: (p) => [yes(p), say(p, p.later, [['ai_training.evaluation', 'withdraw']])],
  },
  { name: 'objects', share: 20, steps: (p) => [yes(p), say(p, p.later, [['ai_training', 'object']])] },
  {
    name: 'opts out in California',
    share: 20,
    steps: (p) => [say(p, p.first, [['ai_training', 'opt_out']], { regime: 'ccpa' })],
  },
  {
    name: 'has a browser that says no for her',
    share: 20,
    steps: (p) => [
      yes(p),
      {
        atMs: p.first + 1,
        run: (ledger) => ledger.recordGpc(p.organisationId, { namespace: 'user', id: p.id }, 'demo'),
      },
    ],
  },
  { name: 'agreed, but nobody kept what was shown', share: 12, steps: (p) => [yes(p, { notice: null })] },
  {
    name: 'agreed over a year ago, elsewhere',
    share: 12,
    steps: (p) => [
      yes(p, {
        actor: 'import',
        imported: true,
        occurredAtMs: p.first - 400 * dayMs,
        evidence: { method: 'import', reference: 'ticket 1' },
      }),
    ],
  },
  {
    name: 'has agreed for years',
    share: 12,
    steps: (p) =>
      [900, 560, 220].map((daysBefore, index) => ({
        ...yes(p, {
          actor: 'import',
          imported: true,
          occurredAtMs: p.first - daysBefore * dayMs,
          evidence: { method: 'import', reference: `renewal ${index + 1}` },
        }),
        atMs: p.first + index,
      })),
  },
  {
    name: 'agreed under words that were struck',
    share: 12,
    steps: (p) => [
      say(p, Math.min(p.first, p.later - 1), [['ai_training', 'grant']], {
        property: 'study',
        notice: { key: 'popup', version: 1, locale: 'en' },
      }),
    ],
  },
  {
    name: 'takes part in the study only',
    share: 10,
    steps: (p) => [
      say(
        p,
        p.first,
        [
          ['research', 'grant'],
          ['ai_training', 'grant'],
        ],
        {
          property: 'study',
          notice: { key: 'study', version: 1, locale: 'en' },
        },
      ),
    ],
  },
  {
    name: 'is too young to agree',
    share: 4,
    steps: (p) => [fact(p, p.first - 1, { act: 'age_stated', atLeast: 13, below: 16 }), yes(p)],
  },
  {
    name: 'disputes what is held',
    share: 3,
    steps: (p) => [yes(p), fact(p, p.later, { act: 'restricted' })],
  },
  { name: 'had everything erased', share: 3, steps: (p) => [yes(p), fact(p, p.later, { act: 'erased' })] },
  {
    name: 'shares a sign-in with two customers',
    share: 2,
    steps: (p) => [
      yes(p),
      ...['a', 'b'].map(
        (which): Step => ({
          atMs: p.later,
          run: (ledger) =>
            ledger.linkSubjects(
              p.organisationId,
              { namespace: 'user', id: p.id },
              { namespace: 'customer', id: `${p.id}-${which}` },
            ),
        }),
      ),
    ],
  },
]

/** `user_00001` and on. */
export function demoUser(index: number): string {
  return `user_${String(index).padStart(5, '0')}`
}

/** The habit of the demo's n-th person, 1 to 5,000; the same on every installation. */
export function habitOf(index: number): string {
  return pickHabit(index).name
}

function pickHabit(index: number): Habit {
  // 617 is prime to 1,000: every thousand people hold each habit exactly `share` times, well mixed.
  let place = (index * 617) % 1_000
  for (const habit of habits) {
    if (place < habit.share) return habit
    place -= habit.share
  }
  return habits[0]!
}

/**
 * Fills a new installation with 120 days of history: 5,000 people, their yes and no, two versions of a notice, a
 * notice that was struck. Everything goes through the ledger, at the time it would have happened; `setClock` sets
 * the ledger's clock, and null gives it back.
 */
export async function seedDemo(options: {
  readonly ledger: Ledger
  readonly setClock: (atMs: number | null) => void
  readonly organisationId: OrganisationId
  readonly nowMs: number
  readonly onProgress: (done: number, all: number) => void
}): Promise<void> {
  const { ledger, setClock, organisationId, nowMs } = options
  const startMs = nowMs - demoDays * dayMs
  const steps: Step[] = demoConfiguration.map(({ day, bodies }) => ({
    atMs: startMs + day * dayMs,
    run: () => ledger.publish(organisationId, bodies),
  }))
  for (let index = 1; index <= demoSubjects; index++) {
    const spread = (index * 7_919) % 5_000
    const first = startMs + dayMs + Math.floor((spread / 5_000) * 70 * dayMs)
    const later =
      first + Math.floor((((index * 104_729) % 1_000) / 1_000) * (nowMs - first - dayMs) * 0.95) + 3_600_000
    steps.push(...pickHabit(index).steps({ organisationId, id: demoUser(index), first, later }))
  }
  steps.sort((a, b) => a.atMs - b.atMs)
  try {
    for (let done = 0; done < steps.length; done += callsAtOnce) {
      const part = steps.slice(done, done + callsAtOnce)
      // A call takes its time when it is made, so the calls of a part can wait for one another.
      await Promise.all(
        part.map(({ atMs, run }) => {
          setClock(Math.floor(atMs))
          return run(ledger)
        }),
      )
      options.onProgress(Math.min(done + callsAtOnce, steps.length), steps.length)
    }
  } finally {
    setClock(null)
  }
}
