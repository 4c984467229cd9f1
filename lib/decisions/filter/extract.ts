/** A value found in a line, as its source text says it. */
export type Found =
  | { readonly kind: 'string' | 'integer'; readonly text: string }
  | { readonly kind: 'null' | 'list' | 'other'; readonly text: '' }

type Node = { slot: number; readonly members: Map<string, Node>; item: Node | undefined }

const pathForm = /^[^.[\]]+(\[\])?(\.[^.[\]]+(\[\])?)*$/

/** Whether `path` can be read: member names joined by dots, `[]` after one that is a list. */
export function isPath(path: string): boolean {
  return path.length <= 255 && pathForm.test(path)
}

/**
 * Takes values out of JSON lines from their source text, so that 9007199254740993 is not …992, and notices keys
 * that are there twice on the way: which of the two a consumer reads is anyone's guess.
 */
export class Extractor {
  readonly #root: Node = { slot: -1, members: new Map(), item: undefined }
  #text = ''
  #found: Found[][] = []
  #hasDuplicate = false

  /** `paths` as `isPath` takes them, each once. */
  constructor(paths: readonly string[]) {
    for (const [slot, path] of paths.entries()) {
      let node = this.#root
      for (const step of path.split('.')) {
        const name = step.endsWith('[]') ? step.slice(0, -2) : step
        const member = node.members.get(name) ?? { slot: -1, members: new Map(), item: undefined }
        node.members.set(name, member)
        node = member
        if (step.endsWith('[]')) {
          node.item ??= { slot: -1, members: new Map(), item: undefined }
          node = node.item
        }
      }
      node.slot = slot
    }
    this.#paths = paths.length
  }
  readonly #paths: number

  /** The values at each path, by the path's position. `text` must be valid JSON. */
  extract(text: string): { readonly found: readonly (readonly Found[])[]; readonly hasDuplicate: boolean } {
    this.#text = text
    this.#found = Array.from({ length: this.#paths }, () => [])
    this.#hasDuplicate = false
    this.#walk(this.#root, this.#skipSpace(0))
    return { found: this.#found, hasDuplicate: this.#hasDuplicate }
  }

  /** Reads the value at `at`; answers where it ends. */
  #walk(node: Node, at: number): number {
    const first = this.#text.charCodeAt(at)
    if (node.slot >= 0) this.#found[node.slot]!.push(this.#scalar(at))
    if (first === 0x7b && node.members.size > 0) return this.#walkObject(node, at)
    if (first === 0x5b && node.item !== undefined) return this.#walkArray(node.item, at)
    return this.#skipValue(at)
  }

  #walkObject(node: Node, start: number): number {
    const seen = new Set<string>()
    let at = this.#skipSpace(start + 1)
    while (this.#text.charCodeAt(at) !== 0x7d) {
      const end = this.#skipString(at)
      const name = this.#unquote(at, end)
      at = this.#skipSpace(this.#skipSpace(end) + 1)
      const member = node.members.get(name)
      if (member === undefined) at = this.#skipValue(at)
      else {
        if (seen.has(name)) this.#hasDuplicate = true
        seen.add(name)
        at = this.#walk(member, at)
      }
      at = this.#skipSpace(at)
      if (this.#text.charCodeAt(at) === 0x2c) at = this.#skipSpace(at + 1)
    }
    return at + 1
  }

  #walkArray(item: Node, start: number): number {
    let at = this.#skipSpace(start + 1)
    while (this.#text.charCodeAt(at) !== 0x5d) {
      at = this.#skipSpace(this.#walk(item, at))
      if (this.#text.charCodeAt(at) === 0x2c) at = this.#skipSpace(at + 1)
    }
    return at + 1
  }

  #scalar(at: number): Found {
    const first = this.#text.charCodeAt(at)
    if (first === 0x22) return { kind: 'string', text: this.#unquote(at, this.#skipString(at)) }
    if (first === 0x6e) return { kind: 'null', text: '' }
    if (first === 0x5b) return { kind: 'list', text: '' }
    if (first === 0x2d || (first >= 0x30 && first <= 0x39)) {
      const text = this.#text.slice(at, this.#skipValue(at))
      if (/^-?\d+$/.test(text)) return { kind: 'integer', text }
    }
    return { kind: 'other', text: '' }
  }

  #unquote(start: number, end: number): string {
    const inside = this.#text.slice(start + 1, end - 1)
    return inside.includes('\\') ? (JSON.parse(this.#text.slice(start, end)) as string) : inside
  }

  #skipString(start: number): number {
    for (let at = start + 1; ; at++) {
      const unit = this.#text.charCodeAt(at)
      if (unit === 0x22) return at + 1
      if (unit === 0x5c) at++
    }
  }

  #skipValue(start: number): number {
    const text = this.#text
    const first = text.charCodeAt(start)
    if (first === 0x22) return this.#skipString(start)
    let at = start
    if (first !== 0x7b && first !== 0x5b) {
      while (at < text.length && !isEnd(text.charCodeAt(at))) at++
      return at
    }
    for (let depth = 0; ; ) {
      const unit = text.charCodeAt(at)
      if (unit === 0x22) {
        at = this.#skipString(at)
        continue
      }
      at++
      if (unit === 0x7b || unit === 0x5b) depth++
      else if ((unit === 0x7d || unit === 0x5d) && --depth === 0) return at
    }
  }

  #skipSpace(start: number): number {
    let at = start
    for (let unit = this.#text.charCodeAt(at); unit === 0x20 || (unit >= 0x09 && unit <= 0x0d); ) {
      unit = this.#text.charCodeAt(++at)
    }
    return at
  }
}

function isEnd(unit: number): boolean {
  return unit === 0x2c || unit === 0x7d || unit === 0x5d || unit === 0x20 || (unit >= 0x09 && unit <= 0x0d)
}
