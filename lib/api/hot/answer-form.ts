const dayMs = 86_400_000
const zero = 0x30
const colon = 0x3a
const utcBytes = ' UTC'.length
const minutesBytes = '10:04'.length
const dateBytes = '2026-11-21T'.length
const instantBytes = dateBytes + '10:04:05.678Z'.length

/** A day as answers write it: as a date up to its T, and as a sentence says it up to the time. */
export type DayText = { readonly date: Uint8Array; readonly since: Uint8Array }

/**
 * The last answer of one reason and notice, whose times and position take so many bytes. The next is the same but for
 * some of those, which are written over; then the whole is copied at once.
 */
export class AnswerForm {
  readonly text: Uint8Array
  readonly #digits: number
  readonly #sinceBytes: number
  readonly #sinceAt: number
  readonly #seqAt: number
  /** 0 where the answer is a no. */
  readonly #fromAt: number
  readonly #untilAt: number
  #seq = -1
  readonly #days = new Int32Array(3).fill(-1)
  readonly #times = new Float64Array(3).fill(-1)

  /** `parts` are what lies between the times and the position, two of them more in a yes. */
  constructor(parts: readonly Uint8Array[], digits: number, sinceBytes: number) {
    this.#digits = digits
    this.#sinceBytes = sinceBytes
    const gaps = [sinceBytes + minutesBytes + utcBytes, digits, instantBytes, instantBytes]
    const starts: number[] = []
    let length = 0
    for (const [n, part] of parts.entries()) {
      length += part.length
      if (n === parts.length - 1) break
      starts.push(length)
      length += gaps[n]!
    }
    this.text = new Uint8Array(length)
    let at = 0
    for (const [n, part] of parts.entries()) {
      this.text.set(part, at)
      at += part.length + gaps[n]!
    }
    const [sinceAt = 0, seqAt = 0, fromAt = 0, untilAt = 0] = starts
    this.#sinceAt = sinceAt
    this.#seqAt = seqAt
    this.#fromAt = fromAt
    this.#untilAt = untilAt
    for (const [n, char] of [...' UTC'].entries()) {
      this.text[sinceAt + sinceBytes + minutesBytes + n] = char.charCodeAt(0)
    }
    for (const start of fromAt === 0 ? [] : [fromAt, untilAt]) {
      this.text[start + dateBytes + 5] = colon
      this.text[start + dateBytes + 8] = 0x2e
      this.text[start + instantBytes - 1] = 0x5a
    }
  }

  /** Of so many digits as the form has. */
  setSeq(seq: number): void {
    if (seq === this.#seq) return
    this.#seq = seq
    let left = seq
    for (let place = this.#seqAt + this.#digits - 1; place >= this.#seqAt; place--) {
      const next = Math.floor(left / 10)
      this.text[place] = zero + left - next * 10
      left = next
    }
  }

  /** As `sinceText`; its day takes so many bytes as the form has. */
  setSince(atMs: number, dayOf: (day: number) => DayText): void {
    if (atMs === this.#times[0]) return
    this.#times[0] = atMs
    const day = Math.floor(atMs / dayMs)
    if (day !== this.#days[0]) {
      this.text.set(dayOf(day).since, this.#sinceAt)
      this.#days[0] = day
    }
    this.#minutes(this.#sinceAt + this.#sinceBytes, Math.floor((atMs - day * dayMs) / 60_000))
  }

  setFrom(atMs: number, dayOf: (day: number) => DayText): void {
    this.#instant(1, this.#fromAt, atMs, dayOf)
  }

  setUntil(atMs: number, dayOf: (day: number) => DayText): void {
    this.#instant(2, this.#untilAt, atMs, dayOf)
  }

  /** As `formatInstant`. */
  #instant(n: number, start: number, atMs: number, dayOf: (day: number) => DayText): void {
    if (atMs === this.#times[n]) return
    this.#times[n] = atMs
    const day = Math.floor(atMs / dayMs)
    if (day !== this.#days[n]) {
      this.text.set(dayOf(day).date, start)
      this.#days[n] = day
    }
    const inDay = atMs - day * dayMs
    const seconds = Math.floor(inDay / 1_000)
    const minutes = Math.floor(seconds / 60)
    const ms = inDay - seconds * 1_000
    const at = start + dateBytes
    this.#minutes(at, minutes)
    this.#two(at + 6, seconds - minutes * 60)
    const hundreds = Math.floor(ms / 100)
    this.text[at + 9] = zero + hundreds
    this.#two(at + 10, ms - hundreds * 100)
  }

  #minutes(at: number, inDay: number): void {
    const hours = Math.floor(inDay / 60)
    this.#two(at, hours)
    this.text[at + 2] = colon
    this.#two(at + 3, inDay - hours * 60)
  }

  #two(at: number, value: number): void {
    const tens = Math.floor(value / 10)
    this.text[at] = zero + tens
    this.text[at + 1] = zero + value - tens * 10
  }
}
