import type { Localised } from '../../lib/client/client.ts'

/** A purpose's name in English, else in the first language it has, else its key. */
export function purposeName({ key, name }: { readonly key: string; readonly name: Localised }): string {
  return name.en ?? Object.values(name)[0] ?? key
}
