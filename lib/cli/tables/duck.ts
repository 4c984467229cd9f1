import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection, DuckDBInstance, DuckDBValue, DuckDBVector } from '@duckdb/node-api'
import { usage } from '../exit-codes.ts'

const memoryShare = 0.6
const memoryMinMb = 512
const pollMs = 100

/** A DuckDB in this process, for one run. Nothing is fetched from anywhere; what does not fit in memory lies in `directory`. */
export class Duck {
  /** Loaded when a table is: other commands do without. */
  readonly api: typeof import('@duckdb/node-api')
  readonly connection: DuckDBConnection
  /** For what is written while the first is being read. */
  readonly second: DuckDBConnection
  readonly #instance: DuckDBInstance

  private constructor(
    api: Duck['api'],
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    second: DuckDBConnection,
  ) {
    this.api = api
    this.#instance = instance
    this.connection = connection
    this.second = second
  }

  /** `memory` such as `4GB`; without it, a share of what this process may have. */
  static async open(directory: string, memory: string | undefined): Promise<Duck> {
    if (memory !== undefined && !/^\d+(\.\d+)? ?([KMGT]i?B|B)$/i.test(memory)) {
      throw usage('--memory is a size, such as 4GB.')
    }
    const spill = join(directory, 'spill')
    mkdirSync(spill, { recursive: true })
    // As the CommonJS it is: `import` would first read all of it for its names, which takes as long as loading it.
    const api = createRequire(import.meta.url)('@duckdb/node-api') as Duck['api']
    const instance = await api.DuckDBInstance.create(':memory:', {
      threads: String(availableParallelism()),
      memory_limit: memory ?? `${memoryMb()}MiB`,
      temp_directory: spill,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    })
    const connection = await instance.connect()
    // Times without a zone never take the machine's; the bar is ours to draw.
    await connection.run(
      `SET TimeZone = 'UTC'; SET enable_progress_bar = true; SET enable_progress_bar_print = false`,
    )
    return new Duck(api, instance, connection, await instance.connect())
  }

  /** Runs a statement; `onProgress` hears the share that is done. */
  async run(sql: string, onProgress?: (share: number) => void): Promise<void> {
    const timer = onProgress === undefined ? undefined : setInterval(() => onProgress(this.share()), pollMs)
    try {
      await this.connection.run(sql)
    } finally {
      clearInterval(timer)
    }
  }

  /** How much of the statement under way is done, as far as DuckDB can tell. */
  share(): number {
    return Math.max(0, this.connection.progress.percentage) / 100
  }

  /** All rows; whole numbers of 64 bits as bigint. */
  async rows<Row extends Record<string, DuckDBValue>>(sql: string): Promise<readonly Row[]> {
    const reader = await this.connection.runAndReadAll(sql)
    return reader.getRowObjects() as unknown as readonly Row[]
  }

  close(): void {
    this.second.closeSync()
    this.connection.closeSync()
    this.#instance.closeSync()
  }
}

function memoryMb(): number {
  const constrained = process.constrainedMemory?.() ?? 0
  const all = constrained > 0 && constrained < totalmem() ? constrained : totalmem()
  return Math.max(memoryMinMb, Math.floor((all * memoryShare) / 1_048_576))
}

/**
 * The array behind a vector of numbers, which the binding's own getters and setters check value by value. For vectors
 * without nulls; what is written to it counts after `flush`.
 */
export function valuesOf<Values extends ArrayBufferView>(vector: DuckDBVector): Values {
  const { items } = vector as unknown as { readonly items?: Values }
  if (!ArrayBuffer.isView(items)) throw new Error('a vector of numbers has no array')
  return items
}
