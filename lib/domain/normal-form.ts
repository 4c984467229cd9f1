import type { OrganisationDefinition } from './definitions.ts'

/**
 * The forms that ids are brought into before they are digested, so that one person is not two. What a form does is
 * never changed: another rule is another version. docs/normal-forms.md defines them; clients/vectors holds examples.
 *
 * - `exact`: the id as it is.
 * - `email_v1`: ASCII white space around it is taken off (U+0009 to U+000D, U+0020), and A to Z become a to z, before
 *   the @ and after it. Nothing else: dots, tags behind a +, and every byte beyond ASCII stay as they are.
 */
export const normalForms = ['exact', 'email_v1'] as const

export type NormalForm = (typeof normalForms)[number]

/** The form of a namespace's ids: `exact` where the organisation states none. */
export function normalFormOf(
  organisation: OrganisationDefinition | undefined,
  namespace: string,
): NormalForm {
  const stated = organisation?.namespaces
  return stated !== undefined && Object.hasOwn(stated, namespace) ? stated[namespace]! : 'exact'
}

/** An id in its form; empty where nothing of it is left, which is nobody's. Applying it twice changes nothing. */
export function toNormalForm(form: NormalForm, id: string): string {
  switch (form) {
    case 'exact':
      return id
    case 'email_v1': {
      let [start, end] = [0, id.length]
      while (start < end && isSpace(id.charCodeAt(start))) start += 1
      while (end > start && isSpace(id.charCodeAt(end - 1))) end -= 1
      return id.slice(start, end).replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
    }
    default:
      return unknownForm(form)
  }
}

/** The same for an id in UTF-8, which it writes to `into`; answers how many bytes. They are at most as many. */
export function toNormalFormBytes(
  form: NormalForm,
  bytes: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
): number {
  let [from, until] = [start, end]
  if (form === 'email_v1') {
    while (from < until && isSpace(bytes[from]!)) from += 1
    while (until > from && isSpace(bytes[until - 1]!)) until -= 1
  } else if (form !== 'exact') unknownForm(form)
  for (let at = from; at < until; at++) {
    const byte = bytes[at]!
    into[at - from] = form === 'email_v1' && byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte
  }
  return until - from
}

/** An older build does not guess at a form that a newer one published. */
function unknownForm(form: never): never {
  throw new Error(`the normal form ${form} is not known to this version of Assent`)
}

const isSpace = (unit: number) => unit === 0x20 || (unit >= 0x09 && unit <= 0x0d)
