import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, expect, test } from 'vitest'
import { startWebChild, type WebChild } from './web-child.ts'

const dir = mkdtempSync(join(tmpdir(), 'assent-web-'))
let child: WebChild | undefined

afterEach(async () => {
  await child?.stop()
  rmSync(dir, { recursive: true, force: true })
})

test('decisions go before pages where the cores are busy', async () => {
  const program = join(dir, 'pages.mjs')
  writeFileSync(
    program,
    `import { getPriority } from 'node:os'
     process.on('disconnect', () => process.exit(0))
     setInterval(() => console.log('priority', getPriority()), 10)`,
  )
  const priority = await new Promise<number>((resolve) => {
    const log = pino({
      hooks: {
        logMethod([said]) {
          const { web } = said as unknown as { web?: string }
          // What is first said may be older than the order.
          const found = /priority (-?\d+)$/.exec(web ?? '')
          if (found !== null && Number(found[1]) !== getPriority()) resolve(Number(found[1]))
        },
      },
    })
    child = startWebChild({
      ...{ program, socket: join(dir, 'web.sock'), env: {} },
      ...{ publicUrl: 'http://localhost:3000', log },
    })
  })
  expect(priority).toBeGreaterThan(getPriority())
})
