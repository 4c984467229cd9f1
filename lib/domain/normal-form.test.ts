import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { IdentifierDigest } from './identifier-digest.ts'
import type { OrganisationId } from './ids.ts'
import { type NormalForm, normalFormOf, normalForms, toNormalForm, toNormalFormBytes } from './normal-form.ts'

type Vector = { readonly form: NormalForm; readonly id: string; readonly normal: string }
const vectors = JSON.parse(readFileSync('clients/vectors/normal-forms.json', 'utf8')) as readonly Vector[]
const organisation = 'org_00000000000000000000000000000001' as OrganisationId

function ofBytes(form: NormalForm, id: string): string {
  const bytes = Buffer.from(`"${id}"`)
  const into = new Uint8Array(bytes.length)
  const length = toNormalFormBytes(form, bytes, 1, bytes.length - 1, into)
  return Buffer.from(into.subarray(0, length)).toString()
}

describe('normal forms', () => {
  test.each(vectors)('$form: $id', ({ form, id, normal }) => {
    expect(toNormalForm(form, id)).toBe(normal)
    expect(ofBytes(form, id)).toBe(normal)
  })

  test('every form has its vectors', () => {
    expect(new Set(vectors.map(({ form }) => form))).toEqual(new Set(normalForms))
  })

  const anyId = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom(' ', '\t', '\v', 'A', 'z', '@', '.', 'Ö', 'ß', '\u0085', '\ufeff') }),
  )

  // A form that moved twice would let a client that applies it and a server that does too disagree.
  test('a form is stable, never longer, and the same on text and on bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...normalForms), anyId, (form, id) => {
        const normal = toNormalForm(form, id)
        expect(toNormalForm(form, normal)).toBe(normal)
        expect(normal.length).toBeLessThanOrEqual(id.length)
        expect(ofBytes(form, id)).toBe(normal)
      }),
    )
  })

  test('a digest is of the normal form, whether of text or of bytes, and follows a changed form', () => {
    let form: NormalForm = 'email_v1'
    const digests = new IdentifierDigest(new Uint8Array(16), () => form)
    const plain = new IdentifierDigest(new Uint8Array(16))
    const hex = (words: Int32Array) => Buffer.from(words.slice().buffer).toString('hex')
    const exactly = (id: string) => hex(plain.words(organisation, 'email', id))
    for (const id of [' Alice@Example.com', 'JÖRG@example.com\n', 'x'.repeat(512)]) {
      const bytes = Buffer.from(`<${id}>`)
      const normal = exactly(toNormalForm('email_v1', id))
      expect(hex(digests.words(organisation, 'email', id))).toBe(normal)
      expect(hex(digests.wordsOfBytes(organisation, 'email', bytes, 1, bytes.length - 1))).toBe(normal)
    }
    form = 'exact'
    digests.forgetForms()
    expect(hex(digests.words(organisation, 'email', 'A'))).toBe(exactly('A'))
  })

  test('a namespace without a stated form is exact, whatever objects inherit', () => {
    const definition = { key: 'o', name: 'O', regime: 'r', categories: [] }
    expect(normalFormOf(undefined, 'email')).toBe('exact')
    expect(normalFormOf(definition, 'email')).toBe('exact')
    const stated = { ...definition, namespaces: { email: 'email_v1' as const } }
    expect(normalFormOf(stated, 'email')).toBe('email_v1')
    expect(normalFormOf(stated, 'constructor')).toBe('exact')
  })
})
