import { measureGrowth } from './index-growth.ts'
import { add, figure, isQuick } from './rows.ts'

/** The index in this process: what a decision costs, what it holds, how it grows. */
export async function benchIndex(): Promise<void> {
  const sizes = isQuick ? [10_000, 1_000_000] : [10_000, 100_000, 1_000_000, 10_000_000]
  console.log('subjects  load ms  bytes/row  worst  pause ms  uniform/s  hot/s')
  let last: Awaited<ReturnType<typeof measureGrowth>> | undefined
  for (const size of sizes) {
    last = await measureGrowth(size, 2_000_000)
    const { subjects, loadMs, bytesPerRow, worstBytesPerRow, growthPauseMs, uniformPerSecond, hotPerSecond } =
      last
    const cells = [
      subjects,
      loadMs,
      bytesPerRow,
      worstBytesPerRow,
      growthPauseMs,
      uniformPerSecond,
      hotPerSecond,
    ]
    console.log(cells.map(figure).join('  '))
  }
  if (last === undefined) return
  const size = `${figure(last.subjects)} subjects × 4`
  add({
    what: `in-process evaluate, uniform, ${size}`,
    ...{
      ours: last.uniformPerSecond,
      unit: '/s',
      bound: '≥ 1,000,000/s',
      isMet: last.uniformPerSecond >= 1e6,
    },
  })
  add({
    what: `in-process evaluate, hot set of 100,000, ${size}`,
    ...{ ours: last.hotPerSecond, unit: '/s', bound: '≥ 2,000,000/s', isMet: last.hotPerSecond >= 2e6 },
  })
  const worst = last.worstBytesPerRow
  add({
    what: 'memory at the worst point of growth',
    ours: worst,
    unit: 'bytes a row',
    bound: '≤ 40',
    isMet: worst <= 40,
  })
  const { countMs, countPauseMs } = last
  add({
    what: `longest pause of counting consents by notice, ${size}`,
    ...{ ours: countPauseMs, unit: 'ms', bound: '≤ 5 ms', isMet: countPauseMs <= 5 },
    more: { 'whole count, ms': countMs },
  })
  const pause = last.growthPauseMs
  add({ what: 'longest pause of growth', ours: pause, unit: 'ms', bound: '≤ 50 ms', isMet: pause <= 50 })
}
