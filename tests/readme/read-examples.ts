/** A block of commands in a document, with the output the document shows for it. */
export type Example = { readonly line: number; readonly script: string; readonly shown: readonly string[] }

const fence = /^```/

/**
 * The examples of a Markdown document: a `sh` block after `<!-- runs -->`, and the block after `<!-- shows -->` that
 * follows it. Throws where a marker has no block, so that a slip in the document does not switch its test off.
 */
export function readExamples(markdown: string): readonly Example[] {
  const lines = markdown.split('\n')
  const examples: { line: number; script: string; shown: readonly string[] }[] = []
  for (const [index, text] of lines.entries()) {
    const line = index + 1
    if (text.trim() === '<!-- runs -->') {
      if (lines[index + 1] !== '```sh') throw new Error(`line ${line}: no sh block follows`)
      examples.push({ line, script: blockAt(lines, index + 1).join('\n'), shown: [] })
    } else if (text.trim() === '<!-- shows -->') {
      const example = examples.at(-1)
      if (example === undefined || example.shown.length > 0) throw new Error(`line ${line}: of which block?`)
      if (!fence.test(lines[index + 1] ?? '')) throw new Error(`line ${line}: no block follows`)
      example.shown = blockAt(lines, index + 1)
    }
  }
  return examples
}

function blockAt(lines: readonly string[], start: number): readonly string[] {
  const length = lines.slice(start + 1).findIndex((line) => fence.test(line))
  if (length < 0) throw new Error(`line ${start + 1}: the block has no end`)
  return lines.slice(start + 1, start + 1 + length)
}

/**
 * The shown lines that `output` lacks, in order; none where it is as shown. Each shown line matches one line of the
 * output, later than the one before. `…` stands for anything within a line.
 */
export function missingFrom(output: string, shown: readonly string[]): readonly string[] {
  const lines = output.split('\n')
  let next = 0
  return shown.filter((wanted) => {
    const found = lines.findIndex((line, index) => index >= next && isAsShown(line, wanted))
    if (found >= 0) next = found + 1
    return found < 0
  })
}

function isAsShown(line: string, wanted: string): boolean {
  const parts = wanted.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(line)
}
