import type { Answer, Consents, Experience } from './experience.ts'

/** What the page hears with `assent:change`, and `window.assent.on`. */
export type Change = { readonly consents: Consents | undefined; readonly device: string | undefined }

/** What a site keeps in the browser for one purpose, by name; `*` at the end stands for any ending. */
export type StorageNames = {
  readonly cookies?: readonly string[]
  readonly localStorage?: readonly string[]
  readonly sessionStorage?: readonly string[]
}

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
  /** The host's word, a JWT of its server, for who its user is; rejects where it is not taken. */
  identify(assertion: string): Promise<void>
  /** She leaves the device: what was refused stays refused for both. */
  signOut(): Promise<void>
  /**
   * A code for the preference page: `/p/{property}#t=<code>` opens these choices there, once, within two minutes. Undefined
   * where nothing was said yet; rejects where the service is away.
   */
  handOver(): Promise<string | undefined>
  /** What a pipeline would be told about this device, now; undefined before any choice. */
  check(purpose: string): Promise<Answer | undefined>
  /** Names what is to be cleared once the yes to a purpose is taken back, and wherever there is none. */
  registerStorage(purpose: string, names: StorageNames): void
  /** What was registered so far. */
  readonly storage: readonly (readonly [purpose: string, names: StorageNames])[]
  /** What is asked here; undefined until `ready`, and where the service is away. */
  readonly experience: Experience | undefined
  /** Where each purpose stands; undefined before a choice, and where it is not known. */
  readonly consents: Consents | undefined
  /** The device's id, once it has made a choice. */
  readonly device: string | undefined
}
