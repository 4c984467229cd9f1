import type { RequestListed } from '../../../lib/client/people.ts'

export const kindTexts: Readonly<Record<RequestListed['kind'], string>> = {
  access: 'Access',
  erasure: 'Erasure',
  objection: 'Objection',
  opt_out: 'Opt-out',
  rectification: 'Rectification',
}

export const regimeTexts: Readonly<Record<RequestListed['regime'], string>> = { gdpr: 'GDPR', ccpa: 'CCPA' }

export const stateTexts: Readonly<Record<RequestListed['state'], string>> = {
  open: 'Open',
  answered: 'Answered',
  refused: 'Refused',
  withdrawn: 'Withdrawn',
}

/** What was done with a request, in words. */
export const changeTexts: Readonly<Record<string, string>> = {
  received: 'Received',
  extend: 'Extended',
  answer: 'Answered',
  refuse: 'Refused',
  withdraw: 'Withdrawn by the person',
  reopen: 'Reopened',
  note: 'Noted',
  refusal_recorded: 'Refusal recorded, in force at once',
}

export const optionsOf = (texts: Readonly<Record<string, string>>) =>
  Object.entries(texts).map(([value, name]) => ({ value, name }))
