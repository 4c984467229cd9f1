import type { Answer, Consents } from './experience.ts'

/** What the page hears with `assent:change`, and `window.assent.on`. */
export type Change = { readonly consents: Consents | undefined; readonly device: string | undefined }

/** What a host page may use: `window.assent`. */
export type AssentWindow = {
  /** True only while this device's yes (or what needs none) stands. */
  get(purpose: string): boolean
  /** Settles once it is known where the device stands; also where the service is away. */
  readonly ready: Promise<void>
  /** Calls back at every change, from now on; returns what ends it. */
  on(listener: (change: Change) => void): () => void
  /** Opens the choices. */
  open(): void
  /** Takes back everything. */
  withdraw(): Promise<void>
  /** What a pipeline would be told about this device, now; undefined before any choice. */
  check(purpose: string): Promise<Answer | undefined>
  /** The device's id, once it has made a choice. */
  readonly device: string | undefined
}
