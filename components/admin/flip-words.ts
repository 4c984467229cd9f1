/** A number as people read it. */
export const figure = (count: number) => count.toLocaleString('en-GB')

/** `1 question`, `1,200 questions` */
export const questionsText = (count: number) => `${figure(count)} ${count === 1 ? 'question' : 'questions'}`

/** About how many; exact where it stands for itself alone. */
export function aboutText({
  questions,
  weight,
}: {
  readonly questions: number
  readonly weight: number
}): string {
  return weight > questions ? `about ${figure(roughly(weight))} questions` : questionsText(questions)
}

/** Two figures: more would be claimed, not known. */
function roughly(count: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(count)) - 1)
  return Math.round(count / unit) * unit
}

const kinds: Readonly<Record<string, string>> = {
  organisation: 'The organisation',
  property: 'The property',
  regime: 'The regime',
  purpose: 'The purpose',
  assessment: 'The assessment',
  notice: 'The notice',
  experience: 'The experience',
  purpose_retirement: 'The end of the purpose',
}

/** `The regime default` */
export const itemText = ({ kind, key }: { readonly kind: string; readonly key: string }) =>
  `${kinds[kind] ?? kind} ${key}`
