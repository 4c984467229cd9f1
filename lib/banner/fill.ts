/** Puts values into a message: `{name}` becomes the value of `name`. */
export function fill(message: string, values: Readonly<Record<string, string>>): string {
  return message.replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole)
}
