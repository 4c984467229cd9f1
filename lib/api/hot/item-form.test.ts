import { expect, test } from 'vitest'
import { ItemForm } from './item-form.ts'

const item = (id: string, more = '') => `{"subject":{"type":"user","id":"${id}"${more}}}`

/** Where an item like `first`, whose id is noted at 3 and may have eight bytes, ends in `text`. */
function read(first: string, text: string, start = 0) {
  const made = Buffer.from(first)
  const form = new ItemForm()
  form.begin()
  for (const [value, into, max] of [
    ['user', 1, 64],
    ['alice', 3, 8],
  ] as const) {
    const at = first.indexOf(`"${value}"`) + 1
    form.note(at, at + value.length, into, max)
  }
  form.make(made, 0, made.length)
  const bytes = Buffer.from(text)
  const spans = new Int32Array(5)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const end = form.read(bytes, view, start, spans, 0)
  return end < 0 ? undefined : { end, id: bytes.toString('latin1', spans[3]!, spans[4]!) }
}

test('an item is read by the form of another', () => {
  const text = item('bob')
  expect(read(item('alice'), text)).toEqual({ end: text.length, id: 'bob' })
  expect(read(item('alice'), `[${item('12345678')},`, 1)?.id).toBe('12345678')
})

test.each([
  { name: 'another member', text: item('bob', ',"x":1') },
  { name: 'a value that is too long', text: item('123456789') },
  { name: 'an empty value', text: item('') },
  { name: 'an escape', text: item('b\\u006fb') },
  { name: 'bytes beyond ASCII', text: item('bób') },
  { name: 'an end too early', text: item('bob').slice(0, -1) },
  { name: 'white space elsewhere', text: item('bob').replace(':', ': ') },
])('an item with $name is another', ({ text }) => {
  expect(read(item('alice'), text)).toBeUndefined()
})
