import type { SimulatedAct, SimulateQuestion } from '../../../lib/client/regime-types.ts'

/** What she said, as the form has it. */
export type SaidWord = 'grant' | 'grant_explicit' | 'grant_gpc' | 'deny' | 'withdraw' | 'object' | 'opt_out'

export type SaidState = {
  /** `2026-03-02` */
  readonly at: string
  readonly did: SaidWord
  readonly on: string
  /** `starter~1~en`; empty where nothing was shown. */
  readonly shown: string
  readonly by: 'subject' | 'guardian'
  /** A property; empty for none. */
  readonly where: string
}

/** The whole of the simulator, as its address holds it. Nobody real is in it. */
export type SimulatorState = {
  /** Empty where she never stated it. */
  readonly age: string
  readonly country: string
  readonly region: string
  readonly gpc: boolean
  readonly purpose: string
  readonly property: string
  /** `now`, `2026-03`, `2026-03-10`; empty where the question does not say. */
  readonly collected: string
  /** A day; empty for now. */
  readonly asked: string
  /** As if this release were published; empty for what is in force. */
  readonly release: string
  readonly said: readonly SaidState[]
}

export const saidWords: Readonly<Record<SaidWord, string>> = {
  grant: 'said yes',
  grant_explicit: 'said yes, explicitly',
  grant_gpc: 'said yes, told of her browser’s no',
  deny: 'said no',
  withdraw: 'took her yes back',
  object: 'objected',
  opt_out: 'opted out',
}

type Params = Readonly<Record<string, string | readonly string[] | undefined>>

const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value

const isWord = (text: string | undefined): text is SaidWord =>
  text !== undefined && Object.hasOwn(saidWords, text)

/** Reads an address; what it does not say is empty. `purpose` is what is asked about unless it says so. */
export function readState(params: Params, purpose: string): SimulatorState {
  const one = (name: string) => listOf(params[name])[0] ?? ''
  const [did, on, shown, by, where] = ['did', 'on', 'shown', 'by', 'where'].map((name) =>
    listOf(params[name]),
  )
  const age = one('age')
  const region = one('region')
  return {
    age: /^\d{1,3}$/.test(age) ? age : '',
    country: one('country') || region.slice(0, 2),
    region,
    gpc: one('gpc') === 'on',
    purpose: one('purpose') || purpose,
    property: one('property'),
    collected: one('collected'),
    asked: one('asked'),
    release: one('release'),
    said: listOf(params.at).map((at, index) => {
      const word = did?.[index]
      return {
        at,
        did: isWord(word) ? word : 'grant',
        on: on?.[index] || one('purpose') || purpose,
        shown: shown?.[index] ?? '',
        by: by?.[index] === 'guardian' ? 'guardian' : 'subject',
        where: where?.[index] ?? '',
      }
    }),
  }
}

/** The address of a state, which `readState` reads back. */
export function writeState(state: SimulatorState): string {
  const params = new URLSearchParams()
  const put = (name: string, value: string) => value !== '' && params.set(name, value)
  put('age', state.age)
  put('country', state.country)
  put('region', state.region)
  put('gpc', state.gpc ? 'on' : '')
  params.set('purpose', state.purpose)
  put('property', state.property)
  put('collected', state.collected)
  put('asked', state.asked)
  put('release', state.release)
  for (const { at, did, on, shown, by, where } of state.said) {
    for (const [name, value] of Object.entries({ at, did, on, shown, by, where })) params.append(name, value)
  }
  return `/admin/simulator?${params.toString().replaceAll('%7E', '~')}`
}

/** The question that a state asks. `nowMs` is what `now` means. */
export function questionOf(state: SimulatorState, nowMs: number): SimulateQuestion {
  const asked = state.asked === '' ? {} : { at: state.asked }
  const collected =
    state.collected === 'now'
      ? state.asked || new Date(nowMs).toISOString()
      : /^\d{4}-\d{2}$/.test(state.collected)
        ? `${state.collected}-01`
        : state.collected
  return {
    ...(state.release === '' ? {} : { release: state.release }),
    person: {
      age: state.age === '' ? 'unknown' : Number(state.age),
      ...(state.country === '' ? {} : { country: state.country }),
      ...(state.region === '' ? {} : { region: state.region }),
      gpc: state.gpc,
      history: state.said.map(actOf),
    },
    question: {
      purpose: state.purpose,
      ...(state.property === '' ? {} : { property: state.property }),
      ...(collected === '' ? {} : { collected_at: collected }),
      ...asked,
    },
  }
}

function actOf({ at, did, on, shown, by, where }: SaidState): SimulatedAct {
  const [key, version, locale] = shown.split('~')
  return {
    at,
    act: did === 'grant_explicit' || did === 'grant_gpc' ? 'grant' : did,
    purpose: on,
    method: 'form',
    actor: by,
    ...(where === '' ? {} : { property: where }),
    ...(key && version && locale ? { notice: { key, version: Number(version), locale } } : {}),
    ...(did === 'grant_explicit' ? { explicit: true } : {}),
    ...(did === 'grant_gpc' ? { names_gpc_conflict: true } : {}),
  }
}
