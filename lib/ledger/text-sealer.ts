import { seal, unseal } from './seal.ts'

/** Seals what people wrote, so that a copy of the database does not tell it. */
export type TextSealer = {
  seal(value: object): Uint8Array
  /** Throws where it was sealed under another key, or has changed. */
  open(sealed: Uint8Array): Record<string, unknown>
}

/** `key` is the organisations' 32-byte key. */
export function createTextSealer(key: Uint8Array): TextSealer {
  return {
    seal: (value) => seal(key, Buffer.from(JSON.stringify(value))),
    open: (sealed) => JSON.parse(Buffer.from(unseal(key, sealed)).toString('utf8')),
  }
}
