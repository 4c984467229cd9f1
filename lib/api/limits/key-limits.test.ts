import { describe, expect, test } from 'vitest'
import { defaultLimits, KeyLimits, type Limits } from './key-limits.ts'

function some(limits: Partial<Limits>) {
  const time = { nowMs: 0 }
  return { time, limits: new KeyLimits({ ...defaultLimits, ...limits }, () => time.nowMs) }
}

describe('what a key may use', () => {
  test('so many streams at a time, each key by itself', () => {
    const { limits } = some({ streams: 2 })
    const first = limits.open('key_a')
    limits.open('key_a')
    expect(() => limits.open('key_a')).toThrow('2 streams open')
    limits.open('key_b')
    expect(limits.streams()).toBe(3)
    first.close()
    first.close()
    expect(limits.streams()).toBe(2)
    limits.open('key_a')
    expect(() => limits.open('key_a')).toThrow('2 streams open')
  })

  test.each([
    { limit: 'bytesASecond', name: 'bytes', policy: '"bytes";q=1000;qu="content-bytes";w=10' },
    { limit: 'recordsASecond', name: 'records', policy: '"records";q=1000;w=10' },
  ] as const)('$name: a stream is slowed down, a new one is turned away until the debt is paid', (row) => {
    const { time, limits } = some({ [row.limit]: 100 })
    const place = limits.open('key_a')
    const spend = (amount: number) => (row.name === 'bytes' ? place.spend(amount, 0) : place.spend(0, amount))
    expect(spend(1_000)).toBeUndefined()
    expect(spend(250)).toBeInstanceOf(Promise)
    try {
      limits.open('key_a')
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({
        code: 'rate_limited',
        headers: {
          'RateLimit-Policy': row.policy,
          RateLimit: `"${row.name}";r=0;t=3`,
          'Retry-After': '3',
        },
      })
    }
    limits.open('key_b')
    time.nowMs = 2_500
    limits.open('key_a')
  })

  test('a key’s own closing and coming back forgives no debt', () => {
    const { limits } = some({ bytesASecond: 10 })
    const place = limits.open('key_a')
    place.spend(1_000, 0)
    place.close()
    expect(() => limits.open('key_a')).toThrow('as many bytes')
  })

  test('answers not taken hold back all of its streams, until they are', async () => {
    const { limits } = some({ bytesInFlight: 100 })
    const [slow, other] = [limits.open('key_a'), limits.open('key_a')]
    const taken = slow.hold(80)
    expect(other.room()).toBeUndefined()
    other.hold(30)
    const room = other.room()
    expect(room).toBeInstanceOf(Promise)
    expect(limits.open('key_b').room()).toBeUndefined()
    taken()
    await room
    expect(other.room()).toBeUndefined()
  })

  test('a stream that ends gives back what nobody took', async () => {
    const { limits } = some({ bytesInFlight: 100 })
    const [gone, other] = [limits.open('key_a'), limits.open('key_a')]
    const taken = gone.hold(200)
    const room = other.room()
    gone.close()
    await room
    // Told twice, counted once.
    taken()
    other.hold(101)
    expect(other.room()).toBeInstanceOf(Promise)
  })
})
