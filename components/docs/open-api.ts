/** The parts of an OpenAPI 3.1 document that the page shows. */
export type Schema = {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly description?: string
  readonly example?: unknown
}

export type Operation = {
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly 'x-scope'?: string
  /** `member`: whoever is signed in, and no key. */
  readonly 'x-caller'?: string
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required?: boolean
    readonly description?: string
    readonly schema?: Schema
  }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >
}

export type OpenApi = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas?: Readonly<Record<string, Schema>> }
}

export type Field = {
  readonly name: string
  readonly type: string
  readonly isRequired: boolean
  readonly description: string
  readonly example: string
}

/** The members of an object schema, references followed; empty for anything else. */
export function fieldsOf(document: OpenApi, schema: Schema | undefined): readonly Field[] {
  const resolved = resolve(document, schema)
  return Object.entries(resolved?.properties ?? {}).map(([name, member]) => {
    const target = resolve(document, member)
    return {
      name,
      type: typeOf(document, member),
      isRequired: resolved?.required?.includes(name) ?? false,
      description: member.description ?? target?.description ?? '',
      example: exampleOf(member.example ?? target?.example),
    }
  })
}

function exampleOf(example: unknown): string {
  if (example === undefined) return ''
  return typeof example === 'string' ? example : JSON.stringify(example)
}

function resolve(document: OpenApi, schema: Schema | undefined): Schema | undefined {
  if (schema?.$ref !== undefined) return document.components.schemas?.[schema.$ref.split('/').at(-1) ?? '']
  const parts = schema?.allOf?.map((part) => resolve(document, part))
  if (parts === undefined) return schema
  return {
    properties: Object.assign({}, ...parts.map((part) => part?.properties ?? {})),
    required: parts.flatMap((part) => part?.required ?? []),
  }
}

function typeOf(document: OpenApi, schema: Schema): string {
  if (schema.$ref !== undefined) {
    const target = resolve(document, schema)
    return target?.enum !== undefined ? 'string' : (schema.$ref.split('/').at(-1) ?? 'object')
  }
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.anyOf !== undefined) return schema.anyOf.map((part) => typeOf(document, part)).join(' | ')
  if (schema.type === 'array')
    return `${schema.items === undefined ? 'anything' : typeOf(document, schema.items)}[]`
  return Array.isArray(schema.type) ? schema.type.join(' | ') : String(schema.type ?? 'anything')
}
