import { languages } from '../../../lib/words/languages.ts'
import { wordsFor } from '../../../lib/words/words.ts'

export const dynamicParams = false
export const generateStaticParams = () => languages.map(({ tag }) => ({ locale: tag }))

/** One language's messages, for an editor that opens a language: no page bundles all of them. */
export async function GET(
  _: Request,
  { params }: { readonly params: Promise<{ readonly locale: string }> },
): Promise<Response> {
  return Response.json(wordsFor((await params).locale).messages)
}
