import { demoDays, demoSubjects, demoUser, habitOf } from './demo.ts'

const dayMs = 86_400_000
const prompts = [
  ['Shorten this paragraph for a newsletter.', 'Here it is in two sentences.'],
  ['How do I descale a kettle?', 'Fill it half with water and half with vinegar, boil, wait, rinse.'],
  ['Write a birthday wish for a colleague.', 'Have a lovely day and a year full of good ideas.'],
  [
    'Explain compound interest.',
    'Interest is added to what you have, and earns interest itself from then on.',
  ],
  ['Which plants like shade?', 'Ferns, hostas and ivy do well with little sun.'],
  ['Turn these notes into a to-do list.', '1. Call the printer. 2. Send the draft. 3. Book the room.'],
] as const

/**
 * Interactions with an assistant by the demo's people: what a team would like to train on. Some are from before a
 * yes, some from after a no, a few are older than may be kept or do not say when they were made.
 */
export function* demoInteractions(nowMs: number, count = 6_000): Generator<string> {
  for (let n = 1; n <= count; n++) {
    const index = ((n * 1_237) % demoSubjects) + 1
    const user = demoUser(index)
    const [prompt, response] = prompts[n % prompts.length]!
    const isOld = n % 2 === 0 && habitOf(index) === 'has agreed for years'
    const ageMs = isOld ? 800 * dayMs : ((n * 6_151) % 9_973) * (demoDays / 9_973) * dayMs
    const at = new Date(Math.floor(nowMs - ageMs)).toISOString()
    const rating = n % 5 === 0 ? 'down' : 'up'
    const line = {
      id: `i_${n}`,
      user_id: user,
      ...(n % 307 === 0 ? {} : { created_at: at }),
      prompt,
      response,
      rating,
    }
    yield `${JSON.stringify(line)}\n`
  }
}
